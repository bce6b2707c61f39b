"""Whether a database has every table, column and index of its format.

What somebody dropped by hand is found by nothing else: SQLite calls such a database sound.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Literal

from archiver.store.migrations import ddl

_PARTS = "SELECT name, type FROM sqlite_schema WHERE type IN ('table', 'index')"


@dataclass(frozen=True, slots=True)
class MissingPart:
    """A part that is not there: `table` or `table.column`, or the name of an index."""

    kind: Literal["table", "column", "index"]
    name: str


def missing_parts(connection: sqlite3.Connection) -> Iterator[MissingPart]:
    """What a database of today's format has and this one has not, tables first."""
    found = _parts(connection)
    with closing(sqlite3.connect(":memory:")) as whole:
        for statement in ddl():
            whole.execute(statement)
        expected = _parts(whole)
        tables = [name for name, kind in expected.items() if kind == "table"]
        for table in tables:
            if table not in found:
                yield MissingPart("table", table)
                continue
            for column in sorted(_columns(whole, table) - _columns(connection, table)):
                yield MissingPart("column", f"{table}.{column}")
        for name, kind in expected.items():
            if kind == "index" and name not in found:
                yield MissingPart("index", name)


def _parts(connection: sqlite3.Connection) -> dict[str, str]:
    return dict(connection.execute(_PARTS).fetchall())


def _columns(connection: sqlite3.Connection, table: str) -> set[str]:
    rows = connection.execute("SELECT name FROM pragma_table_xinfo(?)", (table,))
    return {name for (name,) in rows}
