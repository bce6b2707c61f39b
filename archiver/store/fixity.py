"""The WARC files that the database speaks of: what they were when they were finished, and what was
done to those that a crash had left open.
"""

import json
from collections.abc import Sequence
from dataclasses import astuple

from archiver.store.model import RecoveryRow
from archiver.store.transactions import Transactions


class Fixity(Transactions):
    """Questions and notes about WARC files."""

    def add_warc_file(self, warc_file: str, sha256: str, size: int, finished_at: str) -> None:
        """Record the fixity of a finished WARC file."""
        with self.atomic():
            self.connection.execute(
                "INSERT INTO warc_files (warc_file, sha256, bytes, finished_at)"
                " VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (warc_file, sha256, size, finished_at),
            )

    def forget_renamed(self, present: Sequence[str]) -> None:
        """Forget the fixity of files that are not there by their name and are by another."""
        with self.atomic():
            self.connection.execute(
                "WITH present AS (SELECT value AS name FROM json_each(?)) DELETE FROM warc_files"
                " WHERE warc_file NOT IN present AND sha256 IN"
                " (SELECT sha256 FROM warc_files WHERE warc_file IN present)",
                (json.dumps(present),),
            )

    def known_warc_files(self) -> set[str]:
        """The names of the finished WARC files whose fixity is recorded."""
        return {name for (name,) in self.connection.execute("SELECT warc_file FROM warc_files")}

    def captures_in(self, warc_file: str) -> int:
        """How many captures have their row, of those in a WARC file."""
        row = self.connection.execute(
            "SELECT count(*) FROM captures WHERE warc_file = ?", (warc_file,)
        )
        return int(row.fetchone()[0])

    def noted_tails(self) -> set[str]:
        """The quarantined ends of WARC files of which a recovery tells."""
        rows = self.connection.execute("SELECT quarantine_file FROM recoveries")
        return {name for (name,) in rows if name}

    def add_recovery(self, row: RecoveryRow) -> None:
        """Record what was done to a WARC file that a crash had left open."""
        with self.atomic():
            self.connection.execute(
                "INSERT INTO recoveries (recovered_at, warc_file, records, cut_bytes,"
                " quarantine_file, detail) VALUES (?, ?, ?, ?, ?, ?)",
                astuple(row),
            )
