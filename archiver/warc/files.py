"""WARC files in their folder: names, locks, publication, SHA-256 side files.

A file being written is called `<name>.open` and is locked by its process; it gets its name by
`link`, which fails rather than overwrite, once all of it is on disk. Names follow WARC 1.1 annex C:
`PREFIX-YYYYMMDDhhmmssSSS-SERIAL-HOST-PID.warc.gz`.
"""

import contextlib
import errno
import fcntl
import hashlib
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BufferedReader
from pathlib import Path

from archiver.errors import ArchiveDamaged, BadInput, StorageFailed

SUFFIX = ".warc.gz"
OPEN_SUFFIX = ".open"
DIGEST_SUFFIX = ".sha256"
_READ = 2**20


@dataclass(frozen=True, slots=True)
class Finished:
    """A published file: its name, the lower-case hexadecimal SHA-256 of its bytes, their number."""

    name: str
    sha256: str
    size: int


def final_name(prefix: str, moment: datetime, serial: int, host: str, pid: int) -> str:
    """The name a file will have for good."""
    stamp = moment.astimezone(UTC).strftime("%Y%m%d%H%M%S%f")[:17]
    return f"{_plain(prefix)}-{stamp}-{serial:05d}-{_plain(host.partition('.')[0])}-{pid}{SUFFIX}"


def _plain(part: str) -> str:
    """Letters, digits and dots; a hyphen parts the fields of the name."""
    return re.sub(r"[^A-Za-z0-9.]+", "_", part).strip("._") or "unnamed"


def resolve(folder: Path, name: str) -> Path:
    """Where the WARC file `name` lies now: under its name, or still open.

    Raises BadInput for a name that is a path, ArchiveDamaged when there is no such file.
    """
    if name in {"", ".", ".."} or Path(name).name != name:
        raise BadInput(f"{name!r} is not the name of a WARC file: give one without folders.")
    final = folder / name
    for path in (final, folder / f"{name}{OPEN_SUFFIX}", final):  # it may be published meanwhile
        if path.is_file():
            return path
    raise ArchiveDamaged(f"{name} is missing from {folder}: bring it back from a copy.")


def storage_failed(path: Path, error: OSError) -> StorageFailed:
    """The error for a path that cannot be written, with the system's reason."""
    return StorageFailed(
        f"{path} cannot be written ({error.strerror or error}): "
        "free space or mend the disk, then run the command again."
    )


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turns an OSError into StorageFailed."""
    try:
        yield
    except OSError as error:
        raise storage_failed(path, error) from error


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def take_lock(descriptor: int) -> bool:
    """Lock an open file for this process unless another holds it; ends with the descriptor."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def open_regular(path: Path) -> BufferedReader:
    """Open a file to be read; raises OSError, also for what is no regular file: a pipe may give
    nothing for ever, and a device never end."""
    mode = path.stat().st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise OSError(errno.EINVAL, "it is no regular file, but a pipe or a device")
    return path.open("rb")


def file_sha256(path: Path) -> str:
    """The lower-case hexadecimal SHA-256 of a file's bytes; raises OSError as `open_regular`."""
    with open_regular(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def stated_sha256(path: Path) -> str | None:
    """The SHA-256 that the side file of a published file states, or None without a readable one."""
    with contextlib.suppress(OSError, UnicodeDecodeError):
        side = path.with_name(path.name + DIGEST_SUFFIX)
        digest, _, name = side.read_text(encoding="utf-8").strip().partition("  ")
        if name == path.name and re.fullmatch("[0-9a-f]{64}", digest):
            return digest
    return None


def publish(open_path: Path, sha256: str) -> Path:
    """Give a whole, synced `.open` file its name and its side file, both durable.

    A crash in between leaves a state from which publishing again ends the same. Raises
    StorageFailed when another file has the name, or on an I/O error.
    """
    final = open_path.with_name(open_path.name.removesuffix(OPEN_SUFFIX))
    if final.exists() and not final.samefile(open_path):
        raise StorageFailed(f"{final} exists already: move it away and run the command again.")
    with storage_errors(final):
        write_side_file(final, sha256)
        with contextlib.suppress(FileExistsError):
            os.link(open_path, final)
        if not final.samefile(open_path):
            raise FileExistsError(None, "another file took its name")
        open_path.unlink()
        sync_folder(final.parent)
    return final


def write_side_file(final: Path, sha256: str) -> None:
    """Write `<name>.sha256`, in the form that `sha256sum --check` reads, whole or not at all."""
    side = final.with_name(final.name + DIGEST_SUFFIX)
    draft = side.with_name(side.name + OPEN_SUFFIX)
    with draft.open("w", encoding="utf-8") as file:
        file.write(f"{sha256}  {final.name}\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(side)
