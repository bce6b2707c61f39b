"""The public database: the tables of the public contract, and what pages count, in a new file.

Rows are copied into empty tables, so that nothing an operator keeps (frontier, checks, contacts,
options of crawls) and nothing that was taken out can lie in a free page of the file.
"""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from archiver.publish.evidence import KEPT_BACK
from archiver.store.migrations import create_search, table_ddl
from archiver.store.schema import FORMAT, PUBLIC, SEARCHES, Table
from archiver.store.summaries import SUMMARIES

OPERATORS_PROBLEMS = ("rule_missed", "correction_unused", "damaged_record", "unreadable")
"""Kinds of problems that only those who run the archive can do something about."""

OPERATORS_COLUMNS = {("crawls", "user_agent"), ("crawls", "options")}
"""They name a contact, paths and options of the command line."""


@dataclass(frozen=True, slots=True)
class PublicPlace:
    """Where a capture's record lies in the published WARC files, and its ID there."""

    warc_file: str
    warc_offset: int
    warc_length: int
    record_id: str


def project(source: Path, target: Path, places: Mapping[str, PublicPlace]) -> dict[str, int]:
    """Write the new file `target` from the database `source`; the number of rows by table.

    `places` says where each record is published; a capture without one has its row and no bytes.
    """
    tables = (*PUBLIC, *SUMMARIES)
    with closing(sqlite3.connect(target, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        for table in tables:
            for statement in table_ddl(table):
                connection.execute(statement)
        connection.execute("ATTACH ? AS whole", (str(source),))
        connection.execute("BEGIN")
        for table in tables:
            connection.execute(_copy(table))
        connection.execute(
            "DELETE FROM problems WHERE capture_id IS NULL"
            f" OR kind IN ({', '.join('?' * len(OPERATORS_PROBLEMS))})",
            OPERATORS_PROBLEMS,
        )
        _place(connection, places)
        connection.execute("COMMIT")
        connection.execute("DETACH whole")
        for search in SEARCHES:
            connection.execute(create_search(search))
            connection.execute(f"INSERT INTO {search.name} ({search.name}) VALUES ('rebuild')")
        wrong = connection.execute("PRAGMA foreign_key_check").fetchall()
        if wrong:
            raise AssertionError(f"published rows refer to rows that are not: {wrong[:3]}")
        connection.execute("ANALYZE")
        connection.execute(f"PRAGMA user_version = {FORMAT}")
        connection.execute("VACUUM")
        return _counts(connection)


def _copy(table: Table) -> str:
    names = [column.name for column in table.columns]
    values = ["NULL" if (table.name, name) in OPERATORS_COLUMNS else f'"{name}"' for name in names]
    listed = ", ".join(f'"{name}"' for name in names)
    return (
        f'INSERT INTO main."{table.name}" ({listed})'
        f' SELECT {", ".join(values)} FROM whole."{table.name}"'
    )


def _place(connection: sqlite3.Connection, places: Mapping[str, PublicPlace]) -> None:
    """Say of each capture where it is published."""
    connection.execute(
        "UPDATE captures SET warc_file = ?, warc_offset = 0, warc_length = 0", (KEPT_BACK,)
    )
    connection.executemany(
        "UPDATE captures SET warc_file = ?, warc_offset = ?, warc_length = ? WHERE record_id = ?",
        [(p.warc_file, p.warc_offset, p.warc_length, record) for record, p in places.items()],
    )
    renamed = [(p.record_id, record) for record, p in places.items() if p.record_id != record]
    for column in ("record_id", "revisit_of"):
        connection.executemany(f"UPDATE captures SET {column} = ? WHERE {column} = ?", renamed)


def _counts(connection: sqlite3.Connection) -> dict[str, int]:
    """The rows of every table, those of search indexes included, as Datasette asks for them."""
    names = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    return {
        name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
        for (name,) in names
    }
