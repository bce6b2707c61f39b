"""Which capture holds the payload that a revisit record refers to (WARC 1.1 section 6.7).

A revisit whose original is not in the archive has a row and no facts, since nothing is known of its
payload; it gets them when the original comes in, so that the order of imports makes no difference.
"""

from collections.abc import Iterator

from archiver.store.connection import Connection
from archiver.store.model import CAPTURE_COLUMNS, CaptureRow

SECOND = 19
"""The part of an instant, to the second, that other tools refer by."""

GUESSES = 8
"""Captures that are looked at, of those which may be the original."""


class Revisits:
    """Questions about originals and what refers to them."""

    connection: Connection

    def captures_with_payload(self, payload_digest: str) -> list[CaptureRow]:
        """The first full captures with a payload; when there is none, the next one must be written
        in full."""
        return self._rows(f"payload_digest = ?1 ORDER BY id LIMIT {GUESSES}", (payload_digest,))

    def captures_referred_to(
        self, record_id: str | None, url: str | None, at: str | None
    ) -> list[CaptureRow]:
        """The full captures that a reference names, by record ID or by URL and instant."""
        return self._rows(
            "(record_id = ?1 OR (url = ?2 AND substr(captured_at, 1, ?4) = substr(?3, 1, ?4)))",
            (record_id, url, at, SECOND),
        )

    def captures_near(self, url: str, at: str) -> list[CaptureRow]:
        """Full captures of an address, the nearest ones in time first."""
        return self._rows(
            f"url = ?1 ORDER BY abs(julianday(captured_at) - julianday(?2)), id LIMIT {GUESSES}",
            (url, at),
        )

    def _rows(self, condition: str, values: tuple[object, ...]) -> list[CaptureRow]:
        found = self.connection.execute(
            f"SELECT {CAPTURE_COLUMNS} FROM captures WHERE revisit_of IS NULL AND {condition}",
            values,
        )
        return [CaptureRow(*row) for row in found]

    def settle_payload(self, capture_id: int, payload_digest: str) -> None:
        """Record the digest of the payload that a revisit was found to stand for, which it may have
        stated by a digest of another kind."""
        self.connection.execute(
            "UPDATE captures SET payload_digest = ?1"
            " WHERE id = ?2 AND revisit_of IS NOT NULL AND payload_digest IS NOT ?1",
            (payload_digest, capture_id),
        )

    def unread(self, after: int, most: int) -> list[tuple[int, CaptureRow]]:
        """At most `most` captures without facts, with IDs above `after`, in order."""
        found: Iterator[tuple[int, ...]] = self.connection.execute(
            f"SELECT id, {CAPTURE_COLUMNS} FROM captures WHERE id > ? AND NOT EXISTS"
            " (SELECT 1 FROM observations WHERE capture_id = captures.id) ORDER BY id LIMIT ?",
            (after, most),
        )
        return [(row[0], CaptureRow(*row[1:])) for row in found]  # type: ignore[arg-type]
