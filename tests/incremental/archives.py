"""What two archives of one site must have in common, however they were made."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

ARTICLES = (
    "SELECT url, post_id, lang, title, kind, published_on, modified_at, author, categories, tags,"
    " body_text, comment_count, vote_count, rating, gone_at IS NULL AS present"
    " FROM articles ORDER BY url"
)
QUESTIONS = (
    "SELECT a.url, q.position, q.type, q.number, q.legislature, q.author, q.addressee, q.asked_on,"
    " q.answered_on, q.status, q.question, q.answer, q.demand"
    " FROM questions q JOIN articles a ON a.id = article_id ORDER BY a.url, q.position"
)
REVISIONS = (
    "SELECT a.url, r.content_digest, r.title, r.body_text, r.questions"
    " FROM revisions r JOIN articles a ON a.id = article_id ORDER BY a.url, r.seen_at"
)
EVENTS = (
    "SELECT a.url, e.kind, e.before, e.after"
    " FROM events e JOIN articles a ON a.id = article_id ORDER BY a.url, e.kind, e.after"
)


def rows(data: Path, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """The rows of a query over the archive in `data`."""
    with closing(sqlite3.connect(data / "archive.db")) as db:
        return db.execute(sql, values).fetchall()


def age(data: Path, days: int) -> None:
    """Date all that the archive holds so many days earlier."""
    with closing(sqlite3.connect(data / "archive.db")) as db, db:
        for table, column in (
            ("observations", "captured_at"),
            ("statements", "first_seen_at"),
            ("captures", "captured_at"),
        ):
            db.execute(
                f"UPDATE {table} SET {column} ="
                f" date(substr({column}, 1, 10), ?) || substr({column}, 11)",
                (f"-{days} days",),
            )


def events(data: Path) -> list[tuple[Any, ...]]:
    """All events but their instants; the wait until an answer was seen is counted in days from the
    site's dates to the day of the test, so it is left out."""
    return [(*row[:3], _timeless(row[3])) for row in rows(data, EVENTS)]


def _timeless(after: str | None) -> Any:
    if after is None or not after.startswith("{"):
        return after
    return {name: value for name, value in json.loads(after).items() if name != "days"}
