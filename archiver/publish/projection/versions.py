"""The versions that lie side by side in a publication, and which one is served.

A version is made under another name and renamed when it is whole; `current` is a symbolic link that
is replaced by renaming, so that a reader finds the old version or the new one, never neither.
"""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from archiver.errors import BadInput
from archiver.publish.hosting.layout import (
    CURRENT,
    MARK,
    PROGRAMS,
    VERSIONS,
    description_of,
    in_use,
)
from archiver.warc.files import sync_folder, take_lock

KEPT = 3
"""How many versions stay: the one served, and those to which one can go back."""

_DRAFT = ".draft-"
_NAME = re.compile(r"\d{8}T\d{12}Z")


@contextmanager
def publication(out: Path) -> Iterator[None]:
    """Make the folder of a publication, or check that `out` is one, and keep others from writing in
    it meanwhile.

    Raises BadInput when something else is there, or another command is publishing.
    """
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise BadInput(f"{out} is not a folder: name another place.")
    if out.is_dir() and any(out.iterdir()) and not (out / MARK).is_file():
        raise BadInput(f"{out} holds something else than a publication: name another place.")
    if not out.parent.is_dir():
        raise BadInput(f"{out.parent} is no folder: make it first, or name another place.")
    for folder in (out, out / VERSIONS, out / PROGRAMS):
        folder.mkdir(exist_ok=True)
    with (out / MARK).open("w") as mark:
        if not take_lock(mark.fileno()):
            raise BadInput(f"{out} is being published to already: wait for that to end.")
        yield


def served(out: Path) -> Path | None:
    """The version that is served now; None in a new publication."""
    current = out / CURRENT
    return current.resolve() if current.is_dir() else None


@contextmanager
def new_version(out: Path) -> Iterator[Path]:
    """A folder for the next version, which is served when all went well; what a killed command left
    behind is removed."""
    folder = out / VERSIONS
    for left in folder.glob(f"{_DRAFT}*"):
        shutil.rmtree(left)
    name = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    draft = folder / f"{_DRAFT}{name}"
    draft.mkdir()
    try:
        yield draft
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    draft.rename(folder / name)
    sync_folder(folder)
    serve(out, name)


def serve(out: Path, name: str) -> None:
    """Have the version of this name served from now on."""
    link = out / f".{CURRENT}-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(Path(VERSIONS) / name)
    link.replace(out / CURRENT)
    sync_folder(out)


def prune(out: Path) -> None:
    """Remove the oldest versions, and the programs that no version names and no server runs."""
    versions = sorted(p for p in (out / VERSIONS).iterdir() if _NAME.fullmatch(p.name))
    now = served(out)
    kept = {*versions[-KEPT:], *([now] if now else [])}
    for version in versions:
        if version.resolve() not in {k.resolve() for k in kept}:
            shutil.rmtree(version)
    named = {description_of(version).program for version in kept}
    for program in (out / PROGRAMS).iterdir():
        if program.name not in named and not in_use(program):
            shutil.rmtree(program)
