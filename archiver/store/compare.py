"""What differs between the derived tables of two databases, row for row.

IDs are a database's own affair: rows are told apart by what they speak of, and a foreign key is
read as the URL of its article or the WARC record ID of its capture.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from archiver.store.connection import translated
from archiver.store.reading import reading_address
from archiver.store.schema import PUBLIC, Column, Table
from archiver.store.summaries import SUMMARIES

Values = tuple[object, ...]

KEYS = {
    "sites": "id",
    "chambers": "site_id",
    "captures": "record_id",
    "articles": "url",
    "questions": "article_id position",
    "revisions": "article_id capture_id",
    "comment_counts": "article_id observed_at source",
    "events": "article_id capture_id kind",
    "corrections": "article_id position field",
    "problems": "url kind detail",
    "facets": "article_id position",
    "comment_rises": "article_id observed_at source",
    "tallies": "what value",
}
"""What tells the rows of each table apart; of several with one key, their order does."""

DERIVED = tuple(table for table in (*PUBLIC, *SUMMARIES) if table.derived)
"""The tables that follow from the captures."""

READ_AS = {"articles.id": ("articles", "url"), "captures.id": ("captures", "record_id")}


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that differs, or, when `column` is None, a row that only one database has: its
    values then are JSON in `before` or `after`, and the other is None."""

    table: str
    key: Values
    column: str | None
    before: object
    after: object


def differences(old: Path, new: Path) -> list[Difference]:
    """All differences from the database `old` to `new`, table by table, in order of keys.

    Raises ArchiveDamaged or StorageFailed when one of them cannot be read.
    """
    found: list[Difference] = []
    for table in DERIVED:
        found += differences_of(table, old, new)
    return found


def differences_of(table: Table, old: Path, new: Path) -> Iterator[Difference]:
    """The differences of one table; both are read side by side, a row at a time."""
    names = KEYS[table.name].split()
    columns = [column for column in table.columns if column.name != "id" or "id" in names]
    sql = query(table, columns, names)
    width = len(names) + 1
    before, after = rows(old, sql), rows(new, sql)
    left, right = next(before, None), next(after, None)
    while left is not None or right is not None:
        if right is None or (left is not None and left[:width] < right[:width]):
            assert left is not None
            yield Difference(table.name, left[: width - 1], None, as_row(columns, left), None)
            left = next(before, None)
        elif left is None or right[:width] < left[:width]:
            yield Difference(table.name, right[: width - 1], None, None, as_row(columns, right))
            right = next(after, None)
        else:
            for column, one, other in zip_longest(columns, left[width:], right[width:]):
                if one != other:
                    yield Difference(table.name, left[: width - 1], column.name, one, other)
            left, right = next(before, None), next(after, None)


def as_row(columns: list[Column], row: Values) -> str:
    """A row as JSON, by column."""
    values = row[len(row) - len(columns) :]
    named = zip((column.name for column in columns), values, strict=True)
    return json.dumps(dict(named), ensure_ascii=False)


def query(table: Table, columns: list[Column], names: list[str]) -> str:
    """The table's key (NULL as the empty text or 0), the row's number within it, and its columns,
    in order of the key."""
    read = {column.name: expression(table, column) for column in columns}
    kinds = {column.name: "0" if column.type == "INTEGER" else "''" for column in columns}
    for column in columns:
        if column.references in READ_AS:
            kinds[column.name] = "''"
    keys = [f"coalesce({read[name]}, {kinds[name]})" for name in names]
    rest = ", ".join(read.values())
    number = f"row_number() OVER (PARTITION BY {', '.join(keys)} ORDER BY {rest})"
    joins = "".join(
        f' LEFT JOIN "{READ_AS[column.references][0]}" AS "of_{column.name}"'
        f' ON "of_{column.name}".id = "{table.name}"."{column.name}"'
        for column in columns
        if column.references in READ_AS
    )
    captured = " WHERE problems.capture_id IS NOT NULL" if table.name == "problems" else ""
    order = ", ".join(str(place) for place in range(1, len(keys) + 2))
    return (
        f'SELECT {", ".join(keys)}, {number}, {rest} FROM "{table.name}"{joins}{captured}'
        f" ORDER BY {order}"
    )


def expression(table: Table, column: Column) -> str:
    """How a column is read."""
    if column.references in READ_AS:
        return f'"of_{column.name}"."{READ_AS[column.references][1]}"'
    return f'"{table.name}"."{column.name}"'


def rows(path: Path, sql: str) -> Iterator[Values]:
    """The rows of a query, from a database that is only read."""
    try:
        with closing(sqlite3.connect(reading_address(path), uri=True)) as connection:
            yield from connection.execute(sql)
    except sqlite3.DatabaseError as error:
        raise translated(error, str(path)) from error
