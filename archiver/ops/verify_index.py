"""The rows of `captures` beside the records of one WARC file: what they say, and what the records
say instead. The database connection is this worker's own, and only reads.
"""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from archiver.store.reading import reading_address
from archiver.warc.digest import is_own_form
from archiver.warc.http import media_type
from archiver.warc.model import StoredExchange

COLUMNS = (
    "warc_offset, warc_length, record_id, url, captured_at, status, content_type, payload_digest,"
    " revisit_of"
)


class Row(NamedTuple):
    """What a row of `captures` says of its record, in the order of `COLUMNS`."""

    offset: int
    length: int
    record_id: str
    url: str
    captured_at: str
    status: int | None
    content_type: str | None
    payload_digest: str | None
    revisit_of: str | None


def differences(row: Row, capture: StoredExchange) -> Iterator[tuple[str, object, object]]:
    """(column, what the row says, what the record says) wherever they are not the same."""
    place = capture.place
    read = Row(
        place.warc_offset,
        place.warc_length,
        place.record_id,
        capture.url,
        capture.captured_at,
        capture.status,
        media_type(capture.headers),
        place.payload_digest,
        place.revisit_of,
    )
    if row != read:
        for column, stated, found in zip(Row._fields, row, read, strict=True):
            if stated != found:
                yield column, stated, found


class Index:
    """The rows of one file in order of their offset; none without a database."""

    def __init__(self, database: Path | None, name: str) -> None:
        self._connection: sqlite3.Connection | None = None
        self._rows: Iterator[tuple[object, ...]] = iter(())
        if database is not None:
            self._connection = sqlite3.connect(reading_address(database), uri=True)
            self._rows = self._connection.execute(
                f"SELECT {COLUMNS} FROM captures WHERE warc_file = ? ORDER BY warc_offset", (name,)
            )
        self._ahead: Row | None = None
        self.next()

    def peek(self) -> Row | None:
        """The row that comes next, or None at the end."""
        return self._ahead

    def next(self) -> None:
        """Go on to the row after it."""
        values = next(self._rows, None)
        self._ahead = None if values is None else Row._make(values)

    def holds_copy(self, capture: StoredExchange) -> bool:
        """Whether the same record has its row elsewhere, as when a file was imported twice."""
        if self._connection is None:
            return True
        row = self._connection.execute(
            "SELECT url, captured_at, payload_digest FROM captures WHERE record_id = ?",
            (capture.place.record_id,),
        ).fetchone()
        if row is None or row[:2] != (capture.url, capture.captured_at):
            return False
        return row[2] == capture.place.payload_digest or self.stands_for(capture, row[2])

    def stands_for(self, capture: StoredExchange, payload_digest: str | None) -> bool:
        """Whether a capture is a revisit that states its payload by a digest of another kind than
        ours, and this is the digest of a payload that the archive has."""
        if capture.revisit != "identical-payload" or is_own_form(capture.place.payload_digest):
            return False
        assert self._connection is not None
        found = self._connection.execute(
            "SELECT 1 FROM captures WHERE payload_digest = ? AND revisit_of IS NULL LIMIT 1",
            (payload_digest,),
        )
        return found.fetchone() is not None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
