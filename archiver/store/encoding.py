"""An article as JSON and back, and the digests by which two states of it are compared.

Digests are over normalised text: white space and invisible characters make no difference between
two states of a page, as they make none to a reader.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields
from hashlib import sha256
from typing import Any

from archiver.extract.blocks import Block
from archiver.extract.facts import Article, Leaf, Question

INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
UNSTORABLE = re.compile(r"[\ud800-\udfff\x00]")
LARGEST = 2**63 - 1

PLACED_BY_OBSERVATION = {"url", "post_id", "twin_of", "aliases", "counts"}
"""Fields of an article that an observation keeps, apart from the state that captures share."""

STATE_FIELDS = tuple(
    field.name
    for field in fields(Article)
    if field.name not in PLACED_BY_OBSERVATION and field.name != "leaf"
)
QUESTION_FIELDS = tuple(field.name for field in fields(Question))
LABEL_FIELDS = ("question_labels", "answer_labels", "pending_phrases")


@dataclass(frozen=True, slots=True)
class State:
    """An article's content as it is stored: `data` is JSON, `digest` that of `data`."""

    digest: str
    title_key: str
    text_key: str | None
    data: str


def normalised(text: str | None) -> str:
    """Text without the differences that a reader does not see."""
    if not text:
        return ""
    for character in INVISIBLE:
        if character in text:
            text = text.replace(character, "")
    return " ".join(unicodedata.normalize("NFC", text).split())


def short_digest(text: str) -> str:
    """128 bits of SHA-256, in hexadecimal: enough to tell the texts of one site apart."""
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Compact JSON, its letters as they are."""


def storable(value: Any) -> Any:
    """A value as SQLite can store and show it: characters that UTF-8 cannot hold, and NUL, become
    the replacement character; a number beyond 64 bits, or not finite, is unknown."""
    if isinstance(value, str):
        return value if storable_as_is(value) else UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, tuple):
        return tuple(map(storable, value))
    if isinstance(value, (int, float)):
        return value if abs(value) <= LARGEST else None
    return value


def storable_as_is(text: str) -> bool:
    """Whether UTF-8 can hold the text and it has no NUL."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text


def state_of(article: Article) -> State:
    """What an article page says, apart from its address, its ID and its counts."""
    content = {name: storable(getattr(article, name)) for name in STATE_FIELDS}
    content["questions"] = [
        {name: storable(getattr(question, name)) for name in QUESTION_FIELDS}
        for question in article.questions
    ]
    if article.leaf is not None:
        content["leaf"] = leaf_data(article.leaf)
    data = as_json(content)
    text = normalised(article.body_text)
    return State(
        short_digest(data),
        short_digest(normalised(article.title).casefold()),
        short_digest(text) if text else None,
        data,
    )


def leaf_data(leaf: Leaf) -> dict[str, Any]:
    """One page of an article on several, as JSON data."""
    lines = [
        (storable(line.text), line.heading, storable(line.bold_lead), line.continues, line.cell)
        for line in leaf.lines
    ]
    labels = {name: getattr(leaf, name) for name in LABEL_FIELDS}
    return {"number": leaf.number, "pages": leaf.pages, "lines": lines, **labels}


def leaf_of(data: Mapping[str, Any]) -> Leaf:
    """The page that `leaf_data` made `data` from."""
    lines = tuple(
        Block(text, heading, lead, continues, tuple(cell) if cell else None)
        for text, heading, lead, continues, cell in data["lines"]
    )
    labels = {name: tuple(data[name]) for name in LABEL_FIELDS}
    return Leaf(data["number"], data["pages"], lines, **labels)


def article_of(data: str, url: str, post_id: int | None) -> Article:
    """The article that `state_of` made `data` from; unknown fields are left out."""
    content: Mapping[str, Any] = json.loads(data)
    values = {name: content[name] for name in STATE_FIELDS if name in content}
    values["categories"] = tuple(values.get("categories", ()))
    values["tags"] = tuple(values.get("tags", ()))
    values["questions"] = tuple(
        Question(**{name: item[name] for name in QUESTION_FIELDS if name in item})
        for item in content.get("questions", ())
    )
    leaf = leaf_of(content["leaf"]) if "leaf" in content else None
    return Article(url=url, post_id=post_id, leaf=leaf, **values)


def content_digest(article: Article) -> str:
    """`sha256:` over the normalised title, text and questions: the identity of a revision."""
    content = [
        normalised(article.title),
        None if article.body_text is None else normalised(article.body_text),
        [
            (normalised(item.question), normalised(item.answer), item.status)
            for item in article.questions
        ],
    ]
    return "sha256:" + sha256(as_json(content).encode("utf-8", "replace")).hexdigest()
