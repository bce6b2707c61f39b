"""What SQL may cost, beyond the time that Datasette allows it: SQLite looks at the clock between
two steps, and one step can fill the memory or compare long texts for hours.

Everything is bounded by what the archive can hold; SQL that a reader wrote, much more closely.
Sources: SQLite's "Run-Time Limits" and "Defense Against The Dark Arts".
"""

import sqlite3
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from archiver.publish.site.headers import App, Receive, Scope, Send

T = TypeVar("T")

MOST_BYTES = 10_000_000
"""Of all rows that answer a reader's SQL."""

LIMITS: Mapping[int, int] = {
    sqlite3.SQLITE_LIMIT_LENGTH: 20_000_000,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
}
# A text of 250,000 bytes is longer than the longest answers, and short enough to be compared with
# another in about a second at the worst.
READERS_LIMITS: Mapping[int, int] = {
    sqlite3.SQLITE_LIMIT_LENGTH: 250_000,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 20_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 100,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 200,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 50,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 200,
}
# One gives away an address in memory; the two that gather JSON grow beyond the limit of length.
_REFUSED_FUNCTIONS = {"fts3_tokenizer", "json_group_array", "json_group_object", "load_extension"}
# It says where the file lies.
_REFUSED_PRAGMAS = {"database_list"}
_WRITTEN_BY_READERS = {"sql", "_where"}

_reader_wrote_it: ContextVar[bool] = ContextVar("reader_wrote_it", default=False)


def limit(connection: sqlite3.Connection) -> None:
    """Set the limits of a connection that reads the archive."""
    _set(connection, LIMITS)


def noting_readers_sql(app: App) -> App:
    """Wrap an ASGI application; during a request that brings SQL of its own, `bounded` knows."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        names = {name for name, _ in parse_qsl(scope.get("query_string", b"").decode("latin-1"))}
        before = _reader_wrote_it.set(bool(names & _WRITTEN_BY_READERS))
        try:
            await app(scope, receive, send)
        finally:
            _reader_wrote_it.reset(before)

    return wrapped


def bounded(work: Callable[["BoundedConnection"], T]) -> Callable[["BoundedConnection"], T]:
    """The work on a connection, within the limits of readers' SQL where the request brings any."""
    if not _reader_wrote_it.get():
        return work

    def within(connection: BoundedConnection) -> T:
        usual = _set(connection, READERS_LIMITS)
        connection.most_bytes = MOST_BYTES
        connection.set_authorizer(_authorize)
        try:
            return work(connection)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError as refusal:
            # Too big, not authorized: Datasette takes only this one for the reader's mistake.
            raise sqlite3.OperationalError(str(refusal)) from refusal
        finally:
            connection.set_authorizer(None)
            connection.most_bytes = None
            _set(connection, usual)

    return within


class BoundedCursor(sqlite3.Cursor):
    """A cursor whose `fetchmany` ends when the connection's bytes are used up."""

    def fetchmany(self, size: int | None = None) -> list[Any]:
        connection = self.connection
        left = connection.most_bytes if isinstance(connection, BoundedConnection) else None
        if left is None:
            return super().fetchmany(self.arraysize if size is None else size)
        rows: list[Any] = []
        while size is None or len(rows) < size:
            row = self.fetchone()
            if row is None:
                break
            left -= sum(len(value) for value in row if isinstance(value, (str, bytes)))
            if left < 0:
                raise sqlite3.OperationalError(
                    f"the answer is larger than {MOST_BYTES:,} bytes: add a limit"
                )
            rows.append(row)
        return rows


class BoundedConnection(sqlite3.Connection):
    """A connection whose answers can be bounded: `most_bytes` is None while they are not."""

    most_bytes: int | None = None

    def cursor(self, factory: Any = BoundedCursor) -> Any:
        return super().cursor(factory)


def _authorize(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    refused = (action == sqlite3.SQLITE_FUNCTION and second in _REFUSED_FUNCTIONS) or (
        action == sqlite3.SQLITE_PRAGMA and first in _REFUSED_PRAGMAS
    )
    return sqlite3.SQLITE_DENY if refused else sqlite3.SQLITE_OK


def _set(connection: sqlite3.Connection, limits: Mapping[int, int]) -> dict[int, int]:
    """Set limits; what they were."""
    return {name: connection.setlimit(name, value) for name, value in limits.items()}
