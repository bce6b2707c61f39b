"""Exports appear whole or not at all, and never in the place of anything."""

import glob
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from archiver.errors import BadInput
from archiver.warc.files import storage_errors, sync_folder, take_lock


def refuse_existing(out: Path) -> None:
    """Raises BadInput when something is at `out`, or its folder is missing."""
    if out.exists() or out.is_symlink():
        raise BadInput(f"{out} exists already: name another place or move it away.")
    if not out.parent.is_dir():
        raise BadInput(f"{out.parent} is no folder: make it first, or name another place.")


@contextmanager
def beside(out: Path) -> Iterator[Path]:
    """A folder on the same disk as `out`, for the time of the export. What an export of that name
    left when it was killed, which may be as large as the archive, goes first."""
    refuse_existing(out)
    prefix = f".{out.name[:50]}.archiver-"
    with storage_errors(out):
        for left in out.parent.glob(f"{glob.escape(prefix)}*"):
            with _held(left) as is_ours:
                if is_ours:
                    shutil.rmtree(left)
        with TemporaryDirectory(prefix=prefix, dir=out.parent) as name, _held(Path(name)):
            yield Path(name)


@contextmanager
def _held(folder: Path) -> Iterator[bool]:
    """Locks a folder unless another process holds it; whether it could."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield take_lock(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def draft_folder(out: Path) -> Iterator[Path]:
    """A folder that takes the place `out` when all went well."""
    with beside(out) as work:
        draft = work / "draft"
        draft.mkdir()
        yield draft
        refuse_existing(out)
        shutil.move(draft, out)
        sync_folder(out.parent)
