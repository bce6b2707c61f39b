"""What the captures of one article say over time: its states, its counts, its absences.

All of it is in the order of captures: instant, then record ID.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, TypeVar

from archiver.extract.facts import Article, Counts, ListSource, Problem
from archiver.instants import parse_instant
from archiver.store.encoding import QUESTION_FIELDS, as_json
from archiver.store.keys import post_number
from archiver.store.lives import Moment
from archiver.store.outages import MANY

LONGEST_OUTAGE = timedelta(days=7)
"""A site that has not shown an article for so long, whatever else it answers, has none."""

CountSource = Literal["page", "feed", "rest"]
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Observation:
    """One good capture of the article's page. `key` is that of its canonical URL, `digest` the
    revision digest of its content; counts are kept apart from `article`. Of an article on several
    pages it is the content of all of them, with the `problems` of the whole; `further` when the
    capture is not that of the first page."""

    at: Moment
    capture_id: int
    key: str
    article: Article
    digest: str
    counts: Counts
    problems: tuple[Problem, ...] = ()
    further: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """A capture that did not find the page. `answered_at` is the first instant after it at which
    the same host gave a page, `shown_at` that at which it showed an article; None when it is not
    known to have. `lost` counts the articles that were not found around it, none being shown."""

    at: Moment
    capture_id: int
    key: str
    answered_at: str | None
    shown_at: str | None
    lost: int


@dataclass(frozen=True, slots=True)
class Said:
    """The article in a list: a feed, REST, a sitemap or a listing."""

    at: Moment
    capture_id: int
    source: ListSource
    post_id: int | None
    modified_at: str | None
    comment_count: int | None


@dataclass(frozen=True, slots=True)
class Run:
    """Captures in a row with the same content: the first and the last of them."""

    first: Observation
    last: Observation


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """The derived columns of `revisions`."""

    capture_id: int
    seen_at: str
    last_seen_at: str
    content_digest: str
    title: str
    body_text: str | None
    questions: str


@dataclass(frozen=True, slots=True)
class CountRow:
    """The derived columns of `comment_counts`."""

    observed_at: str
    comment_count: int | None
    vote_count: int | None
    rating: float | None
    source: CountSource
    capture_id: int


@dataclass(frozen=True, slots=True)
class Absence:
    """The article was gone from `first` on, until `back` if it returned."""

    first: Missing
    back: Observation | None


def newest(stated: Iterable[tuple[Moment, Value | None]]) -> Value | None:
    """The value stated last; None when none is."""
    known = [(at, value) for at, value in stated if value is not None]
    return max(known, key=lambda item: item[0])[1] if known else None


def addressed(observations: Sequence[Observation]) -> Sequence[Observation]:
    """The captures that tell the article's address: a `?p=ID` URL only when it has no other."""
    return [item for item in observations if post_number(item.key) is None] or observations


def runs_of(observations: Iterable[Observation]) -> list[Run]:
    """The successive contents of the page; white space does not make a new one."""
    runs: list[Run] = []
    for item in observations:
        if runs and runs[-1].first.digest == item.digest:
            runs[-1] = Run(runs[-1].first, item)
        else:
            runs.append(Run(item, item))
    return runs


def revision_row(run: Run) -> RevisionRow:
    """The row of a revision: its text as the first capture of it has it."""
    article = run.first.article
    questions = [
        {name: getattr(question, name) for name in QUESTION_FIELDS}
        for question in article.questions
    ]
    return RevisionRow(
        capture_id=run.first.capture_id,
        seen_at=run.first.at[0],
        last_seen_at=run.last.at[0],
        content_digest=run.first.digest,
        title=article.title,
        body_text=article.body_text,
        questions=as_json(questions),
    )


def count_rows(observations: Iterable[Observation], said: Iterable[Said]) -> list[CountRow]:
    """Every statement of a count, in order; of two of one source at one instant, the one of the
    greater record ID."""
    rows: dict[tuple[str, CountSource], tuple[tuple[Moment, int], CountRow]] = {}

    def keep(at: Moment, row: CountRow) -> None:
        place = (row.observed_at, row.source)
        weight = (at, row.comment_count or 0)
        if place not in rows or rows[place][0] < weight:
            rows[place] = (weight, row)

    for item in observations:
        counts = item.counts
        if counts != Counts():
            keep(
                item.at,
                CountRow(
                    item.at[0],
                    counts.comments,
                    counts.votes,
                    counts.rating,
                    "page",
                    item.capture_id,
                ),
            )
    for line in said:
        if line.comment_count is not None and line.source in ("feed", "rest"):
            keep(
                line.at,
                CountRow(line.at[0], line.comment_count, None, None, line.source, line.capture_id),
            )
    return [row for _, row in sorted(rows.values(), key=lambda kept: kept[0])]


def headline_counts(rows: Iterable[CountRow]) -> list[CountRow]:
    """The rows that may tell the number of comments: REST, which leaves pingbacks out, only where
    neither page nor feed tells it."""
    known = [row for row in rows if row.comment_count is not None]
    return [row for row in known if row.source != "rest"] or known


def absences(observations: Sequence[Observation], missing: Sequence[Missing]) -> Iterator[Absence]:
    """The times at which the page was gone: after a good capture, two that did not find its own
    address, and an answer of the site in between; not while the site shows no article at all."""
    if not missing:
        return
    places = {id(item) for item in addressed(observations)}
    key = None
    for number, item in enumerate(observations):
        if id(item) in places:
            key = item.key
        back = observations[number + 1] if number + 1 < len(observations) else None
        found = [
            lost
            for lost in missing
            if lost.key == key and item.at < lost.at and (back is None or lost.at < back.at)
        ]
        if found and is_evidence(found[0], found[-1]):
            yield Absence(found[0], back)


def is_evidence(first: Missing, last: Missing) -> bool:
    """Whether two captures that did not find a page tell that it is gone, and not that the site has
    lost its articles for some days."""
    if not first.answered_at or first.answered_at >= last.at[0]:
        return False
    if first.lost < MANY or (first.shown_at and first.shown_at < last.at[0]):
        return True
    return parse_instant(last.at[0]) - parse_instant(first.at[0]) >= LONGEST_OUTAGE
