"""Foreign files copied beside the archive's own, under names that no reader of the archive looks
at.

The bytes that are checked are those that are kept: a copy is made and hashed in one go, the
original is only read. A file that is plain or compressed in one piece is recompressed record by
record (WARC 1.1 annex D).
"""

import contextlib
import math
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from archiver.errors import BadInput
from archiver.warc.files import (
    OPEN_SUFFIX,
    SUFFIX,
    file_sha256,
    open_regular,
    storage_errors,
    storage_failed,
)
from archiver.warc.members import MAGIC, Torn, inflate_all
from archiver.warc.model import Damage
from archiver.warc.plain import is_plain
from archiver.warc.recompress import is_joined, recompress, recut
from archiver.warc.record import END, MARK, MAX_HEAD, Malformed, head_length, parse_record
from archiver.warc.wacz_reader import Wacz, open_wacz

DRAFT_SUFFIX = ".importing"
ZIP = b"PK\x03\x04"
_ARC = b"filedesc://"
_PACKED = "is compressed by {0}: decompress it with `{0} -d`, then import the .warc."
_OTHERS = {
    _ARC: "is an ARC file: convert it with `warcio recompress`, then import the WARC.",
    b"\x28\xb5\x2f\xfd": _PACKED.format("zstd"),
    b"BZh": _PACKED.format("bzip2"),
    b"\xfd7zXZ\0": _PACKED.format("xz"),
}
"""How what others keep captures in begins, and what to do with it."""
_LONGEST_START = 16
_BLOCK = 2**20
_LONGEST_NAME = 150
_ALTERED = "its bytes are not those of its checksum in the WACZ"
_TORN = "get a whole copy of the file and import that, too; what could be read is here"


@dataclass(frozen=True, slots=True)
class Staged:
    """A WARC file that may take its place: `draft` are its bytes, `name` the name it should have,
    `source` what a person calls it, `source_sha256` what it was before it was recompressed, `torn`
    says that its end could not be read, or that some of it is not what was packed."""

    draft: Path
    name: str
    source: str
    sha256: str
    source_sha256: str
    torn: Damage | None = None

    @property
    def is_part(self) -> bool:
        """Whether it was packed with others, of which it is not to be a hindrance."""
        return "/" in self.source


def stage(source: Path, folder: Path) -> Iterator[Staged]:
    """Copy the WARC file `source`, or those of the WACZ `source`, into drafts in `folder`.

    Raises BadInput when it is neither, or not safe to read, StorageFailed when the disk refuses.
    """
    if source.name.endswith(OPEN_SUFFIX):
        raise BadInput(f"{source} is still being written: import it when it has its final name.")
    start = _first_bytes(source)
    if start.startswith(ZIP):
        yield from _stage_wacz(source, folder)
    elif start.startswith((MAGIC, MARK)):
        with _readable(source) as file:
            yield _stage_file(source.name, source.name, folder, _copier(source, file))
    else:
        raise BadInput(f"{source} {_what_it_is(start)}")


def remove_drafts(folder: Path) -> None:
    """Remove what an import that was stopped left behind."""
    for path in folder.glob(f"*{DRAFT_SUFFIX}"):
        path.unlink()


def _first_bytes(source: Path) -> bytes:
    """How a file begins; of one that holds an ARC file, how that does."""
    with _readable(source) as file:
        start = file.read(_LONGEST_START)
        if start.startswith(MAGIC):
            file.seek(0)
            with contextlib.suppress(Torn):
                held = next(inflate_all(file), b"")
                return _ARC if held.startswith(_ARC) else start
        return start


def _what_it_is(start: bytes) -> str:
    """What to do with a file that cannot be imported as it is."""
    for begins, what in _OTHERS.items():
        if start.startswith(begins):
            return what
    return "is neither a WARC nor a WACZ file: check its name."


@contextmanager
def _readable(source: Path) -> Iterator[BinaryIO]:
    try:
        file = open_regular(source)
    except OSError as error:
        raise BadInput(f"{source} cannot be read ({error.strerror}): check its name.") from error
    with file:
        yield file


