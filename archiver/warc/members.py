"""The gzip members of a WARC file, one after the other, in constant memory.

Every member is inflated to its end, so that zlib checks its CRC-32 and length (RFC 1952 section
2.3.1): a member without its trailer is torn, which faster readers let pass. After a damaged member
the walk goes on at the next one that begins a WARC record.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

KEEP = 64 * 2**20
"""Of a member that inflates to more, only this much is kept in memory."""

MAGIC = b"\x1f\x8b\x08"
_CHUNK = 64 * 2**10
_SCAN = 2**20
_LOOK = 2**10
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
    """The offset of the first gzip member from `start` on that begins a WARC record, or None."""
    if _begins_record(file, start):
        return start
    file.seek(start)
    base, window = start, b""
    while chunk := file.read(_SCAN):
        window += chunk
        at = window.find(MAGIC)
        while at >= 0:
            if _begins_record(file, base + at):
                return base + at
            at = window.find(MAGIC, at + 1)
        overlap = window[1 - len(MAGIC) :]
        base += len(window) - len(overlap)
        window = overlap
        file.seek(base + len(window))
    return None


def _begins_record(file: BinaryIO, offset: int) -> bool:
    file.seek(offset)
    try:
        head = zlib.decompressobj(31).decompress(file.read(_LOOK), 16)
    except zlib.error:
        return False
    return head.startswith(b"WARC/")
