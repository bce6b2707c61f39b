"""WARC files that are plain, or compressed in one piece, copied to one gzip member a record.

Only so can a record be reached by its offset (WARC 1.1 annex D). Every byte of every record stays;
the stream is cut by Content-Length.
"""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from archiver.errors import BadInput
from archiver.warc.members import Member, Torn, inflate_all, walk_members
from archiver.warc.plain import is_plain
from archiver.warc.reader import SeveralRecords, read_item
from archiver.warc.record import END, MAX_HEAD, Malformed, head_length, parse_record

_BLOCK = 2**20
_LEVEL = 6
_MAX_RECORD = 2**32


def recompress(source: Path, target: BinaryIO) -> int:
    """Copy the records of `source` to `target`; returns how many.

    Raises BadInput at the first record that cannot be read, which a file without members leaves no
    way to pass over, and for records of more than 4 GiB.
    """
    with source.open("rb") as file:
        is_packed = not is_plain(file)
        file.seek(0)
        return _cut(source, _Inflated(inflate_all(file)) if is_packed else file, target)


def recut(source: Path, target: BinaryIO) -> None:
    """Copy `source` to `target`, and cut those gzip members that hold several records; a member
    whose records cannot be told apart stays as it is, and so does what is no whole member. Raises
    OSError."""
    with source.open("rb") as file, source.open("rb") as again:
        for item in walk_members(file):
            start = target.tell()
            if isinstance(item, Member) and _holds_several(item):
                again.seek(item.offset)
                try:
                    _cut(source, _Inflated(inflate_all(again, members=1)), target)
                    continue
                except BadInput as fault:
                    if isinstance(fault.__cause__, OSError):
                        raise fault.__cause__ from None
                    target.seek(start)
                    target.truncate()
            again.seek(item.offset)
            left = item.length
            while left > 0 and (part := again.read(min(left, _BLOCK))):
                target.write(part)
                left -= len(part)


def is_joined(source: Path) -> bool:
    """Whether one of the gzip members holds several records."""
    with source.open("rb") as file:
        return any(isinstance(item, Member) and _holds_several(item) for item in walk_members(file))


def _holds_several(item: Member) -> bool:
    try:
        record = read_item(item)
    except SeveralRecords:
        return True
    except Malformed:
        return False
    end = head_length(item.data, record) + record.block_length + len(END)
    return item.size > len(item.data) and item.size > end


def _cut(source: Path, stream: "_Inflated | BinaryIO", target: BinaryIO) -> int:
    records = 0
    ahead = b""
    try:
        while ahead := _skip_blank(stream, ahead):
            try:
                ahead = _copy_record(stream, ahead, target)
            except Malformed as reason:
                raise _torn(stream) or reason from None
            records += 1
        if torn := _torn(stream):
            raise torn
    except (OSError, Torn, Malformed) as reason:
        raise BadInput(
            f"{source} cannot be read past its record {records}: {reason}; mend it or leave it out."
        ) from reason
    return records


class _Inflated:
    """What a compressed file holds, as far as it can be inflated; `torn` says why it ends."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts = parts
        self._ahead = b""
        self.torn: Torn | None = None

    def read(self, size: int) -> bytes:
        """The next bytes, fewer than asked for where the compressed ones end or are damaged."""
        parts = [self._ahead]
        missing = size - len(self._ahead)
        while missing > 0 and self.torn is None:
            try:
                part = next(self._parts, None)
            except Torn as reason:
                self.torn = reason
                break
            if part is None:
                break
            parts.append(part)
            missing -= len(part)
        data = b"".join(parts)
        self._ahead = data[size:]
        return data[:size]


def _torn(stream: _Inflated | BinaryIO) -> Torn | None:
    return stream.torn if isinstance(stream, _Inflated) else None


def _skip_blank(stream: _Inflated | BinaryIO, ahead: bytes) -> bytes:
    """The next bytes of the stream, from the first that is no line break; empty at its end."""
    ahead = ahead.lstrip(b"\r\n")
    while len(ahead) < MAX_HEAD and (part := stream.read(MAX_HEAD)):
        ahead = (ahead + part).lstrip(b"\r\n")
    return ahead


def _copy_record(stream: _Inflated | BinaryIO, ahead: bytes, target: BinaryIO) -> bytes:
    """Copy the record that `ahead` begins; returns what was read past its block."""
    record = parse_record(ahead)
    if record.block_length > _MAX_RECORD:
        raise Malformed("the record is larger than 4 GiB")
    head = head_length(ahead, record)
    deflater = zlib.compressobj(_LEVEL, zlib.DEFLATED, 31)
    target.write(deflater.compress(ahead[: head + len(record.block)]))
    missing = record.block_length - len(record.block)
    while missing > 0:
        part = stream.read(min(missing, _BLOCK))
        if not part:
            raise Malformed("the record is shorter than its Content-Length")
        target.write(deflater.compress(part))
        missing -= len(part)
    target.write(deflater.compress(END) + deflater.flush())
    return record.rest
