"""The archive as one WACZ that exists only while it is read: its index comes from the database, its
WARC files stay where they are.

No copy is made and nothing is unpacked, so that a capture can be replayed as soon as it has a row,
even while a crawl writes. Source: the WACZ 1.1.1 specification.
"""

import hashlib
import sqlite3
import zlib
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from archiver import __version__
from archiver.errors import ArchiverError
from archiver.publish.evidence import KEPT_BACK
from archiver.publish.opening import read_only
from archiver.publish.pieces import FilePart, Piece, size_of
from archiver.publish.replay.zipping import StoredZip
from archiver.store.model import CAPTURE_COLUMNS, CaptureRow
from archiver.warc.cdxj import index_line, is_replayable
from archiver.warc.files import OPEN_SUFFIX, resolve
from archiver.warc.model import Place, StoredExchange
from archiver.warc.wacz import (
    ARCHIVE,
    DATAPACKAGE,
    DATAPACKAGE_DIGEST,
    INDEX,
    PAGES,
    Description,
    Page,
    datapackage,
    digest_file,
    pages_file,
    to_json,
)

# Viewers fetch the list of pages whole, and ours never shows it.
_MOST_PAGES = 500
_KEPT = 3
_BLOCK = 2**20


@dataclass(frozen=True, slots=True)
class Package:
    """A WACZ: its pieces, its size in bytes, and a name that follows from what it holds."""

    name: str
    pieces: tuple[Piece, ...]
    size: int


@dataclass(slots=True)
class _Sums:
    """CRC-32 and SHA-256 of the first `size` bytes of a file, which may go on growing."""

    size: int = 0
    crc: int = 0
    sha256: "hashlib._Hash" = field(default_factory=hashlib.sha256)


class Packer:
    """Packs the archive anew when it has changed; safe to call from several threads.

    The last few packages stay, for viewers that have one open.
    """

    def __init__(self, database: Path, warcs: Path) -> None:
        self._database = database
        self._warcs = warcs
        self._lock = Lock()
        self._state: tuple[int, int] | None = None
        self._packages: list[Package] = []
        self._sums: dict[str, _Sums] = {}

    def current(self) -> Package | None:
        """The archive as it is now; None when nothing in it can be replayed."""
        with self._lock, closing(read_only(self._database)) as connection:
            (newest,) = connection.execute("select max(id) from captures").fetchone()
            state = (self._database.stat().st_ino, newest or 0)
            if state != self._state:
                package = self._pack(connection)
                others = [p for p in self._packages if package is None or p.name != package.name]
                self._packages = [*([package] if package else []), *others][:_KEPT]
                self._state = state
            return self._packages[0] if self._packages else None

    def find(self, name: str) -> Package | None:
        """A package that was current lately."""
        with self._lock:
            return next((p for p in self._packages if p.name == name), None)

    def _pack(self, connection: sqlite3.Connection) -> Package | None:
        rows = [
            CaptureRow(*row)
            for row in connection.execute(
                f"select {CAPTURE_COLUMNS} from captures where warc_file <> ?"
                " order by warc_file, warc_offset",
                (KEPT_BACK,),
            )
        ]
        sizes = self._sizes(rows)
        lines = [
            index_line(capture, row.warc_file)
            for row in rows
            if row.warc_offset + row.warc_length <= sizes.get(row.warc_file, 0)
            and is_replayable(capture := _as_stored(row))
        ]
        listed = _pages(connection)
        if not lines or not listed:
            return None
        archive = StoredZip()
        resources: list[dict[str, str | int]] = []
        for name, size in sizes.items():
            sums = self._summed(name, size)
            part = FilePart(self._warcs, name, 0, size)
            archive.add_pieces(f"{ARCHIVE}{name}", [part], sums.crc)
            resources.append(_resource(f"{ARCHIVE}{name}", sums.sha256.hexdigest(), size))
        for path, content in ((INDEX, b"".join(sorted(lines))), (PAGES, pages_file(listed))):
            archive.add(path, content)
            digest = hashlib.sha256(content).hexdigest()
            resources.append(_resource(path, digest, len(content)))
        return _seal(archive, resources, listed, max(row.captured_at for row in rows))

    def _sizes(self, rows: Sequence[CaptureRow]) -> dict[str, int]:
        """The bytes of each WARC file that can be given out: all of a finished one, of an open one
        those of captures in the database, which are durable."""
        ends: dict[str, int] = {}
        for row in rows:
            end = row.warc_offset + row.warc_length
            ends[row.warc_file] = max(end, ends.get(row.warc_file, 0))
        sizes = {}
        for name, end in ends.items():
            try:
                path = resolve(self._warcs, name)
                size = path.stat().st_size
            except (ArchiverError, OSError):
                continue  # a file that is missing takes its captures with it; `verify` tells of it
            sizes[name] = min(end, size) if path.name.endswith(OPEN_SUFFIX) else size
        return sizes

    def _summed(self, name: str, size: int) -> _Sums:
        """The sums of the first `size` bytes; what was read once is not read again."""
        sums = self._sums.get(name)
        if sums is None or sums.size > size:
            sums = self._sums[name] = _Sums()
        with resolve(self._warcs, name).open("rb") as file:
            file.seek(sums.size)
            while sums.size < size and (block := file.read(min(_BLOCK, size - sums.size))):
                sums.crc = zlib.crc32(block, sums.crc)
                sums.sha256.update(block)
                sums.size += len(block)
        return sums


def _as_stored(row: CaptureRow) -> StoredExchange:
    """The capture as far as an index line speaks of it."""
    revisit = row.revisit_of is not None
    return StoredExchange(
        place=Place(
            row.warc_file,
            row.warc_offset,
            row.warc_length,
            row.record_id,
            row.payload_digest or "",
            row.revisit_of,
        ),
        url=row.url,
        captured_at=row.captured_at,
        record_type="revisit" if revisit else "response",
        status=row.status,
        content_type=row.content_type,
        headers={},
        body=b"",
        revisit="identical-payload" if revisit else None,
    )


def _pages(connection: sqlite3.Connection) -> list[Page]:
    rows = connection.execute(
        "select c.url, c.captured_at, a.title from articles a join captures c"
        " on c.id = a.capture_id order by c.captured_at desc, c.record_id limit ?",
        (_MOST_PAGES,),
    ).fetchall()
    if not rows:
        rows = connection.execute(
            "select url, captured_at, null from captures where status = 200"
            " order by captured_at desc, record_id limit 1"
        ).fetchall()
    return [Page(url, captured_at, title) for url, captured_at, title in rows]


def _resource(path: str, sha256: str, size: int) -> dict[str, str | int]:
    name = path.rpartition("/")[2]
    return {"name": name, "path": path, "hash": f"sha256:{sha256}", "bytes": size}


def _seal(
    archive: StoredZip,
    resources: list[dict[str, str | int]],
    listed: list[Page],
    newest: str,
) -> Package:
    description = Description("Archive", f"archiver {__version__}", newest)
    package = to_json(datapackage(description, listed[0], resources))
    digest = hashlib.sha256(package).hexdigest()
    archive.add(DATAPACKAGE, package)
    archive.add(DATAPACKAGE_DIGEST, to_json(digest_file(f"sha256:{digest}", description, None)))
    pieces = archive.finish()
    return Package(digest[:20], pieces, sum(map(size_of, pieces)))
