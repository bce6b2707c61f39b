"""Writes rows of a dataclass to their table so that only what differs is touched, and keeps the
table's search index.

The index is written here and not by triggers: FTS5 writes its pending words to disk at each
statement that runs a trigger, which is five times slower.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any

from archiver.store.connection import Connection
from archiver.store.schema import SEARCHES, Search

Values = tuple[Any, ...]


class SearchIndex:
    """The statements that keep one search index; rows are given as the columns of its table."""

    def __init__(self, search: Search, columns: Sequence[str]) -> None:
        listed = ", ".join(f'"{column}"' for column in search.columns)
        marks = ", ".join("?" for _ in search.columns)
        name = search.name
        self._add = f'INSERT INTO "{name}" (rowid, {listed}) VALUES (?, {marks})'
        self._drop = (
            f'INSERT INTO "{name}" ("{name}", rowid, {listed}) VALUES (\'delete\', ?, {marks})'
        )
        self._places = [columns.index(column) for column in search.columns]

    def add(self, connection: Connection, row_id: int, row: Values) -> None:
        connection.execute(self._add, (row_id, *self._words(row)))

    def drop(self, connection: Connection, row_id: int, row: Values) -> None:
        """Take out a row; it must be as it was when it was added."""
        connection.execute(self._drop, (row_id, *self._words(row)))

    def covers(self, places: Iterable[int]) -> bool:
        """Whether one of these columns is in the index."""
        return not set(places).isdisjoint(self._places)

    def _words(self, row: Values) -> list[Any]:
        return [row[place] for place in self._places]


class Shape:
    """How the rows of an article lie in a table: `key` tells them apart, `place` are the columns
    that find a row (the table's primary key). `owner` is the column that holds the article's ID,
    None in `articles` itself."""

    def __init__(
        self, table: str, row: type, key: str, place: str = "id", owner: str | None = "article_id"
    ) -> None:
        self.columns = tuple(field.name for field in fields(row))
        self.values = attrgetter(*self.columns)
        self._key = [self.columns.index(name) for name in key.split()]
        self._table = table
        self._owner = owner
        self._where = " AND ".join(f'"{name}" = ?' for name in place.split())
        places = ", ".join(f'"{name}"' for name in place.split())
        listed = ", ".join(f'"{column}"' for column in self.columns)
        self._select = (
            f'SELECT {listed}, {places} FROM "{table}" WHERE "{owner or "id"}" = ?'
            f" ORDER BY {places}"
        )
        written = (*self.columns, owner) if owner else self.columns
        self._insert = (
            f'INSERT INTO "{table}" ({", ".join(written)})'
            f" VALUES ({', '.join('?' for _ in written)})"
        )
        self._index = next(
            (SearchIndex(search, self.columns) for search in SEARCHES if search.content == table),
            None,
        )

    def read(self, connection: Connection, article_id: int) -> list[Values]:
        """The article's rows: their columns, then their place."""
        return connection.execute(self._select, (article_id,)).fetchall()

    def insert(self, connection: Connection, row: Values, article_id: int | None) -> int:
        """Add a row; its rowid."""
        owned = row if self._owner is None else (*row, article_id)
        row_id = connection.execute(self._insert, owned).lastrowid or 0
        if self._index:
            self._index.add(connection, row_id, row)
        return row_id

    def update(self, connection: Connection, old: Values, new: Values) -> None:
        """Write the columns that differ; `old` is a row as `read` gives it."""
        width = len(self.columns)
        changed = [number for number in range(width) if old[number] != new[number]]
        if not changed:
            return
        setting = ", ".join(f'"{self.columns[number]}" = ?' for number in changed)
        connection.execute(
            f'UPDATE "{self._table}" SET {setting} WHERE {self._where}',
            (*(new[number] for number in changed), *old[width:]),
        )
        if self._index and self._index.covers(changed):
            self._index.drop(connection, old[width], old)
            self._index.add(connection, old[width], new)

    def delete(self, connection: Connection, old: Values) -> None:
        """Take out a row as `read` gives it."""
        place = old[len(self.columns) :]
        connection.execute(f'DELETE FROM "{self._table}" WHERE {self._where}', place)
        if self._index:
            self._index.drop(connection, place[0], old)

    def synchronise(
        self, connection: Connection, article_id: int, wanted: Iterable[Values]
    ) -> None:
        """Delete, update and insert until the article's rows are the wanted ones."""
        old = self._keyed(self.read(connection, article_id))
        new = self._keyed(wanted)
        for key in old.keys() - new.keys():
            self.delete(connection, old[key])
        for key, row in new.items():
            if key in old:
                self.update(connection, old[key], row)
            else:
                self.insert(connection, row, article_id)

    def _keyed(self, rows: Iterable[Values]) -> dict[Values, Values]:
        """Rows by key; of several with one key the first, the second and so on."""
        seen: Counter[Values] = Counter()
        found = {}
        for row in rows:
            key = tuple(row[number] for number in self._key)
            found[*key, seen[key]] = row
            seen[key] += 1
        return found
