"""Captures read back from WARC files, ours and anyone's, in constant memory.

Every gzip member is checked whole and damage is yielded among the captures, so that a caller goes
on after it and can report it: fastwarc and warcio give a torn last record as a shorter page. The
request and metadata records of a capture are joined to its response when they lie next to it and
name it, or it them, in WARC-Concurrent-To (WARC 1.1 section 5.7).
"""

import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from archiver.errors import ArchiveDamaged, BadInput
from archiver.warc.capture import NotReadable, belongs_to, is_capture, to_capture, with_companion
from archiver.warc.files import OPEN_SUFFIX, open_regular
from archiver.warc.members import Gap, Member, find_record, inflate_from, walk_members
from archiver.warc.model import Damage, StoredExchange
from archiver.warc.plain import is_plain, walk_records
from archiver.warc.record import (
    MARK,
    MAX_HEAD,
    Fields,
    Malformed,
    Record,
    bare,
    parse_fields,
    parse_record,
)

RESTORE = "bring the file back from a copy; its other captures can be read"
TAKE_APART = "bring the file back from a copy, or import this one: that takes the records apart"
NOTE = "the program that wrote the file broke the WARC standard; keep the file and note it"
UNCHECKED = "check it with a program that knows this kind of digest, if it matters"
NOTES = frozenset({NOTE, UNCHECKED})
"""What is advised about records that are whole: in files of other programs no damage."""
_MAX_LOOSE = 8


@dataclass(frozen=True, slots=True)
class Info:
    """A file's warcinfo record: its ID without angle brackets, and its fields in order."""

    record_id: str
    fields: Fields

    def get(self, name: str) -> str | None:
        """The first value of a field, or None."""
        return next((value for key, value in self.fields if key == name), None)


def read_captures(
    path: Path, start: int = 0, aside: Callable[[Record, int], None] | None = None
) -> Iterator[StoredExchange | Damage]:
    """Every capture of an http or https address in the file, and every damage where it was met,
    from the gzip member at the byte `start` on.

    `aside` is called with each record that is no capture, and its offset. Of a record larger than
    64 MiB only that much is read, and it is given as truncated. Raises BadInput when the file
    cannot be opened or is not a WARC with one gzip member per record.
    """
    with open_warc(path) as file:
        yield from read_captures_of(file, warc_name(path), start, aside)


def read_captures_of(
    file: BinaryIO,
    name: str,
    start: int = 0,
    aside: Callable[[Record, int], None] | None = None,
) -> Iterator[StoredExchange | Damage]:
    """As `read_captures`, of an open file, compressed or not, that is to be called `name`."""
    joiner = _Joiner()
    for item in walk_records(file, start):
        record = None
        try:
            record = read_item(item)
            if is_capture(record):
                capture = to_capture(record, name, item.offset, item.length)
                yield from joiner.begin(capture, record)
            else:
                joiner.add(record)
                if aside is not None:
                    aside(record, item.offset)
        except (Malformed, NotReadable) as reason:
            if isinstance(reason, SeveralRecords) and item.offset == 0:
                raise _not_by_record(name) from None
            url = record.target_uri if record else None
            advice = RESTORE if isinstance(reason, Malformed) else NOTE
            yield Damage(name, item.offset, url, str(reason), advice)
    yield from joiner.end()


def read_at(path: Path, offset: int, length: int) -> StoredExchange:
    """The capture whose response, revisit or resource record is the gzip member at `offset`.

    What its request and metadata records add is left None. Raises BadInput when the file cannot be
    opened, ArchiveDamaged when these bytes are no such record.
    """
    record = read_record(path, offset, length)
    try:
        if is_capture(record):
            return to_capture(record, warc_name(path), offset, length)
    except NotReadable as reason:
        raise _damaged(path, offset, str(reason)) from None
    raise _damaged(path, offset, "this record is not a capture")


def read_record(path: Path, offset: int, length: int) -> Record:
    """The record that is the gzip member at `offset`; raises as `read_at` does."""
    with open_warc(path) as file:
        item = next(walk_members(file, offset), None)
    if item is None:
        raise _damaged(path, offset, "the file ends before it")
    if item.length != length:
        raise _damaged(path, offset, f"there is no gzip member of {length} bytes")
    try:
        return read_item(item)
    except Malformed as reason:
        raise _damaged(path, offset, str(reason)) from None


