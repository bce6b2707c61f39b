"""`archiver verify`: whether the archive still holds what was written, byte for byte and row for
row, or whether named WARC and WACZ files are whole.

Files are checked side by side in worker processes; the database is checked once, before them, since
rows of a broken one say nothing. Nothing is mended here, and each run of an archive is logged.
"""

import os
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TypeVar

from archiver import instants
from archiver.errors import BadInput
from archiver.folder import DataFolder
from archiver.jobs import map_unordered
from archiver.ops.origins import origins_of
from archiver.ops.progress import progress_line
from archiver.ops.rebuild import BUSY
from archiver.ops.verify_database import (
    corruption_of,
    differences_from_rebuild,
    faults_of,
    missing_files,
    warnings_of,
)
from archiver.ops.verify_file import REBUILD, Task, check_file, check_named
from archiver.ops.verify_log import LOG, log_begin, log_end, record_run
from archiver.ops.verify_model import FileResult, Finding, Findings, Verified
from archiver.store.connection import connect
from archiver.store.reading import reading_address
from archiver.warc.files import DIGEST_SUFFIX, OPEN_SUFFIX, open_regular, stated_sha256, take_lock

Item = TypeVar("Item")
Result = TypeVar("Result")

NOT_LOGGED = Finding(
    LOG,
    None,
    None,
    "the disk cannot be written: this verification is not logged, and the search indexes were not"
    " compared with their tables",
    "keep this report, or verify a copy",
)
REBUILDING = "the database is being rebuilt: wait for that to end, then verify."


def verify(
    folder: DataFolder,
    *,
    deep: bool = False,
    workers: int | None = None,
    progress: bool = False,
) -> Verified:
    """Verify a whole archive; with `deep`, also that its rows are those a rebuild gives.

    Files that a running crawl is writing are left out. Of an archive on a disk that cannot be
    written no log is kept, and a warning says so. Raises BadInput when there is no archive, it is
    of a newer version, or another command holds it, StorageFailed when the log cannot be kept.
    """
    if not folder.database.is_file() and not any(folder.warcs.glob("*.warc.gz*")):
        raise BadInput(f"There is no archive in {folder.root}: name its folder with --data.")
    is_logged = not folder.is_read_only
    if is_logged:
        folder.prepare()
    with folder.lock("archive", BUSY if deep else REBUILDING, shared=not (deep and is_logged)):
        scope = "the whole archive, rows compared with a rebuild" if deep else "the whole archive"
        started_at = instants.now()
        damages, warnings = Findings(), Findings()
        if is_logged:
            log_begin(folder.root, started_at, scope)
        else:
            warnings.add(NOT_LOGGED)
        has_index = _check_database(folder, damages)
        files = _check_files(folder, workers, warnings, has_index=has_index, progress=progress)
        for result in files:
            damages.join(result.damages)
            warnings.join(result.warnings)
        names = {result.sha256: result.name for result in files if result.sha256}
        if has_index:
            damages.extend(missing_files(folder, names))
            warnings.extend(warnings_of(folder))
            if deep:
                damages.extend(differences_from_rebuild(folder, workers, progress=progress))
        _check_folder(folder, names, damages, warnings)
        found = Verified(started_at, instants.now(), scope, tuple(files), damages, warnings)
        if is_logged:
            log_end(folder.root, found)
        if is_logged and has_index:
            with closing(connect(folder.database, create=False)) as connection:
                record_run(connection, found)
        return found


def verify_named(
    paths: Sequence[Path], *, workers: int | None = None, progress: bool = False
) -> Verified:
    """Verify WARC and WACZ files by themselves; those that are neither are named as unreadable."""
    started_at = instants.now()
    unreadable: list[str] = []
    files: list[FileResult] = []
    damages, warnings = Findings(), Findings()
    sizes = [_size(path) for path in paths]
    for result in _map(_check_named_or_say, paths, sizes, workers, progress=progress):
        if isinstance(result, str):
            unreadable.append(result)
        else:
            files.append(result)
            damages.join(result.damages)
            warnings.join(result.warnings)
    return Verified(
        started_at,
        instants.now(),
        "named files",
        tuple(sorted(files, key=lambda file: file.name)),
        damages,
        warnings,
        tuple(sorted(unreadable)),
    )


