"""Writes derived rows so that only what differs is touched: a row keeps its ID as long as it says
the same thing, and the search indexes follow texts that changed, no others.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

from archiver.extract.facts import Problem, Question
from archiver.store.connection import Connection
from archiver.store.corrections import CorrectionRow
from archiver.store.derive import ArticleRow, Derived
from archiver.store.events import EventRow
from archiver.store.history import CountRow, RevisionRow
from archiver.store.sites import show

Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """One article to write. `captures` maps each of its captures to the article ID that it had."""

    derived: Derived
    corrections: Sequence[CorrectionRow]
    problems: Sequence[Problem]
    captures: Mapping[int, int | None]


class Shape:
    """How rows of a dataclass lie in a table: `key` tells the rows of one article apart, `place`
    are the columns that find a row."""

    def __init__(self, table: str, row: type, key: str, place: str = "id") -> None:
        self.table = table
        self.columns = tuple(field.name for field in fields(row))
        self.values: Callable[[Any], Values] = attrgetter(*self.columns)
        self._key = [self.columns.index(name) for name in key.split()]
        self._place = [f'"{name}"' for name in place.split()]
        listed = ", ".join(f'"{column}"' for column in self.columns)
        places = ", ".join(self._place)
        self.select = (
            f'SELECT {listed}, {places} FROM "{table}" WHERE article_id = ? ORDER BY {places}'
        )
        marks = ", ".join("?" for _ in self.columns)
        self.insert = f'INSERT INTO "{table}" ({listed}, article_id) VALUES ({marks}, ?)'
        self.where = " AND ".join(f"{name} = ?" for name in self._place)

    def keyed(self, rows: Iterable[Values]) -> dict[Values, Values]:
        """Rows by key; of several with one key the first, the second and so on."""
        seen: Counter[Values] = Counter()
        found = {}
        for row in rows:
            key = tuple(row[number] for number in self._key)
            found[*key, seen[key]] = row
            seen[key] += 1
        return found


ARTICLE = Shape("articles", ArticleRow, "url")
CHILDREN: tuple[tuple[Shape, Callable[[Written], Sequence[Any]]], ...] = (
    (Shape("questions", Question, "position"), lambda item: item.derived.questions),
    (Shape("revisions", RevisionRow, "capture_id"), lambda item: item.derived.revisions),
    (
        Shape("comment_counts", CountRow, "observed_at source", "article_id observed_at source"),
        lambda item: item.derived.counts,
    ),
    (Shape("events", EventRow, "capture_id kind"), lambda item: item.derived.events),
    (Shape("corrections", CorrectionRow, "position field"), lambda item: item.corrections),
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
        connection.execute("DELETE FROM problems WHERE url = ? AND kind = 'url_reused'", (url,))
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
    known = article_id is not None
    if article_id is None:
        if not connection.execute(
            "SELECT 1 FROM sites WHERE id = ?", (article.site_id,)
        ).fetchone():
            show(connection, article.site_id)
        marks = ", ".join("?" for _ in values)
        (article_id,) = connection.execute(
            f"INSERT INTO articles ({', '.join(ARTICLE.columns)}) VALUES ({marks}) RETURNING id",
            values,
        ).fetchone()
    else:
        listed = ", ".join(ARTICLE.columns)
        row = connection.execute(
            f"SELECT {listed}, id FROM articles WHERE id = ?", (article_id,)
        ).fetchone()
        update(connection, ARTICLE, row, values)
    for shape, rows_of in CHILDREN:
        wanted = [shape.values(row) for row in rows_of(item)]
        if not known:
            connection.executemany(shape.insert, [(*row, article_id) for row in wanted])
        else:
            synchronise(connection, shape, article_id, wanted)
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


def synchronise(
    connection: Connection, shape: Shape, article_id: int, wanted: Iterable[Values]
) -> None:
    """Delete, update and insert until the article's rows in one table are the wanted ones."""
    width = len(shape.columns)
    old = shape.keyed(connection.execute(shape.select, (article_id,)).fetchall())
    new = shape.keyed(wanted)
    for key in old.keys() - new.keys():
        connection.execute(f'DELETE FROM "{shape.table}" WHERE {shape.where}', old[key][width:])
    for key, row in new.items():
        if key in old:
            update(connection, shape, old[key], row)
        else:
            connection.execute(shape.insert, (*row, article_id))


def update(connection: Connection, shape: Shape, old: Values, new: Values) -> None:
    """Write the columns that differ; `old` has the place of the row after its columns."""
    width = len(shape.columns)
    changed = [number for number in range(width) if old[number] != new[number]]
    if changed:
        setting = ", ".join(f'"{shape.columns[number]}" = ?' for number in changed)
        connection.execute(
            f'UPDATE "{shape.table}" SET {setting} WHERE {shape.where}',
            (*(new[number] for number in changed), *old[width:]),
        )


def remove(connection: Connection, article_id: int) -> None:
    """Delete an article that is none any more, with all that hangs on it."""
    for shape, _ in CHILDREN:
        connection.execute(f'DELETE FROM "{shape.table}" WHERE article_id = ?', (article_id,))
    connection.execute("DELETE FROM articles WHERE id = ?", (article_id,))
