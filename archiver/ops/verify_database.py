"""The database beside itself and beside the WARC files: whether it is sound, whether every file it
speaks of is there, and whether its derived rows are those that the files give.
"""

import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from archiver.counting import counted
from archiver.errors import ArchiveDamaged, StorageFailed
from archiver.folder import DataFolder
from archiver.ops.rebuild import fill_and_derive, remove_database, short, warc_paths
from archiver.ops.verify_file import REBUILD, RESTORE_LOST
from archiver.ops.verify_model import Finding
from archiver.store.compare import DERIVED, Difference, differences_of
from archiver.store.connection import Connection, connect_to_read
from archiver.store.database import Store
from archiver.store.parts import missing_parts
from archiver.store.schema import CAPTURES, SEARCHES, Table
from archiver.warc.files import resolve

MOST_FAULTS = 100
RENAMED = "give it this name again, with its side file, or run `archiver rebuild`"

OWN_CAPTURES = replace(
    CAPTURES,
    columns=tuple(column for column in CAPTURES.columns if column.name != "crawl_id"),
)
"""Of `captures`, what the records say; the number of a crawl is the database's own affair."""


def corruption_of(database: Path) -> Iterator[Finding]:
    """What makes the database unreadable, in part or in whole: damage, or a table that is not
    there. Raises BadInput when it is missing or of a newer version."""
    name = database.name
    try:
        with closing(connect_to_read(database)) as connection:
            for (fault,) in connection.execute(f"PRAGMA integrity_check({MOST_FAULTS})"):
                if fault != "ok":
                    yield Finding(name, None, None, f"SQLite finds: {fault}", REBUILD)
            for part in missing_parts(connection):
                if part.kind != "index":
                    yield Finding(
                        name, None, None, f"it lacks the {part.kind} {part.name}", REBUILD
                    )
    except (ArchiveDamaged, sqlite3.DatabaseError) as error:
        reason = error.__cause__ or error
        yield Finding(name, None, None, f"it is no sound database ({reason})", REBUILD)


def faults_of(database: Path) -> Iterator[Finding]:
    """Where the tables of a readable database contradict each other."""
    with closing(connect_to_read(database)) as connection:
        yield from _foreign_keys(database.name, connection)
        yield from _searches(database.name, connection)
        yield from _originals(connection)


def _foreign_keys(name: str, connection: Connection) -> Iterator[Finding]:
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check").fetchmany(
        MOST_FAULTS
    ):
        what = f"row {row} of {table} refers to a row of {parent} that does not exist"
        yield Finding(name, None, None, what, REBUILD)


def _searches(name: str, connection: Connection) -> Iterator[Finding]:
    """FTS5 compares an index with its table when it is told to, as if writing; where nothing can be
    written it cannot."""
    for search in SEARCHES:
        try:
            connection.execute(
                f'INSERT INTO "{search.name}" ("{search.name}", rank) VALUES (?, 1)',
                ("integrity-check",),
            )
        except StorageFailed:
            return
        except (ArchiveDamaged, sqlite3.DatabaseError):
            what = f"the search index {search.name} is not that of its table"
            yield Finding(name, None, None, what, REBUILD)


def _originals(connection: Connection) -> Iterator[Finding]:
    """A capture that stands for an earlier one must have that one's payload. Another program may
    have named it by a digest of another kind, which nothing in the database can be compared with.
    """
    for url, file, offset in connection.execute(
        "SELECT c.url, c.warc_file, c.warc_offset FROM captures c JOIN captures o"
        " ON o.record_id = c.revisit_of WHERE c.status IS NOT 304"
        " AND c.payload_digest <> o.payload_digest AND length(c.payload_digest) ="
        " length(o.payload_digest) LIMIT ?",
        (MOST_FAULTS,),
    ):
        what = "the earlier capture that this one refers to has another payload"
        yield Finding(file, offset, url, what, RESTORE_LOST)


