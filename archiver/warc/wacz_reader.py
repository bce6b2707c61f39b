"""WACZ files opened without trusting them.

A ZIP whose names leave their folder, whose entries overlap, are links, encrypted or inflate
absurdly is refused before anything of it is read (PKWARE APPNOTE 4.4; CWE-22, CWE-409).
"""

import io
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from archiver.errors import BadInput, StorageFailed
from archiver.warc.wacz import ARCHIVE

MAX_ENTRIES = 100_000
MAX_TEXT = 2**30
"""An index or page list larger than this is not read."""

_LOCAL_HEADER = 30
_MAX_WARC_RATIO = 20  # gzip members hardly deflate again
_MAX_TEXT_RATIO = 200
_RATIO_MATTERS_FROM = 2**24
_BLOCK = 2**20


class Wacz:
    """The entries of a WACZ that `open_wacz` found safe."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self.path = path
        self._archive = archive
        self.entries = {info.filename: info for info in archive.infolist() if not info.is_dir()}

    @property
    def warc_names(self) -> list[str]:
        """The entries that are WARC files, in order of name."""
        return sorted(name for name in self.entries if is_warc(name))

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """An entry as a file that can be read and sought; a damaged one raises BadZipFile or
        zlib.error while it is read."""
        info = self.entries[name]
        if info.compress_type != zipfile.ZIP_STORED:
            with self._archive.open(info) as deflated:
                yield cast(BinaryIO, deflated)
            return
        with self.path.open("rb") as file, io.BufferedReader(_window(file, info)) as stored:
            yield stored

    def copy(self, name: str, target: BinaryIO) -> None:
        """Copy an entry, checked by its CRC-32, to `target`; raises BadInput when it is damaged,
        StorageFailed when `target` cannot be written."""
        try:
            with self._archive.open(self.entries[name]) as source:
                while part := source.read(_BLOCK):
                    _write(target, part)
        except (zipfile.BadZipFile, EOFError, ValueError, OSError, zlib.error) as reason:
            raise BadInput(f"{self.path}: {name} is damaged: get another copy.") from reason

    def copy_as_it_is(self, name: str, target: BinaryIO) -> None:
        """Copy a stored entry without a look at its CRC-32, for what can still be read of it;
        raises BadInput when it is deflated or its place cannot be told, StorageFailed."""
        if self.entries[name].compress_type != zipfile.ZIP_STORED:
            raise BadInput(f"{self.path}: {name} is damaged: get another copy.")
        try:
            with self.open(name) as source:
                while part := source.read(_BLOCK):
                    _write(target, part)
        except (zipfile.BadZipFile, struct.error) as reason:
            raise BadInput(f"{self.path}: {name} is damaged: get another copy.") from reason


def _write(target: BinaryIO, part: bytes) -> None:
    try:
        target.write(part)
    except OSError as error:
        raise StorageFailed(f"cannot write ({error.strerror}): free space.") from error


@contextmanager
def open_wacz(path: Path) -> Iterator[Wacz]:
    """Open a WACZ; raises BadInput when it is no ZIP or not a safe one, with the reason."""
    with open_zip(path) as archive:
        for name, what in unsafe_entries(archive):
            raise BadInput(f"{path} is refused: {name!r} {what}.")
        wacz = Wacz(path, archive)
        if not wacz.warc_names:
            raise BadInput(f"{path} holds no WARC file under archive/: it is no WACZ.")
        yield wacz


@contextmanager
def open_zip(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a ZIP file; raises BadInput when it is none."""
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile, struct.error, ValueError, NotImplementedError) as reason:
        raise BadInput(
            f"{path} is not a readable ZIP file, or its end is cut off: get another copy."
        ) from reason
    with archive:
        yield archive


def is_warc(name: str) -> bool:
    return name.startswith(ARCHIVE) and name.endswith((".warc.gz", ".warc"))


def unsafe_entries(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """(name, what is wrong) of each entry that must not be read; the name may be hostile."""
    infos = archive.infolist()
    if len(infos) > MAX_ENTRIES:
        yield "", f"has more than {MAX_ENTRIES} entries"
        return
    seen: set[str] = set()
    for info in infos:
        fault = _unsafe_name(info) or _unsafe_content(info)
        if info.filename.casefold() in seen:
            fault = "is there twice"
        seen.add(info.filename.casefold())
        if fault:
            yield info.filename[:100], fault
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            yield info.filename[:100], "overlaps another entry"
        end = info.header_offset + _LOCAL_HEADER + len(info.filename) + info.compress_size


def _unsafe_name(info: zipfile.ZipInfo) -> str | None:
    name = info.orig_filename
    path = PurePosixPath(name)
    outside = path.is_absolute() or ".." in path.parts or ":" in name.partition("/")[0]
    if outside or "\\" in name or any(ord(letter) < 32 for letter in name) or not name:
        return "has a name that leads out of its folder"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "is a symbolic link"
    return None


def _unsafe_content(info: zipfile.ZipInfo) -> str | None:
    if info.flag_bits & 1:
        return "is encrypted"
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        return "is compressed in a way that WACZ does not know"
    if info.compress_type == zipfile.ZIP_STORED and info.file_size != info.compress_size:
        return "states two sizes"
    limit = _MAX_WARC_RATIO if is_warc(info.filename) else _MAX_TEXT_RATIO
    if info.file_size > max(_RATIO_MATTERS_FROM, limit * info.compress_size):
        return "inflates absurdly"
    if not is_warc(info.filename) and info.file_size > MAX_TEXT:
        return "is too large"
    return None


def _window(file: BinaryIO, info: zipfile.ZipInfo) -> "_Window":
    """The bytes of a stored entry, which ZipExtFile can only seek by reading."""
    file.seek(info.header_offset)
    header = file.read(_LOCAL_HEADER)
    if len(header) < _LOCAL_HEADER or header[:4] != b"PK\x03\x04":
        raise zipfile.BadZipFile("the local header is damaged")
    name_length, extra_length = struct.unpack("<HH", header[26:30])
    start = info.header_offset + _LOCAL_HEADER + name_length + extra_length
    return _Window(file, start, info.file_size)


class _Window(io.RawIOBase):
    """`size` bytes of a file from `start`, as a file of their own."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        super().__init__()
        self._file, self._start, self._size, self._position = file, start, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        wanted = max(0, min(len(buffer), self._size - self._position))
        self._file.seek(self._start + self._position)
        part = self._file.read(wanted)
        buffer[: len(part)] = part
        self._position += len(part)
        return len(part)
