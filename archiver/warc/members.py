"""The gzip members of a WARC file, one after the other, in constant memory.

Every member is inflated to its end, so that zlib checks its CRC-32 and length (RFC 1952 section
2.3.1): a member without its trailer is torn, which faster readers let pass. After a damaged member
the walk goes on at the next one that begins a WARC record.
"""

import contextlib
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from archiver.warc.record import MARK

KEEP = 64 * 2**20
"""Of a member that inflates to more, only this much is kept in memory."""

MAGIC = b"\x1f\x8b\x08"
_CHUNK = 64 * 2**10
_SCAN = 2**20
_LOOK = 2**10
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_RECORD_ID = re.compile(rb"^WARC-Record-ID:[ \t]*(<[^<>\r\n]+>)", re.IGNORECASE | re.MULTILINE)
_WRONG_SUM = "the checksum at the end of the gzip member is wrong: any record may be altered"
_BOMB_RATIO = 500  # deflate ends at 1032; text and markup stay below 100


@dataclass(frozen=True, slots=True)
class Member:
    """One whole gzip member: where it lies in the file, what it holds (at most `KEEP` bytes of it)
    and how much that is in all."""

    offset: int
    length: int
    data: bytes
    size: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Bytes of a WARC file that are no whole gzip member; `to_end` when nothing readable follows
    them."""

    offset: int
    length: int
    reason: str
    to_end: bool


class _Unreadable(ValueError):
    pass


def walk_members(file: BinaryIO, start: int = 0) -> Iterator[Member | Gap]:
    """Every gzip member from the byte `start`, and the gaps between them, which together cover the
    file."""
    file.seek(start)
    position, ahead = start, b""
    while True:
        ahead = ahead or file.read(_CHUNK)
        if not ahead:
            return
        try:
            member, ahead = _inflate(file, position, ahead)
        except _Unreadable as unreadable:
            following = find_record(file, position + 1)
            end = file.seek(0, 2) if following is None else following
            yield Gap(position, end - position, str(unreadable), following is None)
            position, ahead = end, b""
            file.seek(position)
        else:
            yield member
            position += member.length


def _inflate(file: BinaryIO, offset: int, ahead: bytes) -> tuple[Member, bytes]:
    """(the member at `offset`, the bytes read past its end)"""
    if not MAGIC.startswith(ahead[: len(MAGIC)]):
        raise _Unreadable("these bytes are not gzip")
    inflater = zlib.decompressobj(31)
    kept: list[bytes] = []
    size = consumed = 0
    while not inflater.eof:
        if not ahead:
            ahead = file.read(_CHUNK)
            if not ahead:
                raise _Unreadable("the gzip member is cut off")
        try:
            part = inflater.decompress(ahead, _SCAN)
        except zlib.error:
            raise _Unreadable("the gzip member is corrupt") from None
        rest = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
        consumed += len(ahead) - len(rest)
        ahead = rest
        if size < KEEP:
            kept.append(part[: KEEP - size])
        size += len(part)
        if size > KEEP and size > _BOMB_RATIO * consumed:
            raise _Unreadable("the gzip member inflates absurdly")
    return Member(offset, consumed, b"".join(kept), size), ahead


def find_record(file: BinaryIO, start: int) -> int | None:
    """The offset of the first gzip member from `start` on that begins a WARC record, or None.

    A stored response may hold what looks like one: where the records of the file name their
    warcinfo record, whose ID no server knows, only one that names it counts.
    """
    if start == 0 and _begins_record(file, 0, None):
        return 0
    seal = _seal(file)
    file.seek(start)
    base, window = start, b""
    while chunk := file.read(_SCAN):
        window += chunk
        at = window.find(MAGIC)
        while at >= 0:
            if _begins_record(file, base + at, seal):
                return base + at
            at = window.find(MAGIC, at + 1)
        overlap = window[1 - len(MAGIC) :]
        base += len(window) - len(overlap)
        window = overlap
        file.seek(base + len(window))
    return None


def _begins_record(file: BinaryIO, offset: int, seal: bytes | None) -> bool:
    file.seek(offset)
    packed = file.read(_CHUNK if seal else _LOOK)
    inflater = zlib.decompressobj(31)
    try:
        begins = inflater.decompress(packed, len(MARK)) == MARK
        if not begins or seal is None:
            return begins
        head = inflater.decompress(inflater.unconsumed_tail, _CHUNK)
    except zlib.error:
        return False
    return seal in _HEAD_END.split(head, 1)[0]


def _seal(file: BinaryIO) -> bytes | None:
    """The ID of the warcinfo record that opens the file, if the record after it names it."""
    file.seek(0)
    try:
        first, ahead = _inflate(file, 0, file.read(_CHUNK))
        second, _ = _inflate(file, first.length, ahead or file.read(_CHUNK))
    except _Unreadable:
        return None
    record_id = _RECORD_ID.search(_HEAD_END.split(first.data, 1)[0])
    if record_id is None or record_id[1] not in _HEAD_END.split(second.data, 1)[0]:
        return None
    return record_id[1]


class Torn(ValueError):
    """Compressed bytes that cannot be read further; says why."""


def inflate_all(file: BinaryIO, members: int | None = None) -> Iterator[bytes]:
    """What gzip members hold, from the file's place on, one after the other: to their end, or that
    of the first so many of them. Raises Torn once all is given that can be inflated."""
    ahead = file.read(_CHUNK)
    while ahead.strip(b"\0") and members != 0:  # zeros may fill up a last block
        inflater = zlib.decompressobj(31)
        while not inflater.eof:
            ahead = ahead or file.read(_CHUNK)
            if not ahead:
                raise Torn("the gzip member is cut off")
            before = inflater.copy()
            try:
                yield inflater.decompress(ahead, _SCAN)
            except zlib.error as error:
                yield _up_to_damage(before, ahead)
                is_whole = "incorrect" in str(error) and "check" in str(error)
                raise Torn(_WRONG_SUM if is_whole else "the gzip member is corrupt") from None
            ahead = inflater.unconsumed_tail
        ahead = inflater.unused_data or file.read(_CHUNK)
        members = None if members is None else members - 1


def _up_to_damage(inflater: "zlib._Decompress", data: bytes) -> bytes:
    """Byte for byte, since zlib gives nothing of the call in which it meets the damage."""
    given = bytearray()
    with contextlib.suppress(zlib.error):
        for at in range(len(data)):
            given += inflater.decompress(data[at : at + 1])
    return bytes(given)


def inflate_from(file: BinaryIO, offset: int, skip: int, length: int) -> Iterator[bytes]:
    """`length` bytes of what the whole gzip member at `offset` holds, after the first `skip`."""
    file.seek(offset)
    inflater = zlib.decompressobj(31)
    ahead = b""
    while length > 0 and not inflater.eof:
        ahead = ahead or file.read(_CHUNK)
        if not ahead:
            return
        part = inflater.decompress(ahead, _SCAN)
        ahead = inflater.unconsumed_tail
        part, skip = part[skip:], max(0, skip - len(part))
        yield part[:length]
        length -= len(part[:length])
