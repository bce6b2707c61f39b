"""What a crash left behind: each `.open` file whose process is gone is cut to its last whole
capture and published.

The torn tail is evidence and is copied to a quarantine folder before it is cut. Damage that whole
records follow is no torn tail: it stays where it is, and `archiver.warc.check` reports it.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from archiver.warc.files import (
    OPEN_SUFFIX,
    SUFFIX,
    file_sha256,
    publish,
    storage_errors,
    sync_folder,
    take_lock,
)
from archiver.warc.members import walk_members
from archiver.warc.reader import read_item
from archiver.warc.record import Malformed, Record


@dataclass(frozen=True, slots=True)
class Recovery:
    """What was done with one file: the bytes and whole records kept (none: the file is removed),
    the bytes cut off and the name in the quarantine folder of the file that has them."""

    file: str
    kept_bytes: int
    cut_bytes: int
    quarantine_file: str | None
    records: int


def recover(folder: Path, quarantine: Path) -> list[Recovery]:
    """Finish every `.open` WARC file of `folder` that no living process has locked.

    Raises StorageFailed when the disk refuses; running it again then goes on from there.
    """
    recoveries = []
    for path in sorted(folder.glob(f"*{SUFFIX}{OPEN_SUFFIX}")):
        with storage_errors(path), _orphan(path) as file:
            if file is not None:
                recoveries.append(_recover(path, file, quarantine))
    return recoveries


@contextmanager
def _orphan(path: Path) -> Iterator[BinaryIO | None]:
    """The file, locked, or None when a process is writing it or has just published it."""
    try:
        file = path.open("r+b")
    except FileNotFoundError:
        yield None
        return
    with file:
        free = take_lock(file.fileno()) and os.fstat(file.fileno()).st_nlink > 0
        yield file if free else None


def _recover(path: Path, file: BinaryIO, quarantine: Path) -> Recovery:
    name = path.name.removesuffix(OPEN_SUFFIX)
    size = os.fstat(file.fileno()).st_size
    kept, records = _whole_part(file)
    tail = None
    if kept < size:
        tail = f"{name}-{kept}.torn"
        _copy_tail(file, kept, quarantine, tail)
        os.ftruncate(file.fileno(), kept)
    if kept:
        os.fsync(file.fileno())
        publish(path, file_sha256(path))
    else:
        path.unlink()
        sync_folder(path.parent)
    return Recovery(name, kept, size - kept, tail, records)


def _whole_part(file: BinaryIO) -> tuple[int, int]:
    """(bytes up to the end of the last whole capture, whole records in them); nothing when there is
    only a warcinfo record."""
    kept = kept_records = records = 0
    types = set()
    for item in walk_members(file):
        try:
            record = read_item(item)
        except Malformed:
            continue
        records += 1
        if not _awaits_its_response(record):
            kept, kept_records = item.offset + item.length, records
            types.add(record.record_type)
    return (kept, kept_records) if types - {"warcinfo"} else (0, 0)


def _awaits_its_response(record: Record) -> bool:
    """Whether the response of which a record speaks comes after it, as the writer orders them."""
    concurrent = record.get("warc-concurrent-to") is not None
    return concurrent and record.record_type in {"request", "metadata"}


def _copy_tail(file: BinaryIO, start: int, quarantine: Path, name: str) -> None:
    quarantine.mkdir(parents=True, exist_ok=True)
    draft = quarantine / f"{name}{OPEN_SUFFIX}"
    file.seek(start)
    with draft.open("wb") as copy:
        shutil.copyfileobj(file, copy)
        copy.flush()
        os.fsync(copy.fileno())
    draft.replace(quarantine / name)
    sync_folder(quarantine)
