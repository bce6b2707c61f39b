"""One WARC file in the making: created exclusively, locked, appended durably, published once.

Every append is one write followed by `fdatasync`; one that fails is cut back by `ftruncate` on the
same descriptor, since opening the file anew would empty it.
"""

import hashlib
import os
from pathlib import Path

from archiver.warc.files import (
    OPEN_SUFFIX,
    Finished,
    publish,
    storage_errors,
    storage_failed,
    sync_folder,
    take_lock,
)


class OpenFile:
    """The file `<name>.open` of a folder, held by this process until published, discarded or
    abandoned; every method raises StorageFailed when the disk refuses."""

    def __init__(self, folder: Path, name: str) -> None:
        """Raises FileExistsError when there is such a file already."""
        self.name = name
        self.size = 0
        self._hash = hashlib.sha256()
        self._path = folder / f"{name}{OPEN_SUFFIX}"
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC
        try:
            self._descriptor = os.open(self._path, flags, 0o644)
        except FileExistsError:
            raise
        except OSError as error:
            raise storage_failed(self._path, error) from error
        # Between creation and lock a recovery may have taken the empty file for a dead one's.
        if not (take_lock(self._descriptor) and os.fstat(self._descriptor).st_nlink):
            os.close(self._descriptor)
            raise FileExistsError(self._path)
        with storage_errors(folder):
            sync_folder(folder)

    def append(self, data: bytes) -> int:
        """Write `data` at the end and sync it; returns the offset at which it begins.

        After StorageFailed the file ends where it ended before; if even that cannot be done, it is
        left open for the recovery at the next start (`is_abandoned`)."""
        start = self.size
        with storage_errors(self._path):
            try:
                self._write(data)
            except OSError:
                self._cut_back()
                raise
        self._hash.update(data)
        self.size += len(data)
        return start

    def _write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]
        os.fdatasync(self._descriptor)

    def _cut_back(self) -> None:
        try:
            os.ftruncate(self._descriptor, self.size)
            os.fdatasync(self._descriptor)
        except OSError:
            self._close()
            raise

    @property
    def is_abandoned(self) -> bool:
        return self._descriptor < 0

    def publish(self) -> Finished:
        """Give the file its name; the lock is held until then."""
        sha256 = self._hash.hexdigest()
        with storage_errors(self._path):
            os.fsync(self._descriptor)
        publish(self._path, sha256)
        self._close()
        return Finished(self.name, sha256, self.size)

    def discard(self) -> None:
        """Remove the file."""
        with storage_errors(self._path):
            self._path.unlink()
        self._close()

    def _close(self) -> None:
        os.close(self._descriptor)
        self._descriptor = -1
