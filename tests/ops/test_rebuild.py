"""The database again from the WARC files: equal, whole or not at all, damage told."""

import hashlib
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from archiver.errors import ArchiveDamaged, BadInput, StorageFailed
from archiver.folder import DataFolder
from archiver.ops.rebuild import rebuild
from archiver.ops.verify import verify
from tests.cli import archiver
from tests.ops.harm import records, responses, sql

CRAWLS = (
    "SELECT id, site_id, source, started_at, finished_at, outcome, pages, new_articles,"
    " changed_articles, errors, user_agent, version, options FROM crawls ORDER BY id"
)
CAPTURES = (
    "SELECT record_id, crawl_id, url, captured_at, status, content_type, payload_digest, warc_file,"
    " warc_offset, warc_length, revisit_of, method FROM captures ORDER BY record_id"
)


def killed(name: str, point: str, count: int) -> list[str]:
    return [sys.executable, "-m", "tests.ops.killed", name, point, str(count)]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("workers", [1, 2])
def test_from_the_warcs_alone_every_row_comes_back(folder: DataFolder, workers: int) -> None:
    before = {statement: sql(folder, statement) for statement in (CRAWLS, CAPTURES)}
    same = rebuild(folder, workers=workers)
    assert (same.differences, same.changes, same.damages) == ((), {}, ())
    folder.database.unlink()
    anew = rebuild(folder, workers=workers)
    assert (anew.files, anew.differences, anew.kept_as) == (2, None, None)
    assert anew.captures == len(before[CAPTURES])
    for statement, rows in before.items():
        assert sql(folder, statement) == rows
    assert [path.name for path in folder.root.glob("archive.db*")] == ["archive.db"]
    assert sorted(sql(folder, "SELECT warc_file, sha256 FROM warc_files")) == [
        (path.name, digest(path)) for path in sorted(folder.warcs.glob("*.warc.gz"))
    ]


def test_what_differs_from_the_old_database_is_printed(folder: DataFolder) -> None:
    sql(folder, "UPDATE articles SET author = 'Une autre' WHERE id = 3")
    sql(folder, "DELETE FROM events WHERE kind = 'comments'")
    done = archiver("rebuild", data=folder.root)
    assert done.returncode == 0
    assert "articles: 1 difference from the old database" in done.stdout
    assert "Une autre -> " in done.stdout
    assert "events: " in done.stdout
    again = archiver("rebuild", data=folder.root)
    assert again.stdout.endswith("The new database equals the old one.\n")


@pytest.mark.parametrize(
    ("name", "code", "point", "count"),
    [
        pytest.param("SIGKILL", -9, "stored", 1, marks=pytest.mark.soak),
        ("SIGKILL", -9, "stored", 150),
        pytest.param("SIGKILL", -9, "deriving", 1, marks=pytest.mark.soak),
        pytest.param("SIGKILL", -9, "inheriting", 1, marks=pytest.mark.soak),
        ("SIGKILL", -9, "replacing", 1),
        pytest.param("SIGINT", 130, "stored", 150, marks=pytest.mark.soak),
        ("SIGINT", 130, "replacing", 1),
    ],
)
def test_an_interrupted_rebuild_leaves_the_old_database(
    folder: DataFolder, name: str, code: int, point: str, count: int
) -> None:
    before = digest(folder.database)
    done = archiver("rebuild", data=folder.root, module=killed(name, point, count))
    assert done.returncode == code, done.stderr
    assert digest(folder.database) == before
    if name == "SIGINT":
        assert "Interrupted" in done.stderr
        assert "Traceback" not in done.stderr
        assert not list(folder.root.glob("archive.db.rebuilding*"))
    assert archiver("rebuild", data=folder.root).stdout.endswith("equals the old one.\n")
    assert [path.name for path in folder.root.glob("archive.db*")] == ["archive.db"]


def test_an_unreadable_file_among_good_ones_is_named_and_passed_over(
    folder: DataFolder, warc: Path
) -> None:
    lost = len(sql(folder, "SELECT 1 FROM captures WHERE warc_file = ?", warc.name))
    total = len(sql(folder, "SELECT 1 FROM captures"))
    warc.write_bytes(bytes(5000))
    done = archiver("rebuild", data=folder.root)
    assert done.returncode == 0
    assert f"{total - lost} captures read from 2 WARC files." in done.stdout
    assert f"Damage: {warc.name} at byte 0" in done.stdout
    assert "1 part of the WARC files could not be read" in done.stdout
    problems = sql(folder, "SELECT detail FROM problems WHERE kind = 'damaged_record'")
    assert any(warc.name in detail for (detail,) in problems)


