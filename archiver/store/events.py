"""What changed between two captures of an article, one event a change.

An arrived answer is `answered` and no edit as well; a change of the title alone is `retitled` only.
A post that a password closes or opens is `edited`, and says so.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from archiver.extract.facts import Article, Question
from archiver.store.encoding import as_json, normalised
from archiver.store.history import (
    Absence,
    CountRow,
    Observation,
    Run,
    addressed,
    headline_counts,
)

EventKind = Literal[
    "new", "answered", "edited", "retitled", "renamed", "comments", "votes", "gone", "back"
]
LONGEST = 300


@dataclass(frozen=True, slots=True)
class EventRow:
    """The derived columns of `events`."""

    at: str
    kind: EventKind
    before: str | None
    after: str | None
    capture_id: int


def events_of(
    observations: Sequence[Observation],
    runs: Sequence[Run],
    counts: Sequence[CountRow],
    away: Iterable[Absence],
) -> list[EventRow]:
    """The events of one article, in order."""
    first = observations[0]
    found = [EventRow(first.at[0], "new", None, short(first.article.title), first.capture_id)]
    found += content_events(runs)
    found += rename_events(addressed(observations))
    found += comment_events(headline_counts(counts))
    found += vote_events(counts)
    for absence in away:
        lost, back = absence.first, absence.back
        found.append(EventRow(lost.at[0], "gone", None, None, lost.capture_id))
        if back is not None:
            found.append(EventRow(back.at[0], "back", None, None, back.capture_id))
    return sorted(found, key=lambda event: event.at)


def short(text: str) -> str:
    """Text that fits into an event."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def content_events(runs: Sequence[Run]) -> Iterator[EventRow]:
    """Title, text, questions and answers from one content to the next; a text is compared with
    the last one that could be read."""
    readable: Article | None = None
    for number, run in enumerate(runs):
        article, at, capture = run.first.article, run.first.at[0], run.first.capture_id
        if number:
            before = runs[number - 1].first.article
            if normalised(before.title) != normalised(article.title):
                yield EventRow(at, "retitled", short(before.title), short(article.title), capture)
            parts = ["protected" if article.protected else "unprotected"]
            if article.protected == before.protected:
                parts = []
            if readable is not None and not article.protected:
                arrived = list(answers_arrived(readable, article))
                for old, new in arrived:
                    yield answered(old, new, article, at, capture)
                parts += changed_parts(readable, article, bool(arrived))
            if parts:
                yield EventRow(
                    at,
                    "edited",
                    as_json({"characters": length(before)}),
                    as_json({"characters": length(article), "parts": parts}),
                    capture,
                )
        if not article.protected:
            readable = article


def length(article: Article) -> int | None:
    return None if article.body_text is None else len(article.body_text)


def pairs(before: Article, after: Article) -> list[tuple[Question, Question]]:
    """The questions that both have: by number where both have the same numbers, else by place."""
    old = {item.number: item for item in before.questions if item.number}
    new = {item.number: item for item in after.questions if item.number}
    if old.keys() & new.keys():
        return [(old[number], item) for number, item in new.items() if number in old]
    return list(zip(before.questions, after.questions, strict=False))


def answers_arrived(before: Article, after: Article) -> Iterator[tuple[Question, Question]]:
    for old, new in pairs(before, after):
        if new.status == "answered" and old.status != "answered":
            yield old, new


def answered(old: Question, new: Question, article: Article, at: str, capture: int) -> EventRow:
    """The event of an answer, with the wait in days and what it is counted from and to."""
    start, counted_from = new.asked_on, "asked_on"
    if start is None:
        start, counted_from = article.published_on, "published_on"
    end, counted_to = (new.answered_on, "answered_on") if new.answered_on else (at[:10], "seen")
    after: dict[str, object] = {"status": new.status, "position": new.position}
    if new.number:
        after["number"] = new.number
    if start is not None:
        days = (date.fromisoformat(end) - date.fromisoformat(start)).days
        after |= {"days": days, "from": counted_from, "to": counted_to}
    before = as_json({"status": old.status, "position": old.position})
    return EventRow(at, "answered", before, as_json(after), capture)


def changed_parts(before: Article, after: Article, arrived: bool) -> list[str]:
    """Which parts were edited. Where an answer arrived the text as a whole has changed with it, so
    that only the questions and the earlier answers tell."""
    parts = []
    for old, new in pairs(before, after):
        if normalised(old.question) != normalised(new.question):
            parts.append(f"question {new.position}")
        replaced = old.answer and new.answer and normalised(old.answer) != normalised(new.answer)
        lost = new.status not in {old.status, "answered"}
        if replaced or lost:
            parts.append(f"answer {new.position}")
    if len(before.questions) != len(after.questions):
        parts.append("questions")
    if not parts and not arrived and normalised(before.body_text) != normalised(after.body_text):
        parts.append("text")
    return parts


def rename_events(observations: Sequence[Observation]) -> Iterator[EventRow]:
    for before, after in pairwise(observations):
        if before.key != after.key:
            urls = (short(before.article.url), short(after.article.url))
            yield EventRow(after.at[0], "renamed", *urls, after.capture_id)


def comment_events(counts: Sequence[CountRow]) -> Iterator[EventRow]:
    """Changes within one source. What another source has already told is not told twice: page and
    feed see the same comments at different instants."""
    last: dict[str, CountRow] = {}
    told: EventRow | None = None
    for row in counts:
        known = last.get(row.source)
        last[row.source] = row
        if known is None or known.comment_count is None or row.comment_count is None:
            continue
        before, after = known.comment_count, row.comment_count
        if told is not None and known.observed_at < told.at:
            level = int(told.after or 0)
            if min(before, after) <= level <= max(before, after):
                before = level
        if before != after:
            told = EventRow(row.observed_at, "comments", str(before), str(after), row.capture_id)
            yield told


def vote_events(counts: Sequence[CountRow]) -> Iterator[EventRow]:
    known: CountRow | None = None
    for row in counts:
        if row.vote_count is None:
            continue
        if known is not None and (known.vote_count, known.rating) != (row.vote_count, row.rating):
            yield EventRow(
                row.observed_at, "votes", votes_json(known), votes_json(row), row.capture_id
            )
        known = row


def votes_json(row: CountRow) -> str:
    return as_json({"votes": row.vote_count, "rating": row.rating})
