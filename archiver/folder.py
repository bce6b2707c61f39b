"""The data folder: what lies where, and whether it can be used.

`warc/` is the archive itself; the database can be made again from it. The folder can be copied or
moved whole, since nothing in it names its own place.
"""

import errno
import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from archiver.errors import BadInput, StorageFailed

FORMAT = "1"


@dataclass(frozen=True, slots=True)
class DataFolder:
    """Paths under one root."""

    root: Path

    @property
    def database(self) -> Path:
        return self.root / "archive.db"

    @property
    def warcs(self) -> Path:
        return self.root / "warc"

    @property
    def quarantine(self) -> Path:
        return self.root / "quarantine"

    @property
    def exports(self) -> Path:
        return self.root / "exports"

    @property
    def corrections(self) -> Path:
        return self.root / "corrections.toml"

    @property
    def locks(self) -> Path:
        return self.root / "locks"

    def finished(self) -> list[Path]:
        """The finished WARC files, in order of their names; raises BadInput for a name that neither
        the database nor a side file could hold."""
        paths = sorted(self.warcs.glob("*.warc.gz"))
        for path in paths:
            try:
                path.name.encode()
            except UnicodeEncodeError:
                raise BadInput(
                    f"A file in {self.warcs} has a name that is not UTF-8, {path.name!a}: "
                    "rename it."
                ) from None
        return paths

    @property
    def is_read_only(self) -> bool:
        """Whether it is there and nothing can be written in it, as on a disk that is mounted so."""
        return self.root.is_dir() and not os.access(self.root, os.W_OK)

    def prepare(self) -> None:
        """Make the folder ready for writing.

        Raises BadInput when the path is a file or of a newer format, StorageFailed when it cannot
        be written.
        """
        try:
            for path in (self.warcs, self.quarantine, self.exports, self.locks):
                path.mkdir(parents=True, exist_ok=True)
            self._check_format()
            probe = self.locks / f"probe-{os.getpid()}"
            probe.write_bytes(b"")
            probe.unlink()
        except (FileExistsError, NotADirectoryError) as error:
            raise BadInput(
                f"{error.filename} is not a folder: move it away, or name another with --data."
            ) from error
        except OSError as error:
            raise StorageFailed(
                f"{self.root} cannot be written ({error.strerror}): "
                "give this user the right to write there, or name another folder with --data."
            ) from error

    def _check_format(self) -> None:
        mark = self.root / "FORMAT"
        try:
            found = mark.read_text(errors="replace").strip()
        except FileNotFoundError:
            found = ""
        if not found:  # a power cut may have left it without its content
            mark.write_text(f"{FORMAT}\n")
            return
        if not found.isdigit() or int(found) > int(FORMAT):
            raise BadInput(
                f"{self.root} is of format {found[:20]!r}, this version reads format {FORMAT}: "
                "install the archiver that wrote it, or a later one."
            )

    @contextmanager
    def lock(self, name: str, taken: str, *, shared: bool = False) -> Iterator[None]:
        """Hold the named lock, alone or with others who share it; raise BadInput with the sentence
        `taken` when another process has it. The kernel frees it when the process dies, however it
        dies."""
        path = self.locks / re.sub(r"[^A-Za-z0-9.-]", "_", name)
        if shared and self.is_read_only and not path.exists():
            yield  # nobody has ever locked it, and nobody who is here can
            return
        with path.open("r" if shared and self.is_read_only else "w") as held:
            try:
                kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
                fcntl.flock(held, kind | fcntl.LOCK_NB)
            except OSError as error:
                if error.errno in (errno.EAGAIN, errno.EACCES):
                    raise BadInput(taken) from error
                raise
            yield
