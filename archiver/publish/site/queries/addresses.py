"""The SQL of the site map: the name of every article and the day it last changed here."""

import sqlite3
from dataclasses import dataclass

from archiver.publish.site.queries.rows import ARTICLE_COLUMNS, ArticleLine, article_line


@dataclass(frozen=True, slots=True)
class Mapped:
    """An article, and the instant of its newest change (its first capture when it has none)."""

    article: ArticleLine
    changed_at: str


def how_many(connection: sqlite3.Connection) -> int:
    """How many articles there are."""
    (total,) = connection.execute("select count(*) from articles").fetchone()
    return int(total)


def mapped(connection: sqlite3.Connection, limit: int, offset: int) -> tuple[Mapped, ...]:
    """The articles from number `offset`, in a fixed order."""
    rows = connection.execute(
        f"select {ARTICLE_COLUMNS}, coalesce((select max(at) from events where article_id = a.id),"
        " a.first_captured_at) as changed_at"
        " from articles a order by a.url limit ? offset ?",
        (limit, offset),
    )
    return tuple(Mapped(article_line(row), row["changed_at"]) for row in rows)
