"""The database again, from the WARC files alone.

Files are read in parallel, in parts, and stored by one writer; the derived tables are computed
once, at the end. The new database takes the old one's place only when it is complete.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from archiver import instants
from archiver.errors import ArchiveDamaged, BadInput
from archiver.extract.facts import Problem
from archiver.folder import DataFolder
from archiver.ingest import (
    Span,
    SpanRead,
    ingest,
    payload_of,
    provenance_of,
    read_span,
    restore,
    save,
    spans_of,
)
from archiver.jobs import map_unordered
from archiver.ops.recovery import recover
from archiver.provenance import Provenance
from archiver.store.compare import Difference, differences
from archiver.store.database import Store
from archiver.store.inheritance import inherit
from archiver.warc.model import Damage, StoredExchange

SHOWN = 20
WIDTH = 80
BUSY = "a crawl is running in this folder: wait for it to end, then run the command again."


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild read, and how the new database differs from the old one (None: there was
    none that could be read)."""

    files: int
    captures: int
    damages: tuple[Damage, ...]
    differences: tuple[Difference, ...] | None


@dataclass(frozen=True, slots=True)
class _Task:
    span: Span
    provenance: Provenance


def rebuild(folder: DataFolder, *, workers: int | None = None) -> Rebuilt:
    """Make `archive.db` anew; an interruption leaves the old one.

    Raises BadInput when there is no WARC file or a crawl is running, StorageFailed when the disk
    refuses.
    """
    folder.prepare()
    with folder.lock("archive", BUSY):
        recover(folder)
        paths = sorted(folder.warcs.glob("*.warc.gz"))
        if not paths:
            raise BadInput(f"{folder.warcs} holds no WARC file: crawl or import something first.")
        draft = folder.root / "archive.db.rebuilding"
        _remove(draft)
        store = Store.open(draft)
        try:
            captures, damages = _fill(store, folder, paths, workers)
            store.derive_pending()
            inherit(store, folder.database)
        finally:
            store.close()
        found = _compare(folder.database, draft)
        _replace(draft, folder.database)
    return Rebuilt(len(paths), captures, tuple(damages), found)


def print_rebuilt(result: Rebuilt) -> None:
    """Say what was read and what differs from the old database."""
    console = Console(highlight=False)
    console.print(f"{result.captures} captures read from {result.files} WARC files.")
    for damage in result.damages:
        text = f"damage in {damage.file} at byte {damage.offset}: {damage.what}; {damage.advice}"
        console.print(text, markup=False, soft_wrap=True)
    if result.differences is None:
        console.print("There was no database to compare with.")
        return
    counts = Counter(difference.table for difference in result.differences)
    for table, count in counts.items():
        console.print(f"{table}: {count} differences from the old database")
    for difference in result.differences[:SHOWN]:
        what = f"{difference.table} {' '.join(map(str, difference.key))} {difference.column or ''}"
        text = f"  {what}: {_short(difference.before)} -> {_short(difference.after)}"
        console.print(text, markup=False, soft_wrap=True)
    if not counts:
        console.print("The new database equals the old one.")


def _short(value: object) -> str:
    text = "nothing" if value is None else str(value)
    return text if len(text) <= WIDTH else f"{text[:WIDTH]}…"


def _fill(
    store: Store, folder: DataFolder, paths: list[Path], workers: int | None
) -> tuple[int, list[Damage]]:
    """Store every capture of the files; their number, and the damage met on the way."""
    captures = 0
    damages: list[Damage] = []
    crawls: dict[Path, int] = {}
    revisits: list[tuple[StoredExchange, _Task]] = []
    for task, found in map_unordered(_read, _tasks(paths), workers=workers):
        path = found.path
        with store.atomic():
            if path not in crawls:
                crawls[path] = restore(store, task.provenance)
            for item in found.reads:
                save(store, item, crawls[path])
        captures += len(found.reads) + len(found.revisits)
        damages += found.damages
        revisits += [(stored, task) for stored in found.revisits]
    with store.atomic():
        for stored, task in revisits:
            payload = payload_of(store, folder.warcs, stored)
            crawl_id = crawls[task.span.path]
            ingest(store, stored, crawl_id, task.provenance.profile, payload)
    for damage in damages:
        problem = Problem("damaged_record", f"{damage.what} ({damage.file}, {damage.offset})")
        store.add_problem(damage.url or damage.file, problem, instants.now())
    return captures, damages


def _tasks(paths: list[Path]) -> Iterator[_Task]:
    for path in paths:
        provenance = provenance_of(path)
        if provenance is None:
            raise BadInput(
                f"{path} was not made by this program: bring it in with `archiver import`."
            )
        for span in spans_of(path):
            yield _Task(span, provenance)


def _read(task: _Task) -> tuple[_Task, SpanRead]:
    return task, read_span(task.span, task.provenance.profile)


def _compare(old: Path, new: Path) -> tuple[Difference, ...] | None:
    if not old.exists():
        return None
    try:
        return tuple(differences(old, new))
    except (ArchiveDamaged, BadInput):
        return None


def _replace(draft: Path, database: Path) -> None:
    """Put the complete database in the old one's place. A write-ahead log left beside it would be
    replayed into the new file, so it goes first; closing the old one has emptied it."""
    for suffix in ("-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
    draft.replace(database)


def _remove(database: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
