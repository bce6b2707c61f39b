"""What a verification finds, in one form for files and tables: where, what, and what to do.

Damage means that something is not what it was when it was written; a warning is for a person to
judge. Findings are counted without end and kept up to a bound: a hostile file could hold millions.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from archiver.counting import counted
from archiver.warc.model import Damage

_QUOTED = re.compile(r"'.*'|\".*\"", re.DOTALL)

KEPT = 1_000
"""Findings kept of each file; the others are only counted."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found wrong or odd. `file` is a WARC file, `archive.db` or another name of the data
    folder; `offset` is in bytes, None where none can be given."""

    file: str
    offset: int | None
    url: str | None
    what: str
    advice: str

    @classmethod
    def of(cls, damage: Damage, url: str | None = None) -> "Finding":
        """From a check of one file; `url` where only the database knows it."""
        return cls(damage.file, damage.offset, damage.url or url, damage.what, damage.advice)

    def line(self) -> str:
        """In one line of printable text, whatever the file held."""
        place = "" if self.offset is None else f" at byte {self.offset}"
        about = f" ({self.url})" if self.url else ""
        return printable(f"{self.file}{place}{about}: {self.what}; {self.advice}")


def printable(text: str) -> str:
    """Text in which line breaks, control characters and the like are written as escapes: a terminal
    obeys them, and a log line must stay one line."""
    return "".join(
        letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text[:2_000]
    )


@dataclass(slots=True)
class Findings:
    """Findings in the order in which they were met: the first `KEPT`, and how many there were."""

    kept: list[Finding] = field(default_factory=list)
    total: int = 0

    def add(self, finding: Finding) -> None:
        if len(self.kept) < KEPT:
            self.kept.append(finding)
        self.total += 1

    def extend(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            self.add(finding)

    def join(self, other: "Findings") -> None:
        """Add those of a file, the ones that were only counted too."""
        self.extend(other.kept)
        self.total += other.total - len(other.kept)


class Oddities:
    """Breaches of the WARC standard in files of other programs: their captures are whole, so that
    each kind is one warning, with the place of the first."""

    def __init__(self) -> None:
        self._first: dict[str, Finding] = {}
        self._counts: Counter[str] = Counter()

    def add(self, damage: Damage) -> None:
        kind = _QUOTED.sub("…", damage.what)
        self._first.setdefault(kind, Finding.of(damage))
        self._counts[kind] += 1

    def warnings(self) -> Iterator[Finding]:
        for kind, first in self._first.items():
            yield replace(first, what=f"{first.what} (in {counted(self._counts[kind], 'record')})")


@dataclass(frozen=True, slots=True)
class FileResult:
    """One file that was read: its size in bytes, the hexadecimal SHA-256 of all of it (None when it
    could not be read), its WARC records, what was found, and who signed it (None: nobody)."""

    name: str
    size: int
    sha256: str | None
    records: int
    damages: Findings
    warnings: Findings
    signed_by: str | None = None


@dataclass(frozen=True, slots=True)
class Verified:
    """A whole verification. `scope` says what was looked at, `damages` and `warnings` hold those of
    the files and of the database; `unreadable` says why named files could not be looked at."""

    started_at: str
    finished_at: str
    scope: str
    files: tuple[FileResult, ...]
    damages: Findings
    warnings: Findings
    unreadable: tuple[str, ...] = ()

    @property
    def records(self) -> int:
        return sum(file.records for file in self.files)

    @property
    def size(self) -> int:
        """Bytes read."""
        return sum(file.size for file in self.files)
