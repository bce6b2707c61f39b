"""Writes the rows of articles, which keep their IDs as long as they speak of the same thing."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from archiver.extract.facts import Problem, Question
from archiver.store.connection import Connection
from archiver.store.corrections import CorrectionRow
from archiver.store.derive import ArticleRow, Derived
from archiver.store.events import EventRow
from archiver.store.history import CountRow, RevisionRow
from archiver.store.shapes import Shape
from archiver.store.sites import show
from archiver.store.summarising import (
    FacetRow,
    RiseRow,
    Tally,
    add_tallies,
    facet_rows,
    rise_rows,
    tally_of,
)


@dataclass(frozen=True, slots=True)
class Written:
    """One article to write. `captures` maps each of its captures to the article ID that it had."""

    derived: Derived
    corrections: Sequence[CorrectionRow]
    problems: Sequence[Problem]
    captures: Mapping[int, int | None]


OWN_PROBLEMS = (
    "DELETE FROM problems WHERE url = ? AND kind IN ('url_reused', 'missing_leaf', 'joined_leaves')"
)
"""What is found wrong in articles here, and not in single captures."""

ARTICLE = Shape("articles", ArticleRow, "url", owner=None)
FACETS = Shape("facets", FacetRow, "position", "article_id position")
RISES = "observed_at source"
CHILDREN: tuple[tuple[Shape, Callable[[Written], Sequence[Any]]], ...] = (
    (Shape("questions", Question, "position"), lambda item: item.derived.questions),
    (Shape("revisions", RevisionRow, "capture_id"), lambda item: item.derived.revisions),
    (
        Shape("comment_counts", CountRow, "observed_at source", "article_id observed_at source"),
        lambda item: item.derived.counts,
    ),
    (Shape("events", EventRow, "capture_id kind"), lambda item: item.derived.events),
    (Shape("corrections", CorrectionRow, "position field"), lambda item: item.corrections),
    (FACETS, lambda item: facet_rows(item.derived)),
    (
        Shape("comment_rises", RiseRow, RISES, f"article_id {RISES}"),
        lambda item: tuple(rise_rows(item.derived.counts)),
    ),
)


def write(connection: Connection, articles: Sequence[Written], old: Set[int | None]) -> None:
    """Make the rows of these articles the only ones of those that had the IDs `old`."""
    urls: dict[int, str] = {}
    for article_id in old - {None}:
        row = connection.execute(
            "SELECT id, url FROM articles WHERE id = ?", (article_id,)
        ).fetchone()
        if row is not None:
            urls[row[0]] = row[1]
    ids = matched(articles, urls)
    for left in urls.keys() - set(ids):
        remove(connection, left)
    for kept, item in zip(ids, articles, strict=True):
        if kept is not None and urls[kept] != item.derived.article.url:
            # Two articles may exchange their URLs, which are unique at every moment.
            connection.execute("UPDATE articles SET url = 'moving:' || id WHERE id = ?", (kept,))
    for url in urls.values():
        connection.execute(OWN_PROBLEMS, (url,))
    for kept, item in zip(ids, articles, strict=True):
        write_article(connection, kept, item)


def matched(articles: Sequence[Written], urls: Mapping[int, str]) -> list[int | None]:
    """The ID each article keeps: that of its URL, else one that its captures had, else none."""
    ids: list[int | None] = [None] * len(articles)
    free = dict(urls)
    had = [sorted(urls.keys() & set(item.captures.values())) for item in articles]
    for number, item in enumerate(articles):
        for article_id in had[number]:
            if free.get(article_id) == item.derived.article.url:
                ids[number] = article_id
                del free[article_id]
                break
    for number, candidates in enumerate(had):
        left = next((article_id for article_id in candidates if article_id in free), None)
        if ids[number] is None and left is not None:
            ids[number] = left
            del free[left]
    return ids


def write_article(connection: Connection, article_id: int | None, item: Written) -> None:
    """Insert or update one article and all that hangs on it."""
    article = item.derived.article
    values = ARTICLE.values(article)
    before = tally_in(connection, article_id)
    if article_id is None:
        site = (article.site_id,)
        if not connection.execute("SELECT 1 FROM sites WHERE id = ?", site).fetchone():
            show(connection, article.site_id)
        article_id = ARTICLE.insert(connection, values, None)
        for shape, rows_of in CHILDREN:
            for row in rows_of(item):
                shape.insert(connection, shape.values(row), article_id)
    else:
        (known,) = ARTICLE.read(connection, article_id)
        ARTICLE.update(connection, known, values)
        for shape, rows_of in CHILDREN:
            shape.synchronise(connection, article_id, map(shape.values, rows_of(item)))
    add_tallies(connection, before, tally_of(facet_rows(item.derived)))
    connection.executemany(
        "UPDATE observations SET article_id = ? WHERE capture_id = ?",
        [(article_id, capture) for capture, had in item.captures.items() if had != article_id],
    )
    connection.executemany(
        "INSERT INTO problems (capture_id, url, kind, detail, seen_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        [
            (
                article.capture_id,
                article.url,
                problem.kind,
                problem.detail,
                article.last_captured_at,
            )
            for problem in item.problems
        ],
    )


def tally_in(connection: Connection, article_id: int | None) -> Tally:
    """What the tallies count of an article as it is in the database."""
    known = [] if article_id is None else FACETS.read(connection, article_id)
    return tally_of([FacetRow(*row[: len(FACETS.columns)]) for row in known])


def remove(connection: Connection, article_id: int) -> None:
    """Delete an article that is none any more, with all that hangs on it."""
    add_tallies(connection, tally_in(connection, article_id), Tally())
    for shape, _ in CHILDREN:
        shape.synchronise(connection, article_id, ())
    for row in ARTICLE.read(connection, article_id):
        ARTICLE.delete(connection, row)
