"""Reads the sample site's content files: posts, comments, terms and pages as data.

The files under `content/` are the only place where a post, a comment count or a fact is written
down. A key that is not known here is an error: a typo in a case must not pass as a default.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from archiver.demo.model import PARIS, Block, Content, Page, Pair, Post, Term, Translation
from archiver.demo.readers import write_comments
from archiver.demo.text import texturise
from archiver.errors import BadInput

FOLDER = Path(__file__).parent / "content"
AUTHOR = "Mme Claire Vasseur"

_POST_KEYS = {
    *("id", "slug", "title", "date", "modified", "in", "tags", "status", "password", "author"),
    *("editor", "form", "before", "pairs", "after", "comments", "votes", "rating", "en", "nbsp"),
    "image",
}
_PAIR_KEYS = {
    *("label", "to", "ask", "demand", "reply_label", "reply", "status", "type", "number"),
    *("legislature", "author", "asked", "answered", "next_page"),
}
_COMMENT_KEYS = {"count", "pingbacks", "replies", "closed", "paged"}
_BLOCK_KINDS = {"list", "table", "quote", "figure", "file", "subheading"}


@cache
def read(name: str) -> Any:
    """One content file, parsed once."""
    return yaml.load((FOLDER / name).read_text("utf-8"), Loader=yaml.CSafeLoader)


def _known(entry: Mapping[str, Any], keys: set[str], where: str) -> None:
    if unknown := set(entry) - keys:
        raise BadInput(f"{where}: remove or correct the unknown keys {sorted(unknown)}.")


def local(value: str) -> datetime:
    """A day and time of the content files, which are the site's local time."""
    return datetime.fromisoformat(value).replace(tzinfo=PARIS)


def first_state() -> Content:
    """A fresh, editable copy of the site as it is crawled first."""
    site = read("site.yaml")
    content = Content(
        title=site["title"],
        tagline=texturise(site["tagline"]),
        categories=_terms(site["categories"]),
        tags=_terms(site["tags"]),
        authors=_terms(site["authors"]),
        pages={
            slug: Page(
                id=page["id"],
                slug=slug,
                title=texturise(page["title"]),
                body=read_blocks(page["body"]),
                modified=local(page["modified"]),
            )
            for slug, page in site["pages"].items()
        },
        posts={},
        clock=local(site["clock"]),
        next_comment=1,
    )
    for name in sorted(path.name for path in FOLDER.glob("posts-*.yaml")):
        for entry in read(name):
            add_post(content, entry)
    return content


def _terms(entries: Mapping[str, Any]) -> dict[str, Term]:
    return {
        slug: Term(entry["id"], slug, texturise(entry["name"]), texturise(entry["en"]))
        for slug, entry in entries.items()
    }


def add_post(content: Content, entry: Mapping[str, Any]) -> Post:
    """Read one post as the content files write it and add it with its comments; BadInput when its
    ID is taken, a key is unknown or a term is not declared."""
    where = f"post {entry.get('id')}"
    _known(entry, _POST_KEYS, where)
    if entry["id"] in content.posts:
        raise BadInput(f"{where}: choose an ID that no other post has.")
    hard = bool(entry.get("nbsp", False))
    date = local(entry["date"])
    post = Post(
        id=entry["id"],
        slug=entry["slug"],
        title=texturise(entry["title"], hard_spaces=hard),
        date=date,
        modified=local(entry["modified"]) if "modified" in entry else date,
        categories=tuple(entry["in"]),
        tags=tuple(entry.get("tags", ())),
        status=entry.get("status", "publish"),
        password=entry.get("password", False),
        author=entry.get("author", "claire-vasseur"),
        editor=entry.get("editor", "classic"),
        form=entry.get("form", "line"),
        before=read_blocks(entry.get("before", ()), hard_spaces=hard),
        pairs=tuple(read_pair(pair, where, hard_spaces=hard) for pair in entry.get("pairs", ())),
        after=read_blocks(entry.get("after", ()), hard_spaces=hard),
        votes=entry.get("votes", 0),
        rating=entry.get("rating", 0.0),
        translation=_translation(entry.get("en")),
        image=entry.get("image", ""),
    )
    unknown_terms = (set(post.categories) - set(content.categories)) | (
        set(post.tags) - set(content.tags)
    )
    if unknown_terms:
        raise BadInput(f"{where}: declare the terms {sorted(unknown_terms)} in site.yaml.")
    spoken = entry.get("comments", {})
    _known(spoken, _COMMENT_KEYS, f"{where}, comments")
    comments = write_comments(
        content.next_comment,
        since=date,
        seed=post.id,
        count=spoken.get("count", 0),
        pingbacks=spoken.get("pingbacks", 0),
        replies=spoken.get("replies", 0),
    )
    content.next_comment += len(comments)
    post = replace(
        post,
        comments=comments,
        comments_open=not spoken.get("closed", False),
        comments_paged=spoken.get("paged", False),
    )
    content.put(post)
    return post


def _translation(entry: Mapping[str, Any] | None) -> Translation | None:
    if entry is None:
        return None
    return Translation(
        texturise(entry["title"]), tuple(texturise(text) for text in entry.get("texts", ()))
    )


def read_pair(entry: Mapping[str, Any], where: str, *, hard_spaces: bool) -> Pair:
    """A pair, with `{to}` and `{demand}` in its texts replaced by the facts of those names, so that
    the fact and the text cannot differ."""
    _known(entry, _PAIR_KEYS, f"{where}, pair")
    to, demand = entry.get("to"), entry.get("demand")

    def filled(text: str) -> str:
        return text.replace("{to}", to or "").replace("{demand}", demand or "")

    def typed(text: str | None) -> str | None:
        return None if text is None else texturise(text, hard_spaces=hard_spaces)

    question = [filled(item) if isinstance(item, str) else item for item in entry["ask"]]
    return Pair(
        question_label=typed(entry.get("label")) or "",
        question=read_blocks(question, hard_spaces=hard_spaces),
        answer_label=typed(entry.get("reply_label")) or "",
        answer=read_blocks(entry.get("reply", ()), hard_spaces=hard_spaces),
        status=entry.get("status", "answered"),
        type=entry.get("type"),
        number=entry.get("number"),
        legislature=entry.get("legislature"),
        author=entry.get("author", AUTHOR),
        addressee=typed(to),
        asked_on=entry.get("asked"),
        answered_on=entry.get("answered"),
        demand=typed(demand),
        answer_on_next_page=entry.get("next_page", False),
    )


def read_blocks(entries: Any, *, hard_spaces: bool = False) -> tuple[Block, ...]:
    """Paragraphs (plain strings) and other blocks (`{list: […]}`), as content files have them."""
    return tuple(_block(entry, hard_spaces=hard_spaces) for entry in entries)


def _block(entry: Any, *, hard_spaces: bool) -> Block:
    def typed(text: Any) -> str:
        return texturise(" ".join(str(text).split(" ")).strip(), hard_spaces=hard_spaces)

    if isinstance(entry, str):
        return Block("text", (typed(entry),))
    ((kind, value),) = [item for item in entry.items() if item[0] in _BLOCK_KINDS]
    if kind == "table":
        return Block("table", tuple(typed(cell) for row in value for cell in row), len(value[0]))
    if kind in {"figure", "file"}:
        return Block(kind, (typed(entry["text"]),), source=value)
    lines = [value] if isinstance(value, str) else value
    return Block(kind, tuple(typed(line) for line in lines))
