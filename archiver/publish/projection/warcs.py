"""The WARC files of a publication: the capture records that are given out, byte for byte.

Each file of the archive becomes one of the same name with a warcinfo of its own. The request and
metadata records and the operator's warcinfo stay with the archive: they name contacts. Digests and
record IDs are those of the archive; only the place in the file is another.
"""

import hashlib
import os
import sqlite3
import uuid
from collections.abc import Iterable, Set
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from archiver import __version__
from archiver.errors import ArchiveDamaged
from archiver.publish.projection.database import PublicPlace
from archiver.warc.compose import WARC_FIELDS, compose_member
from archiver.warc.files import DIGEST_SUFFIX, file_sha256, resolve, write_side_file
from archiver.warc.record import format_fields

_LEVEL = 6
_BLOCK = 2**20
_NAMES = uuid.UUID("5d1f3c1e-9d0e-5f57-8a57-5c5d0f6f1d1b")


@dataclass(frozen=True, slots=True)
class _Record:
    record_id: str
    captured_at: str
    offset: int
    length: int


def publish_warcs(
    connection: sqlite3.Connection,
    warcs: Path,
    kept_back: Set[str],
    target: Path,
    earlier: Path | None,
) -> dict[str, PublicPlace]:
    """Write into the folder `target` every capture of the database but those kept back; where each
    record lies now, by the ID it has in the archive.

    A file that is the same in the folder `earlier` is linked from there. Raises ArchiveDamaged when
    bytes cannot be read.
    """
    places: dict[str, PublicPlace] = {}
    rows = connection.execute(
        "SELECT warc_file, record_id, captured_at, warc_offset, warc_length FROM captures"
        " ORDER BY warc_file, warc_offset"
    )
    files: dict[str, list[_Record]] = {}
    for name, *fields in rows:
        record = _Record(*fields)
        if record.record_id not in kept_back:
            files.setdefault(name, []).append(record)
    for name, records in files.items():
        info = _info(name, records)
        places |= _places(name, records, len(info))
        if not _link(name, info, places[records[-1].record_id], target, earlier):
            with (target / name).open("wb") as file:
                file.write(info)
                _copy(resolve(warcs, name), records, file)
            write_side_file(target / name, file_sha256(target / name))
    return places


def _info(name: str, records: Iterable[_Record]) -> bytes:
    """The warcinfo that opens a published file. It follows from the records, as do its date and ID,
    so that the same records make the same file."""
    listed = list(records)
    digest = hashlib.sha256("\n".join(r.record_id for r in listed).encode()).hexdigest()
    told = (
        f"Captures given out by an archive, {len(listed)} of those in its file of this name, each "
        f"byte for byte; list sha256:{digest}"
    )
    fields = {
        "format": "WARC File Format 1.1",
        "software": f"archiver/{__version__}",
        "description": told,
    }
    return compose_member(
        "warcinfo",
        (
            ("WARC-Date", max(record.captured_at for record in listed)),
            ("WARC-Filename", name),
        ),
        WARC_FIELDS,
        format_fields(fields.items()),
        record_id=uuid.uuid5(_NAMES, f"{name} {digest}").urn,
        level=_LEVEL,
    )


def _places(name: str, records: Iterable[_Record], start: int) -> dict[str, PublicPlace]:
    places = {}
    for record in records:
        # A record without an ID of its own is called by its place.
        own = record.record_id
        if own == f"{name}@{record.offset}":
            own = f"{name}@{start}"
        places[record.record_id] = PublicPlace(name, start, record.length, own)
        start += record.length
    return places


def _link(name: str, info: bytes, last: PublicPlace, target: Path, earlier: Path | None) -> bool:
    """Take the file from an earlier publication, if it has the same records."""
    if earlier is None:
        return False
    path, side = earlier / name, earlier / f"{name}{DIGEST_SUFFIX}"
    if not (path.is_file() and side.is_file()):
        return False
    with path.open("rb") as file:
        same = file.read(len(info)) == info
    if not same or path.stat().st_size != last.warc_offset + last.warc_length:
        return False
    os.link(path, target / name)
    os.link(side, target / side.name)
    return True


def _copy(source: Path, records: Iterable[_Record], target: BinaryIO) -> None:
    with source.open("rb") as file:
        for record in records:
            file.seek(record.offset)
            left = record.length
            while left > 0 and (block := file.read(min(left, _BLOCK))):
                target.write(block)
                left -= len(block)
            if left:
                raise ArchiveDamaged(
                    f"{source.name} ends before byte {record.offset + record.length}: run "
                    "`archiver verify`, bring the file back from a copy, then publish."
                )
