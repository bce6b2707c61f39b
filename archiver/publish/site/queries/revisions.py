"""The SQL of an article's successive states."""

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Revision:
    """One state of an article's text; `body_text` is None while a password protected it."""

    seen_at: str
    last_seen_at: str
    title: str
    body_text: str | None


def revisions(connection: sqlite3.Connection, article_id: int) -> tuple[Revision, ...]:
    """The states of an article, oldest first."""
    rows = connection.execute(
        "select seen_at, last_seen_at, title, body_text from revisions where article_id = ?"
        " order by seen_at, id",
        (article_id,),
    )
    return tuple(Revision(**dict(row)) for row in rows)
