"""Responses put together from bytes in memory and parts of files, sent without holding the files.

A part of a WARC file is named by folder and name: while it is being read the file may be finished,
and change from `<name>.open` to its name.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from archiver.warc.files import resolve

_BLOCK = 256 * 2**10
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class FilePart:
    """Bytes of the WARC file `name` in `folder`."""

    folder: Path
    name: str
    offset: int
    length: int


Piece = bytes | FilePart


def size_of(piece: Piece) -> int:
    """The bytes that a piece stands for."""
    return piece.length if isinstance(piece, FilePart) else len(piece)


def read(pieces: Sequence[Piece], start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """The bytes from `start` to before `end` of the pieces joined, block by block.

    Raises ArchiveDamaged when a file is gone; ends early when one has become shorter.
    """
    position = 0
    for piece in pieces:
        size = size_of(piece)
        low = max(start - position, 0)
        high = size if end is None else min(end - position, size)
        if low < high:
            yield from _read_piece(piece, low, high)
        position += size


def _read_piece(piece: Piece, low: int, high: int) -> Iterator[bytes]:
    if isinstance(piece, bytes):
        yield piece[low:high]
        return
    with resolve(piece.folder, piece.name).open("rb") as file:
        file.seek(piece.offset + low)
        left = high - low
        while left > 0 and (block := file.read(min(left, _BLOCK))):
            yield block
            left -= len(block)


@dataclass(frozen=True, slots=True)
class Stream:
    """An HTTP response whose body is the bytes from `start` to before `end` of joined pieces."""

    pieces: Sequence[Piece]
    content_type: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    start: int = 0
    end: int | None = None
    with_body: bool = True

    async def asgi_send(self, send: Send) -> None:
        """Send it; files are read in other threads, so that nobody waits for the disk."""
        end = sum(map(size_of, self.pieces)) if self.end is None else self.end
        fields = {
            **self.headers,
            "content-type": self.content_type,
            "content-length": str(end - self.start),
        }
        headers = [(name.encode(), value.encode("latin-1")) for name, value in fields.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        if self.with_body:
            blocks = read(self.pieces, self.start, end)
            while (block := await asyncio.to_thread(next, blocks, None)) is not None:
                await send({"type": "http.response.body", "body": block, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
