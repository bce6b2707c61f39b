"""The summaries of one article, as pure functions of its rows, and the tallies they add up to."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from archiver.extract.facts import Question
from archiver.store.connection import Connection
from archiver.store.derive import ArticleRow, Derived
from archiver.store.history import CountRow

Tally = Counter[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class FacetRow:
    """The columns of `facets`, but for the article's ID."""

    position: int
    alone: int
    site_id: str
    kind: str
    lang: str | None
    published_on: str | None
    categories: str
    comment_count: int | None
    gone_at: str | None
    edited: int
    post_id: int | None
    url: str
    status: str | None = None
    type: str | None = None
    legislature: int | None = None
    addressee: str | None = None
    since: str | None = None
    wait: int | None = None


@dataclass(frozen=True, slots=True)
class RiseRow:
    """The columns of `comment_rises`, but for the article's ID."""

    observed_at: str
    source: str


def facet_rows(derived: Derived) -> tuple[FacetRow, ...]:
    """One row a question, or one with position 0."""
    edited = any(event.kind in {"edited", "retitled"} for event in derived.events)
    alone = len(derived.questions) < 2
    article = derived.article
    if not derived.questions:
        return (_facet(article, None, edited=edited, alone=alone),)
    return tuple(_facet(article, item, edited=edited, alone=alone) for item in derived.questions)


def _facet(
    article: ArticleRow, question: Question | None, *, edited: bool, alone: bool
) -> FacetRow:
    shared = (
        int(alone),
        article.site_id,
        article.kind,
        article.lang,
        article.published_on,
        article.categories,
        article.comment_count,
        article.gone_at,
        int(edited),
        article.post_id,
        article.url,
    )
    if question is None:
        return FacetRow(0, *shared)
    return FacetRow(
        question.position,
        *shared,
        question.status,
        question.type,
        question.legislature,
        question.addressee,
        question.asked_on or article.published_on,
        waited(question),
    )


def waited(question: Question) -> int | None:
    """Days from question to answer; None when a day is unknown or they contradict each other."""
    asked, answered = question.asked_on, question.answered_on
    if question.status != "answered" or asked is None or answered is None or answered < asked:
        return None
    return (date.fromisoformat(answered) - date.fromisoformat(asked)).days


def rise_rows(counts: Iterable[CountRow]) -> Iterator[RiseRow]:
    """The readings that count more than the one before them of the same source."""
    last: dict[str, int] = {}
    for row in counts:
        if row.comment_count is None:
            continue
        if row.comment_count > last.get(row.source, row.comment_count):
            yield RiseRow(row.observed_at, row.source)
        last[row.source] = row.comment_count


def tally_of(rows: Sequence[FacetRow]) -> Tally:
    """What the rows of one article add to the tallies."""
    tally: Tally = Counter()
    for row in rows:
        month = (row.published_on or "")[:7]
        if row.status is not None:
            tally[row.status, month] += 1
        if row.status == "pending":
            tally["waiting", row.since or ""] += 1
        if row.wait is not None:
            tally["waited", str(row.wait)] += 1
    if rows:
        tally["articles", (rows[0].published_on or "")[:7]] += 1
        if rows[0].edited:
            tally["edited", ""] += 1
    return tally


def add_tallies(connection: Connection, before: Tally, after: Tally) -> None:
    """Count `after` in place of `before`; a tally of none has no row."""
    for (what, value), number in _changes(before, after):
        place = (what, value)
        known = connection.execute(
            "UPDATE tallies SET number = number + ? WHERE what = ? AND value = ?", (number, *place)
        )
        if known.rowcount == 0:
            connection.execute(
                "INSERT INTO tallies (what, value, number) VALUES (?, ?, ?)", (*place, number)
            )
        elif number < 0:
            connection.execute(
                "DELETE FROM tallies WHERE what = ? AND value = ? AND number = 0", place
            )


def _changes(before: Tally, after: Tally) -> Iterator[tuple[tuple[str, str], int]]:
    for place in before.keys() | after.keys():
        number = after[place] - before[place]
        if number:
            yield place, number
