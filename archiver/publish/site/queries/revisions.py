"""The SQL of an article's successive states."""

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Revision:
    """One state of an article's text; `body_text` is None while a password protected it. Its first
    capture is named by its address there and its record; `warc_file` is empty where its bytes are
    not given out."""

    seen_at: str
    last_seen_at: str
    title: str
    body_text: str | None
    captured_url: str
    record_id: str
    warc_file: str


def revisions(connection: sqlite3.Connection, article_id: int) -> tuple[Revision, ...]:
    """The states of an article, oldest first."""
    rows = connection.execute(
        "select r.seen_at, r.last_seen_at, r.title, r.body_text, c.url as captured_url,"
        " c.record_id, c.warc_file from revisions r join captures c on c.id = r.capture_id"
        " where r.article_id = ?"
        " order by r.seen_at, r.id",
        (article_id,),
    )
    return tuple(Revision(**dict(row)) for row in rows)
