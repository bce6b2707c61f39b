"""The database again, from the WARC files alone.

The new database takes the old one's place only when it is complete and on disk; until then the old
one stays as it is. A damaged old database is kept in the quarantine folder.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from archiver import instants
from archiver.counting import counted
from archiver.errors import ArchiveDamaged, BadInput
from archiver.folder import DataFolder
from archiver.ops.filling import Filled, fill
from archiver.ops.progress import progress_line
from archiver.ops.recovery import close_orphans, note_recoveries, register
from archiver.ops.verify_model import Finding, printable
from archiver.store.compare import DERIVED, Difference, differences_of
from archiver.store.connection import connect
from archiver.store.database import Store
from archiver.store.inheritance import inherit
from archiver.store.parts import missing_parts
from archiver.warc.files import (
    DIGEST_SUFFIX,
    file_sha256,
    storage_errors,
    sync_folder,
    write_side_file,
)
from archiver.warc.model import Damage

SHOWN = 20
WIDTH = 80
BUSY = "a crawl is running in this folder: wait for it to end, then run the command again."


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild read, and how the new database differs from the old one: the first differences
    and the number of them by table (both None: there was no old one that could be read). `kept_as`
    is where a damaged old database lies now, `unstated` are files that were given a side file."""

    files: int
    captures: int
    damages: tuple[Damage, ...]
    differences: tuple[Difference, ...] | None
    changes: Mapping[str, int] | None
    kept_as: Path | None
    unstated: tuple[str, ...] = ()


def rebuild(folder: DataFolder, *, workers: int | None = None, progress: bool = False) -> Rebuilt:
    """Make `archive.db` anew; an interruption leaves the old one.

    Raises BadInput when there is no WARC file, a crawl is running or the old database is of a newer
    version, StorageFailed when the disk refuses.
    """
    folder.prepare()
    with folder.lock("archive", BUSY):
        is_sound = _is_sound(folder.database)
        recoveries = close_orphans(folder)
        paths = warc_paths(folder)
        draft = folder.root / "archive.db.rebuilding"
        remove_database(draft)
        try:
            with closing(Store.open(draft)) as store:
                filled = fill_and_derive(store, folder, paths, workers, progress=progress)
                inherit(store, folder.database)
                note_recoveries(store, folder, recoveries)
                unstated = tuple(_state_sha256(store, paths))
                for path in paths:
                    register(store, path)
                store.forget_renamed([path.name for path in paths])
            had_one = folder.database.exists()
            found = _compare(folder.database, draft) if had_one and is_sound else None
            kept_as = _set_aside(folder) if had_one and found is None else None
            _replace(draft, folder.database)
        finally:
            remove_database(draft)
    first, changes = found or (None, None)
    return Rebuilt(len(paths), filled.captures, filled.damages, first, changes, kept_as, unstated)


def _state_sha256(store: Store, paths: Sequence[Path]) -> Iterator[str]:
    """Give a side file to each file of which nothing states what it was, as to one that somebody
    put there or renamed; its name."""
    known = store.known_warc_files()
    for path in paths:
        if path.name not in known and not path.with_name(path.name + DIGEST_SUFFIX).exists():
            with storage_errors(path):
                write_side_file(path, file_sha256(path))
            yield path.name


def warc_paths(folder: DataFolder) -> list[Path]:
    """The finished WARC files, oldest first; raises BadInput when there is none, ArchiveDamaged
    when one is only a name, as a link to a disk that is not there."""
    paths = folder.finished()
    if not paths:
        raise BadInput(f"{folder.warcs} holds no WARC file: crawl or import something first.")
    for path in paths:
        if not path.is_file():
            raise ArchiveDamaged(f"{path} is no file: bring it back, or the disk that it lies on.")
    return paths


def fill_and_derive(
    store: Store, folder: DataFolder, paths: list[Path], workers: int | None, *, progress: bool
) -> Filled:
    """Make every row of an empty database that the files can give."""
    total = sum(path.stat().st_size for path in paths)
    with progress_line("Reading WARC files", total, show=progress) as advance:
        filled = fill(store, folder, paths, workers=workers, progress=advance)
    store.derive_pending()
    return filled


def print_rebuilt(result: Rebuilt) -> None:
    """Say what was read and what differs from the old database."""
    console = Console(highlight=False)

    def say(text: str) -> None:
        console.print(printable(text), markup=False, soft_wrap=True)

    say(f"{counted(result.captures, 'capture')} read from {counted(result.files, 'WARC file')}.")
    for damage in result.damages[:SHOWN]:
        say(f"Damage: {Finding.of(damage).line()}")
    if result.damages:
        say(
            f"{counted(len(result.damages), 'part')} of the WARC files could not be read and gave "
            "no rows: run `archiver verify`."
        )
    for name in result.unstated:
        say(f"Nothing stated the SHA-256 of {name}: that of its bytes is now written beside it.")
    if result.kept_as is not None:
        say(f"The old database was damaged; it is kept as {result.kept_as}.")
    if result.differences is None or result.changes is None:
        say("There was no database to compare with.")
        return
    for table, count in result.changes.items():
        say(f"{table}: {counted(count, 'difference')} from the old database")
    for difference in result.differences:
        what = f"{difference.table} {' '.join(map(str, difference.key))} {difference.column or ''}"
        say(f"  {what}: {short(difference.before)} -> {short(difference.after)}")
    if not result.changes:
        say("The new database equals the old one.")


def short(value: object) -> str:
    """A value as a person can take it in."""
    text = "nothing" if value is None else str(value)
    return text if len(text) <= WIDTH else f"{text[:WIDTH]}…"


def _is_sound(database: Path) -> bool:
    """Whether there is a database that can be read; raises BadInput for one of a newer version,
    whose records of recoveries and checks would be lost."""
    try:
        with closing(connect(database, create=False)) as connection:
            return all(part.kind == "index" for part in missing_parts(connection))
    except ArchiveDamaged:
        return False
    except BadInput:
        if database.exists():
            raise
    return True


def _compare(old: Path, new: Path) -> tuple[tuple[Difference, ...], Mapping[str, int]] | None:
    """(the first differences, their number by table), or None when the old database cannot be read
    to its end."""
    first: list[Difference] = []
    counts: Counter[str] = Counter()
    try:
        for table in DERIVED:
            for difference in differences_of(table, old, new):
                counts[table.name] += 1
                if len(first) < SHOWN:
                    first.append(difference)
    except ArchiveDamaged:
        return None
    return tuple(first), dict(counts)


def _set_aside(folder: DataFolder) -> Path:
    kept_as = folder.quarantine / f"archive-{instants.now().replace(':', '')}.db"
    with storage_errors(kept_as):
        folder.database.replace(kept_as)
        sync_folder(folder.quarantine)
    return kept_as


def _replace(draft: Path, database: Path) -> None:
    """Put the complete database in the old one's place. A write-ahead log left beside it would be
    replayed into the new file, so it goes first; closing the old one has emptied it."""
    with storage_errors(database):
        for suffix in ("-wal", "-shm"):
            database.with_name(database.name + suffix).unlink(missing_ok=True)
        draft.replace(database)
        sync_folder(database.parent)


def remove_database(database: Path) -> None:
    """Remove a database that nobody needs, such as one that an interrupted rebuild left."""
    for suffix in ("", "-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