def test_a_damaged_record_costs_its_own_capture_only(folder: DataFolder, warc: Path) -> None:
    total = len(sql(folder, "SELECT 1 FROM captures"))
    record = responses(warc)[3]
    whole = bytearray(warc.read_bytes())
    whole[record.offset + 80] ^= 255
    warc.write_bytes(whole)
    result = rebuild(folder, workers=1)
    assert result.captures == total - 1
    assert [(damage.file, damage.offset) for damage in result.damages] == [
        (warc.name, record.offset)
    ]
    # The file's SHA-256 stays the one that was stated when it was closed.
    (stated,) = sql(folder, "SELECT sha256 FROM warc_files WHERE warc_file = ?", warc.name)[0]
    assert stated != digest(warc)


def test_a_file_of_another_program_is_named(folder: DataFolder, warc: Path) -> None:
    foreign = folder.warcs / "foreign.warc.gz"
    foreign.write_bytes(warc.read_bytes()[responses(warc)[0].offset :])
    result = rebuild(folder, workers=1)
    assert [(damage.file, damage.advice) for damage in result.damages] == [
        ("foreign.warc.gz", "bring it in with `archiver import`")
    ]


def test_a_damaged_database_is_kept_and_replaced(folder: DataFolder) -> None:
    articles = sql(folder, "SELECT url, title FROM articles ORDER BY url")
    folder.database.write_bytes(b"SQLite format 3\0" + b"\xff" * 9000)
    done = archiver("rebuild", data=folder.root)
    assert done.returncode == 0
    assert "The old database was damaged; it is kept as" in done.stdout
    assert sql(folder, "SELECT url, title FROM articles ORDER BY url") == articles
    assert len(list(folder.quarantine.glob("archive-*.db"))) == 1


def test_a_database_damaged_in_its_middle_is_kept_and_replaced(folder: DataFolder) -> None:
    articles = sql(folder, "SELECT url, title FROM articles ORDER BY url")
    size = folder.database.stat().st_size
    with folder.database.open("r+b") as file:
        file.seek(size // 4)
        file.write(b"\xff" * (size // 2))
    done = archiver("rebuild", data=folder.root)
    assert done.returncode == 0, done.stderr
    assert "it is kept as" in done.stdout
    assert sql(folder, "SELECT url, title FROM articles ORDER BY url") == articles


def test_a_database_of_a_newer_version_is_left_alone(folder: DataFolder) -> None:
    with closing(sqlite3.connect(folder.database)) as db:
        db.execute("PRAGMA user_version = 999")
    before = digest(folder.database)
    done = archiver("rebuild", data=folder.root)
    assert done.returncode == 1
    assert "newer version of archiver" in done.stderr
    assert done.stderr.count("\n") == 1
    assert digest(folder.database) == before


def test_a_folder_without_warcs_keeps_its_database(folder: DataFolder) -> None:
    shutil.rmtree(folder.warcs)
    before = digest(folder.database)
    with pytest.raises(BadInput, match="holds no WARC file"):
        rebuild(folder)
    assert digest(folder.database) == before


def test_a_running_crawl_keeps_a_rebuild_out(folder: DataFolder) -> None:
    with folder.lock("archive", "", shared=True), pytest.raises(BadInput, match="is running"):
        rebuild(folder)


def test_a_disk_that_refuses_leaves_the_old_database(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    before = digest(folder.database)
    monkeypatch.setattr("archiver.ops.rebuild.sync_folder", full)
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(StorageFailed, match="No space left"):
        rebuild(folder, workers=1)
    assert digest(folder.database) == before


def test_the_crawl_tells_of_itself_in_its_last_file(folder: DataFolder, warc: Path) -> None:
    kinds = [(record.record_type, record.url) for record in records(warc)[-4:]]
    (site,) = {url.split(":", 3)[2] for _, url in kinds if url}
    assert site
    assert [(kind, str(url).rpartition(":")[2]) for kind, url in kinds] == [
        ("resource", "configuration"),
        ("resource", "log"),
        ("resource", "report"),
        ("metadata", "manifest"),
    ]


def test_a_file_whose_disk_is_gone_stops_it(folder: DataFolder) -> None:
    (folder.warcs / "elsewhere.warc.gz").symlink_to(folder.root / "unmounted/elsewhere.warc.gz")
    with pytest.raises(ArchiveDamaged, match=r"elsewhere\.warc\.gz is no file: bring it back"):
        rebuild(folder, workers=1)


def test_a_database_without_one_of_its_tables_is_made_again(folder: DataFolder) -> None:
    verify(folder, workers=1)
    sql(folder, "DROP TABLE events")
    sql(folder, "ALTER TABLE recoveries DROP COLUMN detail")
    result = rebuild(folder, workers=1)
    assert result.differences is None
    assert result.kept_as is not None
    assert result.kept_as.parent == folder.quarantine
    assert sql(folder, "SELECT count(*) FROM verify_runs") == [(1,)]
    assert verify(folder, workers=1).damages.kept == []
