"""Connections to the archive's database, whose errors say what a person can do.

SQLite's own errors stay only where they are mistakes of this program (constraints, SQL).
"""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from archiver.errors import ArchiveDamaged, ArchiverError, BadInput, StorageFailed
from archiver.store.migrations import check, format_of, migrate
from archiver.store.reading import reading_address
from archiver.store.schema import FORMAT

WAIT = 60.0
"""Seconds to wait for another process that is writing."""

CACHE = 8_000
"""KiB of pages held in memory: a thousand captures fill it, and no archive needs more. Four times
as much makes a rebuild of 20,000 captures 2 % faster."""

ADVICE = {
    sqlite3.SQLITE_FULL: "the disk is full: free some space, then run the command again",
    sqlite3.SQLITE_READONLY: "it cannot be written: give this user the right to write there",
    sqlite3.SQLITE_PERM: "it cannot be opened: give this user the right to read and write it",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened: check that its folder exists and is writable",
    sqlite3.SQLITE_IOERR: "the disk does not answer: check it, then run the command again",
    sqlite3.SQLITE_NOLFS: "the file system refuses files this large: move the archive to another",
}
DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


class Connection(sqlite3.Connection):
    """An SQLite connection whose storage errors are ours; `name` is the file they speak of."""

    name = "the database"

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        try:
            return super().execute(sql, parameters)
        except sqlite3.DatabaseError as error:
            raise translated(error, self.name) from error

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> sqlite3.Cursor:
        try:
            return super().executemany(sql, parameters)
        except sqlite3.DatabaseError as error:
            raise translated(error, self.name) from error


def translated(error: sqlite3.DatabaseError, name: str) -> ArchiverError | sqlite3.DatabaseError:
    """The error to raise instead of SQLite's: StorageFailed, ArchiveDamaged, BadInput for a file
    that another process keeps locked, or the error itself when it is none of these."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in DAMAGE or str(error).startswith("no such table: "):
        return ArchiveDamaged(
            f"{name} is damaged ({error}): make it again from the WARC files with "
            "`archiver rebuild`."
        )
    if code in ADVICE:
        return StorageFailed(f"{name}: {ADVICE[code]} ({error}).")
    if code in BUSY:
        return BadInput(f"{name} is in use by another command: run this one when it has finished.")
    return error


def connect_to_read(path: Path) -> Connection:
    """Open the database at `path` for a command that only reads: as `connect` does, and where that
    cannot write, without. Raises as `connect`, BadInput also for an older format there."""
    try:
        return connect(path, create=False)
    except StorageFailed as failed:
        cause = failed.__cause__
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
        if code not in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}:
            raise
    try:
        connection = sqlite3.connect(reading_address(path), uri=True, factory=Connection)
    except sqlite3.DatabaseError as error:
        raise translated(error, str(path)) from error
    connection.isolation_level = None
    connection.name = str(path)
    try:
        check(connection, str(path))
        _refuse_older(connection)
        connection.execute("PRAGMA temp_store = MEMORY")
    except BaseException:
        connection.close()
        raise
    return connection


def _refuse_older(connection: Connection) -> None:
    if format_of(connection) < FORMAT:
        raise BadInput(
            f"{connection.name} is of an older format and cannot be written: copy the archive to "
            "where it can be, and name that folder with --data."
        )


def connect(path: Path, *, create: bool) -> Connection:
    """Open the database at `path` for reading and writing, in today's format.

    A commit is on disk when it returns (WAL, synchronous=FULL). Raises BadInput when the file is
    missing and not to be made, of a newer format or no archive; StorageFailed when it cannot be
    written; ArchiveDamaged when it is not a sound database.
    """
    if not create and not path.is_file():
        raise BadInput(f"There is no archive at {path}: run `archiver crawl SITE` first.")
    try:
        connection = sqlite3.connect(
            path, timeout=WAIT, isolation_level=None, cached_statements=512, factory=Connection
        )
    except sqlite3.DatabaseError as error:
        raise translated(error, str(path)) from error
    connection.name = str(path)
    try:
        # First, since the journal's mode is written into the file.
        check(connection, str(path))
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA cache_size = -{CACHE}")
        # Else each savepoint of a capture's transaction writes a temporary file.
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA recursive_triggers = ON")
        migrate(connection)
        # Opening reads little: an attempt to write shows at once what a first capture would meet.
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    except BaseException:
        connection.close()
        raise
    return connection
