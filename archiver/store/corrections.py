"""Corrections by hand: `corrections.toml` beside the database, applied when rows are derived.

Each says who corrected what, when and why, and stands in the table `corrections` beside the value
that the page has. Revisions and events are left as the pages were.
"""

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any, get_args

from archiver.errors import BadInput
from archiver.extract.facts import Kind, Question, QuestionType, Status
from archiver.extract.urls import url_key
from archiver.store.derive import ArticleRow, Derived
from archiver.store.encoding import as_json, short_digest

FILE = "corrections.toml"

TEXTS = {"title", "author", "number", "addressee", "question", "answer", "demand"}
DAYS = {"published_on", "asked_on", "answered_on"}
NUMBERS = {"legislature"}
CHOICES: Mapping[str, tuple[str, ...]] = {
    "kind": get_args(Kind),
    "type": get_args(QuestionType),
    "status": get_args(Status),
}
OF_ARTICLE = {"title", "author", "kind", "published_on"}
OF_QUESTION = {field.name for field in fields(Question)} - {"position"}
REQUIRED = {"title", "kind", "status"}
"""Fields that cannot be unknown."""

Value = str | int | None


@dataclass(frozen=True, slots=True)
class Correction:
    """Values to show instead of those of the page at `url`: of the article itself, or of the
    question at `position`, which need not exist on the page. An unknown value is None."""

    url: str
    position: int | None
    values: Mapping[str, Value]
    by: str
    why: str
    on: str


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """The derived columns of `corrections`."""

    position: int | None
    field: str
    before: str | None
    after: str | None
    corrected_by: str
    reason: str
    corrected_on: str


Corrections = Mapping[str, Sequence[Correction]]
"""Corrections by the key of the article's URL, in the order of the file."""


def read_corrections(path: Path) -> Corrections:
    """The corrections in a file; none when there is no file.

    Raises BadInput with one sentence that names the entry and what is wrong with it.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput(f"{path} cannot be read ({error}): correct it or move it away.") from error
    entries = content.get("correction", [])
    if set(content) - {"correction"} or not (
        isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries)
    ):
        raise BadInput(f"{path} holds more than [[correction]] entries: remove what is not one.")
    found: dict[str, list[Correction]] = defaultdict(list)
    for number, entry in enumerate(entries, 1):
        try:
            correction = correction_of(entry)
        except ValueError as error:
            raise BadInput(f"{path}, correction {number}: {error}.") from error
        found[url_key(correction.url)].append(correction)
    return dict(found)


def correction_of(entry: dict[str, Any]) -> Correction:
    """One entry of the file; ValueError says what is wrong."""
    unknown = entry.keys() - {"url", "by", "why", "on", "position", "set"}
    if unknown:
        raise ValueError(f"unknown key {min(unknown)!r}")
    for name in ("url", "by", "why"):
        if not isinstance(entry.get(name), str) or not entry[name].strip():
            raise ValueError(f"{name!r} must be a text")
    if not entry["url"].startswith(("http://", "https://")):
        raise ValueError("'url' must be the address of an article")
    position = entry.get("position")
    if position is not None and (type(position) is not int or position < 1):
        raise ValueError("'position' must be a number from 1")
    values = entry.get("set")
    if not isinstance(values, dict) or not values:
        raise ValueError("'set' must give at least one value")
    allowed = OF_ARTICLE if position is None else OF_QUESTION
    for name in values.keys() - allowed:
        of = "an article" if position is None else "a question"
        raise ValueError(f"{name!r} is not a value of {of} that can be corrected")
    return Correction(
        entry["url"],
        position,
        {name: value_of(name, value) for name, value in values.items()},
        entry["by"].strip(),
        entry["why"].strip(),
        day("on", entry.get("on")),
    )


def value_of(name: str, value: Any) -> Value:
    """A corrected value as its column holds it; an empty text means unknown."""
    if value == "" and name not in REQUIRED:
        return None
    if name in DAYS:
        return day(name, value)
    if name in NUMBERS:
        if type(value) is not int or not 0 < value < 1000:
            raise ValueError(f"{name!r} must be a number")
        return int(value)
    if not isinstance(value, str) or (name in REQUIRED and not value.strip()):
        raise ValueError(f"{name!r} must be a text")
    if name in CHOICES and value not in CHOICES[name]:
        raise ValueError(f"{name!r} must be one of {', '.join(CHOICES[name])}")
    return value


def day(name: str, value: Any) -> str:
    """A TOML date, or a text in its form, as ISO 8601."""
    if type(value) is date:
        return value.isoformat()
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name!r} must be a day such as 2024-01-31") from error


def digest_of(corrections: Sequence[Correction]) -> str:
    """The identity of the corrections of one article."""
    return short_digest(
        as_json([(c.position, sorted(c.values.items()), c.by, c.why, c.on) for c in corrections])
    )


def corrected(
    derived: Derived, corrections: Sequence[Correction]
) -> tuple[Derived, tuple[CorrectionRow, ...]]:
    """The rows with the corrections of their article applied, later ones over earlier ones."""
    article = derived.article
    questions = {item.position: item for item in derived.questions}
    rows: list[CorrectionRow] = []
    for correction in corrections:
        place = correction.position
        if place is None:
            rows += notes(correction, article)
            article = replace(article, **dict[str, Any](correction.values))
        else:
            question = questions.get(place) or Question(place, None, None, "unknown")
            rows += notes(correction, question)
            questions[place] = replace(question, **dict[str, Any](correction.values))
    ordered = tuple(questions[position] for position in sorted(questions))
    return replace(derived, article=article, questions=ordered), tuple(rows)


def notes(correction: Correction, target: ArticleRow | Question) -> Iterator[CorrectionRow]:
    """What readers are told of a correction, one row a value."""
    for name, value in correction.values.items():
        before = getattr(target, name)
        yield CorrectionRow(
            correction.position,
            name,
            None if before is None else str(before),
            None if value is None else str(value),
            correction.by,
            correction.why,
            correction.on,
        )