def _check_database(folder: DataFolder, damages: Findings) -> bool:
    """Whether there is a database that can be read, so that its rows can be compared."""
    if not folder.database.is_file():
        what = "the database is missing"
        damages.add(Finding(folder.database.name, None, None, what, REBUILD))
        return False
    corruption = list(corruption_of(folder.database))
    damages.extend(corruption)
    if not corruption:
        damages.extend(faults_of(folder.database))
    return not corruption


def _check_files(
    folder: DataFolder,
    workers: int | None,
    warnings: Findings,
    *,
    has_index: bool,
    progress: bool,
) -> list[FileResult]:
    stated = _stated(folder.database) if has_index else {}
    paths = folder.finished()
    for path in sorted(folder.warcs.glob(f"*.warc.gz{OPEN_SUFFIX}")):
        if _is_being_written(path):
            what = "a crawl is writing the file; it was left out"
            warnings.add(Finding(path.name, None, None, what, "verify again when the crawl ends"))
        else:
            paths.append(path)
    database = folder.database if has_index else None
    origins = origins_of([path for path in paths if path.is_file() and os.access(path, os.R_OK)])
    tasks = [Task(path, database, stated.get(path.name), origins.get(path.name)) for path in paths]
    sizes = [_size(path) for path in paths]
    results = _map(check_file, tasks, sizes, workers, progress=progress)
    return sorted(results, key=lambda result: result.name)


def _map(
    function: Callable[[Item], Result],
    items: Sequence[Item],
    sizes: Sequence[int],
    workers: int | None,
    *,
    progress: bool,
) -> list[Result]:
    """`function` of each item, in worker processes where there are several."""
    count = min(workers or os.cpu_count() or 1, len(items) or 1)
    results = []
    with progress_line("Verifying", sum(sizes), show=progress) as advance:
        for size, result in map_unordered(
            partial(_with_size, function), zip(sizes, items, strict=True), workers=count
        ):
            results.append(result)
            advance(size)
    return results


def _with_size(function: Callable[[Item], Result], sized: tuple[int, Item]) -> tuple[int, Result]:
    return sized[0], function(sized[1])


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _check_named_or_say(path: Path) -> FileResult | str:
    try:
        return check_named(path)
    except BadInput as error:
        return str(error)


def _is_being_written(path: Path) -> bool:
    try:
        with open_regular(path) as file:
            return not take_lock(file.fileno())
    except FileNotFoundError:
        return True  # it has just got its name
    except OSError:
        return False  # what it is instead of a file is told where it is read


def _stated(database: Path) -> dict[str, str]:
    with closing(sqlite3.connect(reading_address(database), uri=True)) as connection:
        return dict(connection.execute("SELECT warc_file, sha256 FROM warc_files").fetchall())


def _check_folder(
    folder: DataFolder, names: Mapping[str, str], damages: Findings, warnings: Findings
) -> None:
    """Files of the WARC folder that are no WARC files: side files without theirs, and strangers."""
    for path in sorted(folder.warcs.iterdir()):
        name = path.name
        if name.endswith(DIGEST_SUFFIX):
            owner = path.with_name(name.removesuffix(DIGEST_SUFFIX))
            if not owner.exists() and not owner.with_name(owner.name + OPEN_SUFFIX).exists():
                other = names.get(stated_sha256(owner) or "")
                if other is None:
                    what = "the file that it speaks of is missing"
                    damages.add(Finding(name, None, None, what, "bring it back from a copy"))
                else:
                    what = f"the file that it speaks of has another name now, {other}"
                    warnings.add(
                        Finding(name, None, None, what, "give it its name again, or remove this")
                    )
        elif not name.removesuffix(OPEN_SUFFIX).endswith((".warc.gz", DIGEST_SUFFIX)):
            what = "it is no WARC file"
            advice = "move it out of the folder `warc`"
            if name.endswith(".warc"):
                what = "it is not compressed record by record, so that it is not read"
                advice = "bring it in with `archiver import`, then move it out of the folder `warc`"
            warnings.add(Finding(name, None, None, what, advice))
