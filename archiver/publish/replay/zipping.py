"""The structure of a ZIP archive of stored entries, around bytes that stay where they are.

Only headers are made here; what the entries hold is given as pieces. Sizes and offsets beyond
4 GiB use ZIP64. Source: APPNOTE 6.3.10, sections 4.3 and 4.5.3.
"""

import struct
import zlib
from collections.abc import Sequence

from archiver.publish.pieces import Piece, size_of

_BIG = 0xFFFFFFFF
_VERSION = 20
_VERSION_64 = 45
_UTF8 = 0x0800
_FIRST_DAY = (
    0x0021  # 1 January 1980: an archive of these bytes is the same whenever it is asked for
)
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_END_64 = struct.Struct("<4sQ2H2I4Q")
_LOCATOR_64 = struct.Struct("<4sIQI")


class StoredZip:
    """Entries added in order; `finish` gives the pieces of the whole archive."""

    def __init__(self) -> None:
        self._pieces: list[Piece] = []
        self._directory: list[bytes] = []
        self._offset = 0

    def add(self, name: str, content: bytes) -> None:
        """Add an entry held in memory."""
        self.add_pieces(name, [content], zlib.crc32(content))

    def add_pieces(self, name: str, content: Sequence[Piece], crc: int) -> None:
        """Add an entry whose bytes, joined, have this CRC-32."""
        encoded = name.encode()
        size, start = sum(map(size_of, content)), self._offset
        big = (size, size) if size >= _BIG else ()
        far = (*big, start) if start >= _BIG else big
        flags = 0 if name.isascii() else _UTF8
        shown = min(size, _BIG)
        common = (flags, 0, 0, _FIRST_DAY, crc, shown, shown, len(encoded))
        extra = _extra(*big)
        head = _LOCAL.pack(b"PK\x03\x04", _version(big), *common, len(extra))
        self._append(head + encoded + extra)
        for piece in content:
            self._append(piece)
        extra = _extra(*far)
        version = _version(far)
        place = (len(extra), 0, 0, 0, 0o644 << 16, min(start, _BIG))
        entry = _CENTRAL.pack(b"PK\x01\x02", version, version, *common, *place)
        self._directory.append(entry + encoded + extra)

    def finish(self) -> tuple[Piece, ...]:
        """The pieces of the archive, its directory included."""
        start, count = self._offset, len(self._directory)
        directory = b"".join(self._directory)
        end = b""
        if start + len(directory) >= _BIG or count >= 0xFFFF:
            at = start + len(directory)
            sizes = (count, count, len(directory), start)
            end = _END_64.pack(b"PK\x06\x06", 44, _VERSION_64, _VERSION_64, 0, 0, *sizes)
            end += _LOCATOR_64.pack(b"PK\x06\x07", 0, at, 1)
        shown = min(count, 0xFFFF)
        short = (shown, shown, min(len(directory), _BIG), min(start, _BIG))
        end += _END.pack(b"PK\x05\x06", 0, 0, *short, 0)
        return (*self._pieces, directory + end)

    def _append(self, piece: Piece) -> None:
        self._pieces.append(piece)
        self._offset += size_of(piece)


def _version(big: Sequence[int]) -> int:
    return _VERSION_64 if big else _VERSION


def _extra(*values: int) -> bytes:
    """The ZIP64 field with the values that do not fit, in their order; nothing without any."""
    if not values:
        return b""
    return struct.pack(f"<2H{len(values)}Q", 1, 8 * len(values), *values)