def warnings_of(folder: DataFolder) -> Iterator[Finding]:
    """What a person should know of a sound database."""
    name = folder.database.name
    with closing(connect_to_read(folder.database)) as connection:
        (waiting,) = connection.execute("SELECT count(*) FROM dirty").fetchone()
        (orphans,) = connection.execute(
            "SELECT count(*) FROM captures c WHERE revisit_of IS NOT NULL AND status IS NOT 304"
            " AND NOT EXISTS (SELECT 1 FROM observations WHERE capture_id = c.id)"
        ).fetchone()
        (unread,) = connection.execute(
            "SELECT count(*) FROM captures c WHERE revisit_of IS NULL"
            " AND NOT EXISTS (SELECT 1 FROM observations WHERE capture_id = c.id)"
        ).fetchone()
        indexes = [part.name for part in missing_parts(connection) if part.kind == "index"]
    if indexes:
        what = f"it lacks {counted(len(indexes), 'index', 'indexes')}: {', '.join(indexes)}"
        yield Finding(name, None, None, what, "run `archiver rebuild`: all is slow without")
    if unread:
        what = f"what {counted(unread, 'capture says', 'captures say')} is not noted"
        yield Finding(name, None, None, what, REBUILD)
    if waiting:
        addresses = counted(waiting, "address", "addresses")
        what = f"the rows of {addresses} are not up to date with the captures"
        yield Finding(name, None, None, what, "the next crawl or `archiver rebuild` does it")
    if orphans:
        refer = counted(orphans, "capture refers", "captures refer")
        what = f"{refer} to an earlier one that the archive does not hold"
        yield Finding(name, None, None, what, "import the files that hold it, if there are any")


def missing_files(folder: DataFolder, names: Mapping[str, str]) -> Iterator[Finding]:
    """Files that the database speaks of and that are not there; `names` are those of the files that
    are, by their SHA-256."""
    with closing(connect_to_read(folder.database)) as connection:
        rows = connection.execute(
            "SELECT warc_file, count(record_id), min(url), max(sha256) FROM (SELECT warc_file,"
            " record_id, url, NULL AS sha256 FROM captures"
            " UNION ALL SELECT warc_file, NULL, NULL, sha256 FROM warc_files) GROUP BY warc_file"
        ).fetchall()
    for name, captures, url, sha256 in rows:
        try:
            resolve(folder.warcs, name)
        except ArchiveDamaged:
            if sha256 in names:
                what = f"the file has another name now, {names[sha256]}"
                yield Finding(name, None, None, what, RENAMED)
                continue
            what = f"the file is missing, with {counted(captures, 'capture')}"
            yield Finding(name, None, url, what, RESTORE_LOST)


def differences_from_rebuild(
    folder: DataFolder, workers: int | None, *, progress: bool
) -> Iterator[Finding]:
    """Every value of the captures and of the derived tables that the WARC files do not give.

    Nobody else may write in the archive meanwhile. Raises as a rebuild does.
    """
    try:
        paths = warc_paths(folder)
    except ArchiveDamaged:
        return  # a file that cannot be read is told where the files are checked
    with _draft(folder) as draft:
        with closing(Store.open(draft)) as store:
            fill_and_derive(store, folder, paths, workers, progress=progress)
        for table in (OWN_CAPTURES, *DERIVED):
            yield from _table_differences(table, folder.database, draft)


@contextmanager
def _draft(folder: DataFolder) -> Iterator[Path]:
    """Where a second database may stand for a while: beside the archive's own, or where temporary
    files go, with a copy of the corrections."""
    if folder.is_read_only:
        with TemporaryDirectory(prefix="archiver-") as name:
            if folder.corrections.is_file():
                shutil.copy(folder.corrections, name)
            yield Path(name) / "archive.db"
        return
    draft = folder.root / "archive.db.verifying"
    remove_database(draft)
    try:
        yield draft
    finally:
        remove_database(draft)


def _table_differences(table: Table, database: Path, draft: Path) -> Iterator[Finding]:
    for difference in differences_of(table, database, draft):
        url = next((key for key in difference.key if str(key).startswith("http")), None)
        what = _what(difference)
        yield Finding(database.name, None, None if url is None else str(url), what, REBUILD)


def _what(difference: Difference) -> str:
    row = f"{difference.table} {' '.join(map(str, difference.key))}"
    if difference.column is None:
        where = "only the WARC files give" if difference.before is None else "no WARC file gives"
        return f"{where} the row {row}"
    before, after = short(difference.before), short(difference.after)
    return f"{difference.column} of {row} is {before}, the WARC files give {after}"
