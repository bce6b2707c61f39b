"""Captures as if they had never been made: which ones an entry names, and a database without them.

The derived tables are a function of the set of captures, so what is left is what the other captures
say, and not what remains of rows that were blanked.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Set
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from archiver.extract.urls import url_key
from archiver.store.connection import connect
from archiver.store.corrections import read_corrections
from archiver.store.database import Store
from archiver.store.writing import remove

# ?1 is the key of the URL that is named, ?2 the URL: of the article itself, or of what leads there.
_OF_ARTICLE = (
    "SELECT capture_id FROM observations WHERE article_id IN (SELECT article_id FROM observations"
    " WHERE url_key = ?1 OR own_key = ?1 OR own_key IN"
    " (SELECT redirect_key FROM observations WHERE url_key = ?1)"
    " UNION SELECT id FROM articles WHERE url = ?2)"
)
_ITS_KEYS = (
    f"SELECT url_key FROM observations WHERE capture_id IN ({_OF_ARTICLE})"
    f" UNION SELECT own_key FROM observations WHERE capture_id IN ({_OF_ARTICLE})"
)
_ABOUT_IT = (
    f"SELECT capture_id FROM observations WHERE url_key IN ({_ITS_KEYS})"
    f" OR redirect_key IN ({_ITS_KEYS})"
)
# What is touched when a capture goes: the addresses that it speaks of.
_TOUCHED = (
    "INSERT INTO dirty (url_key) SELECT key FROM ("
    "SELECT url_key AS key FROM observations WHERE capture_id IN (SELECT id FROM temp.gone)"
    " UNION SELECT own_key FROM observations WHERE capture_id IN (SELECT id FROM temp.gone)"
    " UNION SELECT redirect_key FROM observations WHERE capture_id IN (SELECT id FROM temp.gone)"
    " UNION SELECT twin_key FROM observations WHERE capture_id IN (SELECT id FROM temp.gone)"
    # Whether a page is gone depends on what its host answered besides.
    " UNION SELECT url_key FROM observations WHERE role = 'missing' AND host IN"
    " (SELECT host FROM observations WHERE capture_id IN (SELECT id FROM temp.gone))"
    " UNION SELECT url_key FROM statements WHERE last_capture_id IN (SELECT id FROM temp.gone)"
    ") WHERE key IS NOT NULL ON CONFLICT DO NOTHING"
)
_ARTICLES = (
    "SELECT DISTINCT article_id FROM observations"
    " WHERE article_id IS NOT NULL AND capture_id IN (SELECT id FROM temp.gone)"
)
_SHOWN = "SELECT DISTINCT article_id FROM observations WHERE article_id IS NOT NULL"
_FORGET = (
    "DELETE FROM observations WHERE capture_id IN (SELECT id FROM temp.gone)",
    "DELETE FROM mentions WHERE capture_id IN (SELECT id FROM temp.gone)",
    (
        "DELETE FROM mentions WHERE statement_id IN"
        " (SELECT id FROM statements WHERE last_capture_id IN (SELECT id FROM temp.gone))"
    ),
    "DELETE FROM statements WHERE last_capture_id IN (SELECT id FROM temp.gone)",
    "UPDATE frontier SET capture_id = NULL WHERE capture_id IN (SELECT id FROM temp.gone)",
    "DELETE FROM problems WHERE capture_id IN (SELECT id FROM temp.gone)",
    "DELETE FROM captures WHERE id IN (SELECT id FROM temp.gone)",
)


@dataclass(frozen=True, slots=True)
class ArticleCaptures:
    """The captures of an article: their record IDs, its addresses, and every text it had."""

    records: frozenset[str]
    urls: frozenset[str]
    texts: frozenset[str]


def captures_of_article(connection: sqlite3.Connection, url: str) -> ArticleCaptures:
    """All captures of the article at an address, any of its addresses, absences included."""
    given = (url_key(url), url)
    rows = connection.execute(
        "SELECT c.record_id, c.url, o.own_url, s.data FROM captures c JOIN observations o"
        " ON o.capture_id = c.id LEFT JOIN article_states s ON s.id = o.state_id"
        f" WHERE c.id IN ({_OF_ARTICLE} UNION {_ABOUT_IT})",
        given,
    ).fetchall()
    records = {row[0] for row in rows}
    records |= with_same_content(connection, records)
    urls = {url for row in rows for url in row[1:3] if url}
    texts = (text for data in {row[3] for row in rows if row[3]} for text in _texts(data))
    return ArticleCaptures(frozenset(records), frozenset(urls), frozenset(texts))


def texts_but(connection: sqlite3.Connection, records: Set[str]) -> Iterator[str]:
    """Every text that an article had in captures other than these."""
    rows = connection.execute(
        "SELECT o.state_id, c.record_id FROM observations o JOIN captures c ON c.id = o.capture_id"
        " WHERE o.state_id IS NOT NULL"
    )
    for state_id in {state for state, record in rows if record not in records}:
        (data,) = connection.execute(
            "SELECT data FROM article_states WHERE id = ?", (state_id,)
        ).fetchone()
        yield from _texts(data)


def _texts(data: str) -> Iterator[str]:
    """The texts of an article's state: the body, the questions, their answers."""
    state = json.loads(data)
    yield state.get("body_text") or ""
    for question in state.get("questions") or ():
        yield question.get("question") or ""
        yield question.get("answer") or ""


def captures_named(connection: sqlite3.Connection, name: str) -> frozenset[str]:
    """The records of a capture named by its ID, or of all captures of a URL, with every other that
    has the same content."""
    rows = connection.execute(
        "SELECT record_id FROM captures WHERE record_id = ?1 OR url = ?1", (name.strip("<>"),)
    )
    records = {record_id for (record_id,) in rows}
    return frozenset(records | with_same_content(connection, records))


def with_same_content(connection: sqlite3.Connection, records: Iterable[str]) -> set[str]:
    """The records whose payload is that of one of these, revisits of them included; answers without
    content of their own, such as redirects, are not alike for that."""
    found: set[str] = set()
    for record_id in records:
        rows = connection.execute(
            "SELECT record_id FROM captures WHERE revisit_of = ?1 OR (coalesce(status, 200) = 200"
            " AND payload_digest = (SELECT payload_digest FROM captures WHERE record_id = ?1"
            " AND coalesce(status, 200) = 200))",
            (record_id,),
        )
        found |= {other for (other,) in rows}
    return found


def copy_without(
    connection: sqlite3.Connection, records: Set[str], target: Path, corrections: Path
) -> None:
    """Write to `target` a copy of the database as it is at one moment, in which the captures of
    these records were never made.

    Raises StorageFailed when the disk refuses, BadInput when the corrections cannot be read.
    """
    connection.execute("VACUUM INTO ?", (str(target),))
    if not records:
        return
    with closing(Store(connect(target, create=False), read_corrections(corrections))) as store:
        copy = store.connection
        # Derived rows refer to these captures until they are derived again.
        copy.execute("PRAGMA foreign_keys = OFF")
        copy.execute("CREATE TEMP TABLE gone (id INTEGER PRIMARY KEY)")
        with store.atomic():
            copy.executemany(
                "INSERT INTO gone SELECT id FROM captures WHERE record_id = ?",
                ((record_id,) for record_id in records),
            )
            copy.execute(_TOUCHED)
            touched = {row[0] for row in copy.execute(_ARTICLES).fetchall()}
            for statement in _FORGET:
                copy.execute(statement)
            for article_id in touched - {row[0] for row in copy.execute(_SHOWN).fetchall()}:
                remove(copy, article_id)
        store.derive_pending()