def is_cut_short(path: Path, offset: int) -> bool:
    """Whether the record at `offset` says that it is not all there (WARC-Truncated); only its head
    is read. Raises as `read_at` does."""
    with open_warc(path) as file:
        try:
            head = b"".join(inflate_from(file, offset, 0, MAX_HEAD))
            return parse_record(head).get("warc-truncated") is not None
        except (Malformed, zlib.error) as reason:
            raise _damaged(path, offset, str(reason)) from None


def read_info(path: Path) -> Info | None:
    """The warcinfo record that opens the file, or None if it opens with another; raises BadInput as
    `read_captures` does."""
    with open_warc(path) as file:
        return read_info_of(file)


def read_info_of(file: BinaryIO) -> Info | None:
    """As `read_info`, of an open file, compressed or not."""
    item = next(walk_records(file), None)
    try:
        record = read_item(item) if item else None
    except Malformed:
        return None
    if record is None or record.record_type != "warcinfo":
        return None
    return Info(record.record_id, parse_fields(record.block))


class SeveralRecords(Malformed):
    """A gzip member with more than one record, as a file compressed in one piece has."""


@contextmanager
def open_warc(path: Path) -> Iterator[BinaryIO]:
    """A WARC file with a gzip member per record, from its first byte; raises BadInput for any other
    file. A file still open may be empty."""
    try:
        file = open_regular(path)
    except OSError as error:
        raise BadInput(f"{path} cannot be read ({error.strerror}): check its name.") from error
    with file:
        if not path.name.endswith(OPEN_SUFFIX):
            _refuse_what_is_no_warc(path, file)
        file.seek(0)
        yield file


def _refuse_what_is_no_warc(path: Path, file: BinaryIO) -> None:
    if is_plain(file):
        raise _not_by_record(path.name)
    if find_record(file, 0) is None:
        raise BadInput(f"{path} is not a WARC file: give a .warc.gz.")


def _not_by_record(name: str) -> BadInput:
    return BadInput(f"{name} is not compressed record by record: import it, and use the copy.")


def warc_name(path: Path) -> str:
    """The name that a WARC file has or will have when it is finished."""
    return path.name.removesuffix(OPEN_SUFFIX)


def read_item(item: Member | Gap) -> Record:
    """The one record of a gzip member; raises Malformed, with the reason."""
    if isinstance(item, Gap):
        raise Malformed(item.reason)
    record = parse_record(item.data)
    if item.size > len(item.data):
        return record
    if len(record.block) < record.block_length:
        raise Malformed("the record is shorter than its Content-Length")
    following = record.rest.lstrip(b"\r\n")
    if following.startswith(MARK):
        raise SeveralRecords("the gzip member holds more than one record")
    if following:
        raise Malformed("the record is longer than its Content-Length")
    return record


def _damaged(path: Path, offset: int, what: str) -> ArchiveDamaged:
    return ArchiveDamaged(f"{path} at byte {offset}: {what}: run `archiver verify`.")


class _Joiner:
    """Holds each capture back until the next one, since its companions may come on either side."""

    def __init__(self) -> None:
        self._capture: StoredExchange | None = None
        self._concurrent_to: tuple[str, ...] = ()
        self._loose: list[Record] = []

    def add(self, record: Record) -> None:
        if record.record_type not in {"request", "metadata"}:
            return
        capture = self._capture
        if capture and belongs_to(record, capture.place.record_id, self._concurrent_to):
            self._capture = with_companion(capture, record)
        else:
            self._loose = [*self._loose, record][-_MAX_LOOSE:]

    def begin(self, capture: StoredExchange, record: Record) -> Iterator[StoredExchange]:
        yield from self.end()
        self._capture = capture
        self._concurrent_to = tuple(bare(name) for name in record.get_all("warc-concurrent-to"))
        loose, self._loose = self._loose, []
        for companion in loose:
            self.add(companion)

    def end(self) -> Iterator[StoredExchange]:
        if self._capture is not None:
            method = self._capture.method or "imported"
            yield replace(self._capture, method=method)
        self._capture = None
