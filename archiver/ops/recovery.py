"""After a crash: torn WARC files are cut and closed, and what they hold gets its rows.

Runs at the start of each crawl and rebuild. A file whose process still lives is left alone. What is
left to do is read off the folder and the database, so that a kill during a recovery loses nothing:
a finished file without its row in `warc_files` is indexed, a torn tail in quarantine without its
row in `recoveries` is noted.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from archiver import instants
from archiver.counting import counted
from archiver.folder import DataFolder
from archiver.ingest import restore, settle
from archiver.ops.origins import origins_of
from archiver.provenance import Origin
from archiver.spans import ingest_file
from archiver.store.database import Store
from archiver.store.frontier import Frontier
from archiver.store.model import RecoveryRow
from archiver.warc.files import file_sha256, stated_sha256
from archiver.warc.recovery import Recovery
from archiver.warc.recovery import recover as recover_files

TORN = ".torn"


def recover(folder: DataFolder) -> list[RecoveryRow]:
    """Recover what a crash left; what was done with each file.

    Raises StorageFailed when the disk refuses, BadInput when the folder or database is of a newer
    version.
    """
    folder.prepare()
    closed = close_orphans(folder)
    if not (closed or any(folder.warcs.glob("*.warc.gz")) or any(_torn(folder))):
        return []
    with closing(Store.open(folder.database)) as store:
        known = store.known_warc_files()
        paths = folder.finished()
        added = {}
        if any(path.name not in known for path in paths):
            origins = origins_of(paths)
            added = {
                path.name: _index(store, path, origins[path.name])
                for path in paths
                if path.name not in known and path.name in origins
            }
            settle(store, folder.warcs, origins)
        if added:
            store.derive_pending()
        return note_recoveries(store, folder, closed, added)


def close_orphans(folder: DataFolder) -> list[Recovery]:
    """Cut and close the WARC files that no living process writes; nothing is indexed yet."""
    return recover_files(folder.warcs, folder.quarantine)


def note_recoveries(
    store: Store,
    folder: DataFolder,
    closed: Sequence[Recovery],
    added: dict[str, int] | None = None,
) -> list[RecoveryRow]:
    """Record what was done, by this run or by one that was killed before it could say so; `added`
    counts the captures that got a row, by file."""
    captures = added or {}
    rows = {
        recovery.file: RecoveryRow(
            recovered_at=instants.now(),
            warc_file=recovery.file,
            records=captures.get(recovery.file, 0),
            cut_bytes=recovery.cut_bytes,
            quarantine_file=recovery.quarantine_file,
            detail=f"{counted(recovery.kept_bytes, 'byte')} kept, {recovery.cut_bytes} cut",
        )
        for recovery in closed
    }
    noted = store.noted_tails() | {row.quarantine_file for row in rows.values()}
    for path in _torn(folder):
        name, _, kept = path.name.removesuffix(TORN).rpartition("-")
        if path.name not in noted:
            cut = path.stat().st_size
            detail = f"{kept} bytes kept, {cut} cut"
            rows[name] = RecoveryRow(
                instants.now(), name, captures.get(name, 0), cut, path.name, detail
            )
    for name, count in captures.items():
        if count and name not in rows:
            detail = "captures that a crash had left without their rows"
            rows[name] = RecoveryRow(instants.now(), name, count, 0, None, detail)
    for row in rows.values():
        store.add_recovery(row)
    return list(rows.values())


def register(store: Store, path: Path) -> None:
    """Record the fixity of a finished file, as its side file states it."""
    sha256 = stated_sha256(path) or file_sha256(path)
    store.add_warc_file(path.name, sha256, path.stat().st_size, instants.now())


def describe(rows: Sequence[RecoveryRow]) -> Iterator[str]:
    """What was recovered, in a line for each file."""
    for row in rows:
        tail = f"; the torn end is quarantine/{row.quarantine_file}" if row.quarantine_file else ""
        indexed = counted(row.records, "capture")
        yield f"Recovered {row.warc_file}: {row.detail}, {indexed} indexed{tail}."


def _torn(folder: DataFolder) -> Iterator[Path]:
    return folder.quarantine.glob(f"*{TORN}")


def _index(store: Store, path: Path, origin: Origin) -> int:
    """Give the captures of a file their rows, and the file its own; how many had none."""
    before = store.captures_in(path.name)
    crawl_id = restore(store, origin.provenance)
    ids = ingest_file(store, path, origin)
    Frontier(store, crawl_id).recaptured(ids)
    register(store, path)
    return store.captures_in(path.name) - before
