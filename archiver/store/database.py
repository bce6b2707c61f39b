"""The archive's database as the crawl, imports and rebuilds use it: captures and facts go in, the
derived tables follow.

A capture and what it states are one short transaction; `derive_pending` brings the derived tables
up to date afterwards, in transactions of bounded size.
"""

from dataclasses import astuple
from pathlib import Path
from typing import Self

from archiver.errors import BadInput
from archiver.extract.facts import Facts, Problem
from archiver.store.connection import Connection, connect, connect_to_read
from archiver.store.corrections import FILE, Corrections, read_corrections
from archiver.store.coverage import Coverage
from archiver.store.deriving import derive_around, mark_corrected, note_unused
from archiver.store.encoding import as_json, storable
from archiver.store.fixity import Fixity
from archiver.store.freshness import Freshness
from archiver.store.model import (
    CAPTURE_COLUMNS,
    CaptureRow,
    CrawlEnd,
    CrawlStart,
    Site,
    Source,
)
from archiver.store.observing import record_facts
from archiver.store.revisits import Revisits
from archiver.store.sites import describe, show_all

BATCH = 200
"""Addresses derived in one transaction; another process waits no longer than for these."""


class Store(Coverage, Freshness, Revisits, Fixity):
    """An open database. Not for use by several threads; several processes may each have one."""

    def __init__(self, connection: Connection, corrections: Corrections) -> None:
        self.connection = connection
        self._corrections = corrections

    @classmethod
    def open(cls, path: Path, *, create: bool = True) -> Self:
        """Open the database at `path`, making or migrating it where needed, with the corrections
        in `corrections.toml` beside it.

        Raises BadInput (missing and not to be made, newer format, no archive, bad corrections),
        StorageFailed (full, read-only, unwritable), ArchiveDamaged (no sound database).
        """
        corrections = read_corrections(path.with_name(FILE))
        return cls(connect(path, create=create), corrections)

    @classmethod
    def open_to_read(cls, path: Path) -> Self:
        """As `open`, for what only reads: a database that cannot be written is opened, too."""
        return cls(connect_to_read(path), read_corrections(path.with_name(FILE)))

    def close(self) -> None:
        """Close the database; an open transaction is rolled back."""
        self.connection.close()

    def describe_site(self, site: Site, *, shown: bool = True) -> None:
        """Record what a profile says of its site; a crawl of it can begin then. A site that is not
        `shown` at once is when an article of it is known."""
        with self.atomic():
            describe(self.connection, site, shown=shown)

    def begin_crawl(self, start: CrawlStart) -> int:
        """Record a new crawl; its ID."""
        return self._add_crawl(None, start)

    def restore_crawl(self, crawl_id: int, start: CrawlStart) -> int:
        """Record a crawl that a WARC file's warcinfo tells of, under its own ID.

        The same crawl again, from another of its files, changes nothing. The ID that it has here:
        another one when two archives that used the same numbers are joined.
        """
        with self.atomic():
            same = self.connection.execute(
                "SELECT id FROM crawls WHERE started_at = ? AND source = ? AND site_id IS ?",
                (start.started_at, start.source, start.site_id),
            ).fetchone()
            if same is not None:
                return int(same[0])
            taken = self.connection.execute(
                "SELECT 1 FROM crawls WHERE id = ?", (crawl_id,)
            ).fetchone()
            return self._add_crawl(None if taken else crawl_id, start)

    def _add_crawl(self, crawl_id: int | None, start: CrawlStart) -> int:
        with self.atomic():
            return int(
                self.connection.execute(
                    "INSERT INTO crawls (id, site_id, source, started_at, user_agent, version,"
                    " options) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
                    (
                        crawl_id,
                        start.site_id,
                        start.source,
                        start.started_at,
                        storable(start.user_agent),
                        start.version,
                        as_json(dict(start.options)),
                    ),
                ).fetchone()[0]
            )

    def finish_crawl(self, crawl_id: int, end: CrawlEnd) -> None:
        """Record how a crawl ended."""
        with self.atomic():
            self.connection.execute(
                "UPDATE crawls SET finished_at = ?, outcome = ?, pages = ?, new_articles = ?,"
                " changed_articles = ?, errors = ? WHERE id = ?",
                (*astuple(end), crawl_id),
            )

    def resumable_crawl(self, site_id: str, source: Source = "live") -> int | None:
        """The site's last crawl of this source if it did not come to its end (killed, interrupted),
        or ended badly (failed, out of budget) with something left to fetch."""
        last = self.connection.execute(
            "SELECT id, outcome FROM crawls WHERE site_id = ? AND source = ?"
            " ORDER BY started_at DESC, id DESC LIMIT 1",
            (site_id, source),
        ).fetchone()
        if last is None or last[1] == "complete":
            return None
        left = self.connection.execute(
            "SELECT 1 FROM frontier WHERE crawl_id = ? AND (? IS NULL OR state = 'pending')"
            " LIMIT 1",
            last,
        ).fetchone()
        return int(last[0]) if left else None

    def started_at(self, crawl_id: int) -> str:
        """When a crawl began."""
        row = self.connection.execute("SELECT started_at FROM crawls WHERE id = ?", (crawl_id,))
        return str(row.fetchone()[0])

    def add_capture(self, row: CaptureRow) -> int:
        """Record a capture; its ID. The same record again changes nothing."""
        with self.atomic():
            added = self.connection.execute(
                f"INSERT INTO captures ({CAPTURE_COLUMNS})"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (record_id) DO NOTHING RETURNING id",
                astuple(row),
            ).fetchone()
            if added is None:
                added = self.connection.execute(
                    "SELECT id FROM captures WHERE record_id = ?", (row.record_id,)
                ).fetchone()
            return int(added[0])

    def capture(self, capture_id: int) -> CaptureRow:
        """A capture by its ID; BadInput when there is none."""
        row = self.connection.execute(
            f"SELECT {CAPTURE_COLUMNS} FROM captures WHERE id = ?", (capture_id,)
        ).fetchone()
        if row is None:
            raise BadInput(
                f"The archive has no capture {capture_id}: choose one of those it lists."
            )
        return CaptureRow(*row)

    def capture_named(self, record_id: str) -> CaptureRow | None:
        """The capture with a WARC record ID, if there is one."""
        row = self.connection.execute(
            f"SELECT {CAPTURE_COLUMNS} FROM captures WHERE record_id = ?", (record_id,)
        ).fetchone()
        return CaptureRow(*row) if row else None

    def newest_full_capture(self, url: str) -> CaptureRow | None:
        """The newest capture of a URL that gave it with its payload."""
        row = self.connection.execute(
            f"SELECT {CAPTURE_COLUMNS} FROM captures WHERE url = ? AND status = 200"
            " AND revisit_of IS NULL ORDER BY captured_at DESC LIMIT 1",
            (url,),
        ).fetchone()
        return CaptureRow(*row) if row else None

    def answered_before(self, url: str, crawl_id: int) -> bool:
        """Whether an earlier crawl got an answer for a URL, be it that there is nothing."""
        return (
            self.connection.execute(
                "SELECT 1 FROM captures WHERE url = ? AND crawl_id < ? AND status IN"
                " (200, 203, 304, 404, 410) LIMIT 1",
                (url, crawl_id),
            ).fetchone()
            is not None
        )

    def add_facts(
        self, capture_id: int, url: str, facts: Facts, site_id: str | None = None
    ) -> None:
        """Store what a capture states; `derive_pending` takes it from there. Facts of a capture
        that has some already change nothing. `site_id` None means the site of the crawl."""
        with self.atomic():
            record_facts(self.connection, capture_id, url, facts, site_id)

    def add_problem(self, url: str, problem: Problem, seen_at: str) -> None:
        """Record a problem that no capture stands for, such as a damaged record."""
        with self.atomic():
            self.connection.execute(
                "INSERT INTO problems (url, kind, detail, seen_at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (url, kind, detail) DO UPDATE"
                " SET seen_at = max(seen_at, excluded.seen_at)",
                (storable(url), problem.kind, storable(problem.detail), seen_at),
            )

    def derive_pending(self) -> None:
        """Bring the derived tables up to date with all captures and corrections.

        May be stopped at any moment: what is left stays marked and is done the next time.
        """
        with self.atomic():
            mark_corrected(self.connection, self._corrections)
        while self._derive_batch():
            pass
        with self.atomic():
            show_all(self.connection)
            note_unused(self.connection, self._corrections)

    def _derive_batch(self) -> bool:
        """Derive around the first touched addresses; whether there were any."""
        with self.atomic():
            keys = self.connection.execute(
                "SELECT url_key FROM dirty ORDER BY url_key LIMIT ?", (BATCH,)
            ).fetchall()
            done: set[str] = set()
            for (key,) in keys:
                if key not in done:
                    done |= derive_around(self.connection, key, self._corrections)
            self.connection.executemany(
                "DELETE FROM dirty WHERE url_key = ?", [(key,) for key in done]
            )
            return bool(keys)
