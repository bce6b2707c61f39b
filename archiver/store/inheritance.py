"""What a rebuilt database takes over from the one it replaces: the operators' own records, which
no WARC file holds, and how a crawl ended whose last WARC file does not say it.
"""

import contextlib
import sqlite3
from contextlib import closing
from pathlib import Path

from archiver.errors import ArchiveDamaged, ArchiverError
from archiver.store.connection import connect
from archiver.store.database import Store

SAME_CRAWL = "o.id = crawls.id AND o.started_at = crawls.started_at"

ENDS = (
    "UPDATE crawls SET (finished_at, outcome, pages, new_articles, changed_articles, errors) ="
    " (SELECT finished_at, outcome, pages, new_articles, changed_articles, errors"
    f" FROM old.crawls o WHERE {SAME_CRAWL})"
    f" WHERE outcome IS NULL AND EXISTS (SELECT 1 FROM old.crawls o WHERE {SAME_CRAWL})"
)
FRONTIER = (
    "INSERT INTO frontier SELECT f.id, f.crawl_id, f.key, f.turn, f.url, f.kind, f.priority,"
    " f.depth, f.via, f.hops, f.callback, f.data, f.state, f.reason, c.id"
    " FROM old.frontier f LEFT JOIN old.captures o ON o.id = f.capture_id"
    " LEFT JOIN captures c ON c.record_id = o.record_id"
    " WHERE f.crawl_id IN (SELECT id FROM crawls)"
)
STATEMENTS = (
    ENDS,
    FRONTIER,
    "INSERT INTO skipped SELECT * FROM old.skipped WHERE crawl_id IN (SELECT id FROM crawls)",
    "INSERT INTO warc_files SELECT * FROM old.warc_files",
    "INSERT INTO recoveries SELECT * FROM old.recoveries",
    "INSERT INTO verify_runs SELECT * FROM old.verify_runs",
)


def inherit(store: Store, old: Path) -> None:
    """Take over from the database at `old`, of which somebody may have dropped parts, what can be
    read to its end."""
    if not old.exists():
        return
    try:
        with closing(connect(old, create=False)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except ArchiverError:
        return
    store.connection.execute("ATTACH ? AS old", (str(old),))
    try:
        for statement in STATEMENTS:
            with contextlib.suppress(ArchiveDamaged, sqlite3.OperationalError), store.atomic():
                store.connection.execute(statement)
    finally:
        store.connection.execute("DETACH old")
