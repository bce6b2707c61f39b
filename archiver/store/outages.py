"""What a host's other answers say of a page that was not found: whether the site answered at all,
and whether it still showed articles.

A page that is not found while others are is gone. When several are missing between two pages of
articles it is the site that has lost them, by rewriting rules that do not work or by a redesign, be
its home page ever so well. Which rows depend on whose answer is known here, too: a capture that
comes late has them derived again.
"""

import sqlite3

MANY = 3
"""Addresses of articles that are not found, and no article that is: an outage."""

ANSWERED = (
    "SELECT min(captured_at) FROM observations WHERE host = ? AND alive = 1 AND captured_at > ?"
)
SHOWN = (
    "SELECT (SELECT max(captured_at) FROM observations"
    " WHERE host = ?1 AND role = 'article' AND captured_at < ?2),"
    " (SELECT min(captured_at) FROM observations"
    " WHERE host = ?1 AND role = 'article' AND captured_at > ?2)"
)
LOST = (
    "SELECT DISTINCT url_key FROM observations o WHERE host = ?1 AND role = 'missing'"
    " AND captured_at > ?2 AND captured_at < ?3"
)
WAS_ARTICLE = (
    "EXISTS (SELECT 1 FROM observations e WHERE e.own_key = o.url_key"
    " AND e.captured_at < o.captured_at)"
)
OF_ARTICLES = f"{LOST} AND {WAS_ARTICLE}"
TOLD_BY = f"{LOST} AND ({WAS_ARTICLE} OR url_key LIKE ?1 || '?p=%')"
"""A `?p=ID` may tell of an article that was replaced."""

LOST_IN = (
    "SELECT count(DISTINCT url_key) FROM observations o JOIN captures c ON c.id = capture_id"
    " WHERE crawl_id = ?1 AND (role = 'missing' OR alive = 1 OR status BETWEEN 300 AND 399)"
    f" AND {WAS_ARTICLE} AND NOT EXISTS (SELECT 1 FROM captures a JOIN observations s"
    " ON s.capture_id = a.id WHERE a.crawl_id = ?1 AND s.own_key IS NOT NULL)"
)

KNOWN = "SELECT 1 WHERE ?1 LIKE '%?p=%' OR EXISTS (SELECT 1 FROM observations WHERE own_key = ?1)"
MARK = "INSERT INTO dirty (url_key) VALUES (?) ON CONFLICT DO NOTHING"


def lost_in(connection: sqlite3.Connection, crawl_id: int) -> int:
    """In a crawl that was not shown a single article: how many addresses of articles it asked for,
    and was answered."""
    return int(connection.execute(LOST_IN, (crawl_id,)).fetchone()[0])


def answered_after(connection: sqlite3.Connection, host: str, at: str) -> str | None:
    """The next instant at which the host gave a page."""
    (answered_at,) = connection.execute(ANSWERED, (host, at)).fetchone()
    return None if answered_at is None else str(answered_at)


def shown_after(connection: sqlite3.Connection, host: str, at: str) -> tuple[str | None, int]:
    """The next instant at which the host showed an article, and how many addresses of articles were
    not found between the last one before and that; no more than MANY are counted."""
    before, after = connection.execute(SHOWN, (host, at)).fetchone()
    span = (host, before or "", after or "~", MANY)
    return after, len(connection.execute(f"{OF_ARTICLES} LIMIT ?4", span).fetchall())


def touch(
    connection: sqlite3.Connection,
    host: str,
    at: str,
    *,
    alive: bool,
    own_key: str | None,
    lost_key: str | None,
) -> None:
    """Have the absences derived again that a new observation of the host bears on: of an article at
    `own_key`, or of nothing at `lost_key`, where most often an image is missing."""
    if lost_key is not None and connection.execute(KNOWN, (lost_key,)).fetchone():
        _touch_if_few(connection, host, at)
    if not alive and own_key is None:
        return
    (later,) = connection.execute(
        "SELECT min(captured_at) FROM observations"
        " WHERE host = ? AND role = 'missing' AND captured_at > ?",
        (host, at),
    ).fetchone()
    if later is None:
        return  # as always during a crawl
    if alive:
        _touch_gap(connection, host, at, later)
    if own_key is not None:
        before, after = connection.execute(SHOWN, (host, at)).fetchone()
        connection.executemany(
            MARK, connection.execute(TOLD_BY, (host, before or "", after or "~")).fetchall()
        )
        lost = connection.execute(
            "SELECT captured_at FROM observations"
            " WHERE url_key = ? AND role = 'missing' AND captured_at > ?",
            (own_key, at),
        )
        for (lost_at,) in lost.fetchall():
            _touch_if_few(connection, host, lost_at)


def _touch_if_few(connection: sqlite3.Connection, host: str, at: str) -> None:
    """The absences around one: where they are many already, one more makes no difference."""
    before, after = connection.execute(SHOWN, (host, at)).fetchone()
    span = (host, before or "", after or "~")
    counted = connection.execute(f"{OF_ARTICLES} LIMIT ?4", (*span, MANY + 1)).fetchall()
    if len(counted) <= MANY:
        connection.executemany(MARK, connection.execute(TOLD_BY, span).fetchall())


def _touch_gap(connection: sqlite3.Connection, host: str, at: str, after: str) -> None:
    """A site that is found to have answered between two captures that found nothing may make
    articles gone. Only the first such capture between two absences of a host tells something."""
    (before,) = connection.execute(
        "SELECT max(captured_at) FROM observations"
        " WHERE host = ? AND role = 'missing' AND captured_at < ?",
        (host, at),
    ).fetchone()
    if before is None:
        return
    (others,) = connection.execute(
        "SELECT count(*) FROM (SELECT 1 FROM observations WHERE host = ? AND alive = 1"
        " AND captured_at > ? AND captured_at < ? LIMIT 2)",
        (host, before, after),
    ).fetchone()
    if others < 2:
        connection.execute(
            "INSERT INTO dirty (url_key) SELECT DISTINCT url_key FROM observations"
            " WHERE host = ? AND role = 'missing' AND captured_at > ? ON CONFLICT DO NOTHING",
            (host, at),
        )
