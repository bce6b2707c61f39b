"""A capture's own bytes: its records in the WARC file, and whether they still are what they were.

Each check is made on the bytes as they lie on the disk now, never on what the database says of
them: gzip's own checksum, the block digest, the payload digest, and the record against its row.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archiver.errors import ArchiveDamaged, ArchiverError, BadInput
from archiver.publish.pieces import FilePart
from archiver.store.model import CaptureRow
from archiver.warc.capture import (
    NotReadable,
    belongs_to,
    called_by_place,
    is_capture,
    name_of_place,
    to_capture,
)
from archiver.warc.digest import agrees, hasher_for
from archiver.warc.files import resolve
from archiver.warc.members import Member, walk_members
from archiver.warc.model import StoredExchange
from archiver.warc.reader import open_warc, read_at, read_item, read_record
from archiver.warc.record import Malformed, Record, bare, header_uri

KEPT_BACK = ""
"""What stands for the WARC file of a capture whose bytes a publication leaves out."""

# A capture's records lie together: none is looked for further away or behind more others.
_NEAR = 64 * 2**20
_MOST_COMPANIONS = 64
_COMPANIONS = {"request", "metadata"}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was compared: `ok` None where nothing could be, and the two values."""

    name: str
    ok: bool | None
    stated: str | None = None
    found: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The checks of a capture; `fault` is why its record could not be read at all."""

    checks: tuple[Check, ...]
    fault: str | None = None

    @property
    def broken(self) -> bool:
        """Whether something is not what it was."""
        return any(check.ok is False for check in self.checks)

    @property
    def intact(self) -> bool:
        """Whether nothing differs and the payload is the one that the archive names."""
        payload = any(check.name == "payload" and check.ok for check in self.checks)
        return payload and not self.broken


@dataclass(frozen=True, slots=True)
class Held:
    """A record of a capture and where its gzip member lies."""

    record: Record
    part: FilePart


def verify(warcs: Path, row: CaptureRow, original: CaptureRow | None) -> Verdict:
    """Read the record again and compare; a revisit's payload is that of its `original`."""
    try:
        path = _file_of(warcs, row)
        record = read_record(path, row.warc_offset, row.warc_length)
        capture = to_capture(record, row.warc_file, row.warc_offset, row.warc_length)
        if row.record_id == name_of_place(row.warc_file, row.warc_offset):
            capture = called_by_place(capture)
        body = payload(warcs, row, original)
    except (ArchiverError, NotReadable, OSError) as reason:
        return Verdict((), told(reason, warcs))
    whole = len(record.block) == record.block_length
    block = record.get("warc-block-digest")
    return Verdict(
        (
            Check("record", ok=True),
            _same("record_id", row.record_id, capture.place.record_id),
            _same("url", header_uri(row.url), capture.url),
            _same("captured_at", row.captured_at, capture.captured_at),
            _digest("block", block, record.block if whole else None),
            _digest("payload", row.payload_digest, body if whole else None),
        )
    )


def _file_of(warcs: Path, row: CaptureRow) -> Path:
    """The WARC file of a capture; raises as `archiver.warc.files.resolve` does, and BadInput when
    its bytes are not given out."""
    if row.warc_file == KEPT_BACK:
        raise BadInput("ses octets ont été retirés de la publication.")
    return resolve(warcs, row.warc_file)


def told(reason: Exception, warcs: Path) -> str:
    """What an error says, without where the archive lies on this machine."""
    return str(reason).replace(f"{warcs}/", "").replace(f" from {warcs}", "")


def _same(name: str, stated: str, found: str) -> Check:
    return Check(name, stated == found, stated, found)


def _digest(name: str, stated: str | None, data: bytes | None) -> Check:
    hasher = hasher_for(stated) if stated else None
    if stated is None or hasher is None or data is None:
        return Check(name, None, stated)
    hasher.update(data)
    found = f"{stated.partition(':')[0]}:{hasher.hexdigest()}"
    return Check(name, agrees(stated, hasher), stated, found)


def payload(warcs: Path, row: CaptureRow, original: CaptureRow | None) -> bytes | None:
    """The entity body of a capture, content coding kept; None for a revisit without its original.

    Raises ArchiveDamaged when the bytes cannot be read, BadInput when the file is no WARC.
    """
    capture = stored(warcs, row)
    if capture.revisit != "identical-payload":
        return capture.body
    return None if original is None else stored(warcs, original).body


def stored(warcs: Path, row: CaptureRow) -> StoredExchange:
    """The record that a row speaks of; raises as `payload` does."""
    try:
        return read_at(_file_of(warcs, row), row.warc_offset, row.warc_length)
    except OSError as error:
        raise ArchiveDamaged(f"{row.warc_file} cannot be read ({error.strerror}).") from error


def records(warcs: Path, row: CaptureRow, between: tuple[int, int | None]) -> tuple[Held, ...]:
    """The capture's records in the order of the file: metadata, request, response; `between` is
    where to look for them (`captures.around`). Raises as `payload` does."""
    held = tuple(_near(warcs, row, between))
    own = next((h.record for h in held if h.part.offset == row.warc_offset), None)
    if own is None or not is_capture(own):
        raise ArchiveDamaged(
            f"{row.warc_file} at byte {row.warc_offset}: this record is not a capture: "
            "run `archiver verify`."
        )
    concurrent = tuple(bare(name) for name in own.get_all("warc-concurrent-to"))
    return tuple(
        one
        for one in held
        if one.record is own or belongs_to(one.record, own.record_id, concurrent)
    )


def _near(warcs: Path, row: CaptureRow, between: tuple[int, int | None]) -> Iterator[Held]:
    start, end = between
    if row.warc_offset - start > _NEAR:
        start = row.warc_offset
    with open_warc(_file_of(warcs, row)) as file:
        for count, item in enumerate(walk_members(file, start)):
            late = item.offset > row.warc_offset
            if late and (count > _MOST_COMPANIONS or (end is not None and item.offset >= end)):
                return
            try:
                record = read_item(item) if isinstance(item, Member) else None
            except Malformed:
                continue
            if record and (item.offset == row.warc_offset or record.record_type in _COMPANIONS):
                yield Held(record, FilePart(warcs, row.warc_file, item.offset, item.length))


def info_part(warcs: Path, row: CaptureRow) -> FilePart | None:
    """The warcinfo record that opens the capture's file, which says who made it and how."""
    with open_warc(_file_of(warcs, row)) as file:
        item = next(walk_members(file), None)
    try:
        record = read_item(item) if isinstance(item, Member) else None
    except Malformed:
        return None
    if item is None or record is None or record.record_type != "warcinfo":
        return None
    return FilePart(warcs, row.warc_file, 0, item.length)
