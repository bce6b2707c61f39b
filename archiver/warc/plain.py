"""The records of a WARC file that is not compressed, one after the other, in constant memory.

Nothing but Content-Length says where a record ends, so that what follows its block is looked at:
where no record begins, the length is wrong, and the walk goes on at the next line that begins one.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from archiver.warc.members import KEEP, Gap, Member, inflate_from, walk_members
from archiver.warc.record import MARK, MAX_HEAD, Malformed, head_length, parse_record

_BEGINS = re.compile(rb"(?<=\n)WARC/\d\.\d{1,2}\r?\n")
_LONGEST = len(b"\nWARC/1.10\r\n")
_SCAN = 2**20
_BLANK = 64
"""Bytes after a block in which the next record is looked for."""


def is_plain(file: BinaryIO) -> bool:
    """Whether a WARC file is not compressed."""
    file.seek(0)
    return file.read(len(MARK)) == MARK


def walk_records(file: BinaryIO, start: int = 0) -> Iterator[Member | Gap]:
    """As `walk_members`, whether the records are compressed or not."""
    return _walk(file, start) if is_plain(file) else walk_members(file, start)


def read_part(file: BinaryIO, offset: int, skip: int, length: int) -> Iterator[bytes]:
    """`length` bytes of the record at `offset`, after the first `skip`."""
    if not is_plain(file):
        yield from inflate_from(file, offset, skip, length)
        return
    file.seek(offset + skip)
    while length > 0 and (part := file.read(min(length, _SCAN))):
        yield part
        length -= len(part)


def _walk(file: BinaryIO, position: int) -> Iterator[Member | Gap]:
    size = file.seek(0, 2)
    while position < size:
        length, reason = _measure(file, position, size)
        if reason is not None:
            yield Gap(position, length, reason, position + length == size)
        else:
            file.seek(position)
            yield Member(position, length, file.read(min(length, KEEP)), length)
        position += length


def _measure(file: BinaryIO, offset: int, size: int) -> tuple[int, str | None]:
    """(how many bytes the record at `offset` takes with the blank lines after it, why there is no
    whole one)"""
    file.seek(offset)
    ahead = file.read(MAX_HEAD)
    try:
        record = parse_record(ahead)
    except Malformed as reason:
        return _next(file, offset + 1, size) - offset, str(reason)
    head = head_length(ahead, record)
    end = offset + head + record.block_length
    if end > size:
        following = _next(file, offset + head, size)
        return following - offset, "the record is cut off, or its Content-Length is wrong"
    file.seek(end)
    after = file.read(_BLANK)
    blank = len(after) - len(after.lstrip(b"\r\n"))
    if after[blank:].startswith(MARK) or end + blank == size:
        return end + blank - offset, None
    return _next(file, end, size) - offset, None


def _next(file: BinaryIO, start: int, size: int) -> int:
    """Where the first record from `start` on begins, or the end of the file."""
    base = max(0, start - 1)
    file.seek(base)
    window = b""
    while chunk := file.read(_SCAN):
        window += chunk
        if found := _BEGINS.search(window):
            return base + found.start()
        kept = window[-_LONGEST:]
        base += len(window) - len(kept)
        window = kept
    return size
