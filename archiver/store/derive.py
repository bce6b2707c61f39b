"""From what the captures of one article state to its rows: pure functions of the set of captures.

The row shows the newest good capture of the page in the site's own language; a translation speaks
only when no other page was ever captured. What no capture states is NULL.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from archiver.extract.facts import Problem, Question
from archiver.store.encoding import as_json
from archiver.store.events import EventRow, events_of
from archiver.store.history import (
    CountRow,
    Missing,
    Observation,
    RevisionRow,
    Said,
    absences,
    addressed,
    count_rows,
    headline_counts,
    newest,
    revision_row,
    runs_of,
)


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """The columns of `articles`, but for its ID."""

    site_id: str
    url: str
    post_id: int | None
    lang: str | None
    title: str
    kind: str
    published_on: str | None
    modified_at: str | None
    author: str | None
    categories: str
    tags: str
    body_text: str | None
    comment_count: int | None
    vote_count: int | None
    rating: float | None
    first_captured_at: str
    last_captured_at: str
    gone_at: str | None
    capture_id: int


@dataclass(frozen=True, slots=True)
class Material:
    """All that is known of one article, each part in the order of captures; there is at least one
    observation."""

    site_id: str
    observations: Sequence[Observation]
    missing: Sequence[Missing] = ()
    said: Sequence[Said] = ()


@dataclass(frozen=True, slots=True)
class Derived:
    """The rows of one article."""

    article: ArticleRow
    questions: tuple[Question, ...]
    revisions: tuple[RevisionRow, ...]
    counts: tuple[CountRow, ...]
    events: tuple[EventRow, ...]
    problems: tuple[Problem, ...] = ()


def derive(material: Material) -> Derived:
    """The rows of an article, before corrections."""
    observations = material.observations
    runs = runs_of(observations)
    counts = count_rows(observations, material.said)
    first_pages = [item for item in observations if not item.further]
    away = list(absences(first_pages, material.missing))
    article = current_row(material)
    headline = headline_counts(counts)
    if headline:
        article = replace(article, comment_count=headline[-1].comment_count)
    if away and away[-1].back is None:
        article = replace(article, gone_at=away[-1].first.at[0])
    return Derived(
        article,
        observations[-1].article.questions,
        tuple(map(revision_row, runs)),
        tuple(counts),
        tuple(events_of(observations, runs, counts, away)),
        observations[-1].problems,
    )


def current_row(material: Material) -> ArticleRow:
    """What the newest capture says, with what only lists or older captures say: ID, instant of
    modification, votes.

    The text of a post that a password closes is NULL; its kind stays that of the last text read.
    """
    observations, said = material.observations, material.said
    article = observations[-1].article
    current = next(item for item in reversed(observations) if not item.further)
    readable = [item for item in observations if not item.article.protected]
    post_id = newest((item.at, item.article.post_id) for item in observations)
    if post_id is None:
        post_id = newest((line.at, line.post_id) for line in said)
    return ArticleRow(
        site_id=material.site_id,
        url=addressed(observations)[-1].article.url,
        post_id=post_id,
        lang=article.lang,
        title=article.title,
        kind=(readable or observations)[-1].article.kind,
        published_on=article.published_on,
        modified_at=newest(
            [(item.at, item.article.modified_at) for item in observations]
            + [(line.at, line.modified_at) for line in said]
        ),
        author=article.author,
        categories=as_json(article.categories),
        tags=as_json(article.tags),
        body_text=article.body_text,
        comment_count=None,
        vote_count=newest((item.at, item.counts.votes) for item in observations),
        rating=newest((item.at, item.counts.rating) for item in observations),
        first_captured_at=observations[0].at[0],
        last_captured_at=current.at[0],
        gone_at=None,
        capture_id=current.capture_id,
    )