def _copier(source: Path, file: BinaryIO) -> Callable[[BinaryIO], None]:
    def copy(target: BinaryIO) -> None:
        while True:
            try:
                part = file.read(_BLOCK)
            except OSError as error:
                raise BadInput(f"{source} cannot be read: {error.strerror}.") from error
            if not part:
                return
            target.write(part)

    return copy


def _stage_wacz(source: Path, folder: Path) -> Iterator[Staged]:
    with open_wacz(source) as wacz:
        for name in wacz.warc_names:
            altered: list[Damage] = []
            label = f"{source.name}/{name}"
            copy = partial(_copy_entry, wacz, name, label, altered)
            staged = _stage_file(name.rpartition("/")[2], label, folder, copy)
            yield replace(staged, torn=staged.torn or next(iter(altered), None))


def _copy_entry(wacz: Wacz, name: str, label: str, altered: list[Damage], target: BinaryIO) -> None:
    try:
        wacz.copy(name, target)
    except BadInput:
        target.seek(0)
        target.truncate()
        wacz.copy_as_it_is(name, target)
        altered.append(Damage(label, 0, None, _ALTERED, _TORN))


def _stage_file(own: str, source: str, folder: Path, copy: Callable[[BinaryIO], None]) -> Staged:
    draft = _write_draft(folder, copy)
    source_sha256 = sha256 = file_sha256(draft)
    torn = None
    if not _is_by_record(draft):
        draft, torn = _recompressed(draft, source, folder)
        sha256 = file_sha256(draft)
    elif is_joined(draft):
        draft = _recut(draft, folder)
        sha256 = file_sha256(draft)
    return Staged(draft, _plain_name(own), source, sha256, source_sha256, torn)


def _write_draft(folder: Path, write: Callable[[BinaryIO], None]) -> Path:
    with storage_errors(folder):
        descriptor, name = tempfile.mkstemp(DRAFT_SUFFIX, "", folder)
        with os.fdopen(descriptor, "wb") as target:
            os.fchmod(descriptor, 0o644)
            write(target)
            target.flush()
            os.fsync(descriptor)
    return Path(name)


def _recompressed(packed: Path, source: str, folder: Path) -> tuple[Path, Damage | None]:
    """(the draft in place of `packed`, what was wrong with its end)"""
    torn: Damage | None = None

    def write(target: BinaryIO) -> None:
        nonlocal torn
        try:
            recompress(packed, target)
        except BadInput as fault:
            cause = fault.__cause__
            if isinstance(cause, OSError) and cause.errno is not None:
                raise storage_failed(folder, cause) from cause
            if target.tell() == 0:
                raise BadInput(f"{source} holds no record that can be read: {cause}.") from fault
            torn = Damage(source, 0, None, f"it cannot be read to its end: {cause}", _TORN)

    draft = _write_draft(folder, write)
    packed.unlink()
    return draft, torn


def _recut(joined: Path, folder: Path) -> Path:
    def write(target: BinaryIO) -> None:
        with storage_errors(folder):
            recut(joined, target)

    draft = _write_draft(folder, write)
    joined.unlink()
    return draft


def _is_by_record(path: Path) -> bool:
    """Whether the first gzip member holds one record and no more, as far as it can be read; what
    is wrong with it is told later."""
    with path.open("rb") as file:
        if is_plain(file):
            return False
        file.seek(0)
        start, size = b"", 0
        with contextlib.suppress(Torn):
            for part in inflate_all(file, members=1):
                start += part[: MAX_HEAD - len(start)]
                size += len(part)
                if len(start) == MAX_HEAD and size > _end_of_first(start):
                    return False
        return size <= _end_of_first(start)


def _end_of_first(start: bytes) -> float:
    """Where the record that these bytes begin ends; nowhere if they begin none."""
    try:
        record = parse_record(start)
    except Malformed:
        return math.inf
    return head_length(start, record) + record.block_length + len(END)


def _plain_name(name: str) -> str:
    """A file name for the archive: letters, digits, dots, hyphens, and `.warc.gz` at its end."""
    stem = re.sub(r"(\.warc)?(\.gz)?\Z", "", name, count=1, flags=re.IGNORECASE)
    stem = re.sub(r"[^A-Za-z0-9._-]+", "_", stem).strip("._")[:_LONGEST_NAME]
    return f"{stem or 'unnamed'}{SUFFIX}"
