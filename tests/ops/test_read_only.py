"""An archive on a disk that cannot be written: what only reads works, and says what it did not do.

The folder is closed to writing by its permissions; a disk that is mounted read-only is told in the
same way (`access`), and SQLite meets the same there: it cannot make its files beside the database.
"""

from datetime import UTC, datetime
from pathlib import Path

from archiver.folder import DataFolder
from archiver.ops.changes import changes_since
from archiver.ops.export.bag import export_bag
from archiver.ops.export.choice import Choice
from archiver.ops.export.tables import export_tables
from archiver.ops.export.wacz import export_wacz
from archiver.ops.status import status_of
from archiver.ops.verify import NOT_LOGGED, verify, verify_named
from tests.unprivileged import unprivileged


def test_what_only_reads_works_where_nothing_can_be_written(
    folder: DataFolder, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    before = contents(folder)

    def read() -> None:
        assert folder.is_read_only
        for deep in (False, True):
            found = verify(folder, deep=deep, workers=1)
            assert (found.damages.kept, found.warnings.kept) == ([], [NOT_LOGGED])
        assert status_of(folder, datetime.now(UTC)).captures
        assert changes_since(folder, "1d", datetime.now(UTC))
        export_tables(folder, out / "csv", "csv")
        export_wacz(folder, out / "all.wacz", Choice(), workers=1)
        export_bag(folder, out / "bag", workers=1)

    for path in (folder.root, *folder.root.iterdir()):
        path.chmod(path.stat().st_mode & ~0o222)
    try:
        unprivileged(read, tmp_path / "told")
    finally:
        for path in (folder.root, *folder.root.iterdir()):
            path.chmod(path.stat().st_mode | 0o200)
    assert contents(folder) == before
    assert verify_named([out / "all.wacz"], workers=1).damages.kept == []


def contents(folder: DataFolder) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.root.rglob("*")}
