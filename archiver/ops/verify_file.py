"""One WARC file of the archive: its bytes against their SHA-256, its records against the rules of
WARC, and its captures against the rows of `captures`, both ways.

Records and rows are read side by side in order of their offset, so that memory does not grow with
the file. Runs in a worker process.
"""

from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from archiver.counting import counted
from archiver.errors import BadInput
from archiver.ingest import provenance_of
from archiver.ops.imports.staging import ZIP
from archiver.ops.verify_clock import Clocks
from archiver.ops.verify_index import Index, differences
from archiver.ops.verify_model import FileResult, Finding, Findings, Oddities
from archiver.provenance import Origin, Provenance
from archiver.warc.capture import called_by_place
from archiver.warc.check import Checked, check_plain, check_warc
from archiver.warc.files import OPEN_SUFFIX, SUFFIX, file_sha256, open_regular, stated_sha256
from archiver.warc.model import Damage, StoredExchange
from archiver.warc.reader import NOTES, RESTORE, read_info_of, warc_name
from archiver.warc.record import MARK
from archiver.warc.wacz_check import check_wacz, signed_by

REBUILD = "run `archiver rebuild`, which makes the rows again from the WARC files"
RESTORE_LOST = "bring the file back from a copy, then run `archiver verify` again"
REPAIR = "the next `archiver crawl` or `archiver rebuild` closes it and indexes what it holds"
KNOWN = "it gave no rows; import the file again from a sound copy if there is one"
SIDE_FILE = (
    "compare the file with a copy; if they are equal, write the side file again:"
    " `sha256sum FILE > FILE.sha256`"
)


@dataclass(frozen=True, slots=True)
class Task:
    """A file to check. `database` is None when there is no index to compare with, `sha256` what the
    table `warc_files` states, `origin` which crawl or import it belongs to (None: nothing says)."""

    path: Path
    database: Path | None
    sha256: str | None
    origin: Origin | None


def check_file(task: Task) -> FileResult:
    """Check one WARC file of the archive."""
    checker = _FileChecker(task)
    return checker.run()


def check_named(path: Path) -> FileResult:
    """Check one WARC or WACZ file by itself; raises BadInput when it is neither, but has not the
    name of one."""
    damages, warnings, oddities, records = Findings(), Findings(), Oddities(), 0

    def seen(_: Checked) -> None:
        nonlocal records
        records += 1

    start = _first_bytes(path)
    is_zip = start.startswith(ZIP) or path.suffix == ".wacz"
    is_plain = start == MARK
    try:
        is_foreign = is_zip or (_is_foreign(path) if is_plain else provenance_of(path) is None)
        check = check_plain if is_plain else check_warc
        for item in check_wacz(path, seen) if is_zip else check(path):
            if not isinstance(item, Damage):
                seen(item)
            elif is_foreign and item.advice in NOTES:
                oddities.add(item)
            else:
                damages.add(Finding.of(item))
    except BadInput:
        if not _is_only_a_name(path):
            raise
        what = "nothing is left of a WARC or WACZ file but its name, or its end is cut off"
        damages.add(Finding(path.name, None, None, what, "bring the file back from a copy"))
    warnings.extend(oddities.warnings())
    sha256 = file_sha256(path)
    stated = stated_sha256(path)
    if stated is not None and stated != sha256:
        damages.add(
            Finding(path.name, None, None, "its bytes are not those of its SHA-256", RESTORE)
        )
    signer = signed_by(path) if is_zip and not damages.total else None
    size = path.stat().st_size
    return FileResult(str(path), size, sha256, records, damages, warnings, signer)


def _first_bytes(path: Path) -> bytes:
    try:
        with open_regular(path) as file:
            return file.read(len(MARK))
    except OSError as error:
        raise BadInput(f"{path} cannot be read ({error.strerror}): check its name.") from error


def _is_foreign(plain: Path) -> bool:
    """Whether another program wrote a file that is not compressed."""
    with open_regular(plain) as file:
        info = read_info_of(file)
    return info is None or Provenance.of(dict(info.fields)) is None


def _is_only_a_name(path: Path) -> bool:
    """Whether a file is called WARC or WACZ, and a failed disk or transfer left no such thing."""
    with path.open("rb") as file:
        return path.name.endswith((SUFFIX, ".wacz")) and file.read(len(MARK)) != MARK


class _FileChecker:
    def __init__(self, task: Task) -> None:
        self._task = task
        self._name = warc_name(task.path)
        self._is_open = task.path.name.endswith(OPEN_SUFFIX)
        self._damages, self._warnings = Findings(), Findings()
        self._known = task.origin.damaged if task.origin else frozenset[int]()
        self._doubles = task.origin.doubles if task.origin else frozenset[int]()
        # What broke the standard when it came in was told then; its SHA-256 says if it changed.
        self._came_in = task.origin is not None and task.origin.imported
        self._oddities = Oddities()
        self._records = 0

    def run(self) -> FileResult:
        size, sha256 = 0, None
        try:
            size = self._task.path.stat().st_size
            sha256 = file_sha256(self._task.path)
            self._fixity(sha256)
            self._walk(size)
        except OSError as error:
            what = f"the file cannot be read ({error.strerror})"
            self._damage(None, None, what, "check the disk, then bring the file back from a copy")
        except BadInput as error:
            self._damage(0, None, f"it is no WARC file any more ({error})", RESTORE_LOST)
        return FileResult(self._name, size, sha256, self._records, self._damages, self._warnings)

    def _fixity(self, sha256: str) -> None:
        """The file, its side file and the database must state one SHA-256."""
        if self._is_open:
            what = "a crash left the file open"
            self._warnings.add(Finding(self._name, None, None, what, REPAIR))
            return
        side, table = stated_sha256(self._task.path), self._task.sha256
        if side is None and table is None:
            what = "nothing states what its SHA-256 was"
            self._warnings.add(Finding(self._name, None, None, what, SIDE_FILE))
        elif side is None:
            what = f"its side file {self._name}.sha256 is missing or cannot be read"
            self._damage(None, None, what, SIDE_FILE)
        elif table is not None and side != table:
            what = "its side file and the database do not state the same SHA-256"
            self._damage(None, None, what, SIDE_FILE)
        if sha256 not in {side or table or sha256, table or side or sha256}:
            what = f"its bytes have the SHA-256 {sha256}, not the one stated when it was closed"
            self._damage(None, None, what, RESTORE_LOST)

    def _walk(self, size: int) -> None:
        clocks = self._clocks()
        with closing(Index(self._task.database, self._name)) as index:
            known = index.peek() is not None
            unknown = 0
            for item in check_warc(self._task.path):
                if isinstance(item, Damage):
                    self._lost_before(item.offset, index, size)
                    self._record_damage(item, index)
                    continue
                self._records += 1
                if item.capture is None:
                    continue
                capture = item.capture
                if item.offset in self._doubles:
                    capture = called_by_place(capture)
                if clocks:
                    clocks.compare(capture)
                self._lost_before(item.offset, index, size)
                if known:
                    self._compare(item, capture, index)
                elif item.offset not in self._known and not index.holds_copy(capture):
                    unknown += 1
            self._lost_before(None, index, size)
            if unknown and not self._is_open and self._task.database:
                what = f"the database has no row of its {counted(unknown, 'capture')}"
                self._damage(None, None, what, REBUILD)
        self._warnings.extend(self._oddities.warnings())
        if clocks:
            self._warnings.extend(clocks.findings(self._name))

    def _clocks(self) -> Clocks | None:
        """Only what this program captured itself is by our clock."""
        origin = self._task.origin
        is_own = origin is not None and origin.provenance.source == "live"
        return Clocks() if is_own else None

    def _record_damage(self, damage: Damage, index: Index) -> None:
        row = index.peek()
        url = row.url if row and row.offset == damage.offset else None
        found = Finding.of(damage, url)
        if self._came_in and damage.advice in NOTES:
            self._oddities.add(damage)
        elif damage.offset in self._known:
            what = f"the record was damaged already when it was imported: {damage.what}"
            found = replace(found, what=what, advice=KNOWN)
            self._warnings.add(found)
        else:
            self._damages.add(found)

    def _compare(self, checked: Checked, capture: StoredExchange, index: Index) -> None:
        row = index.peek()
        if row is None or row.offset != checked.offset:
            if checked.offset in self._known or index.holds_copy(capture):
                return
            what = "the database has no row for it"
            if self._is_open or self._task.sha256 is None:  # a crash, or a recovery cut short
                self._warnings.add(Finding(self._name, checked.offset, capture.url, what, REPAIR))
            else:
                self._damage(checked.offset, capture.url, what, REBUILD)
            return
        index.next()
        if row.payload_digest != capture.place.payload_digest and index.stands_for(
            capture, row.payload_digest
        ):
            row = row._replace(payload_digest=capture.place.payload_digest)
        for column, stated, read in differences(row, capture):
            what = f"the database says {column} {stated!r}, the record {read!r}"
            self._damage(checked.offset, capture.url, what, REBUILD)

    def _lost_before(self, offset: int | None, index: Index, size: int) -> None:
        """Rows that were passed by: no capture lies where they say."""
        while (row := index.peek()) and (offset is None or row.offset < offset):
            index.next()
            if row.offset >= size:
                what = "the file ends before this capture, whose bytes are lost"
            else:
                what = "the database has a capture here that the file has not"
            self._damage(row.offset, row.url, what, RESTORE_LOST)

    def _damage(self, offset: int | None, url: str | None, what: str, advice: str) -> None:
        self._damages.add(Finding(self._name, offset, url, what, advice))
