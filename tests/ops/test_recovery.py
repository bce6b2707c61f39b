"""After a crash, and after a crash of the recovery itself: every capture has its row, every cut its
note."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from archiver.demo.server import DemoSite
from archiver.folder import DataFolder
from archiver.ops.recovery import describe, recover
from archiver.ops.verify import verify
from tests.cli import archiver, crawl
from tests.crawl.small import shrink
from tests.ops.harm import records, sql

CAPTURES = "SELECT record_id, url, warc_file, warc_offset, method FROM captures ORDER BY record_id"
TORN = b"\x1f\x8b\x08\x00 torn"


@dataclass(frozen=True)
class Crash:
    """The archive as a crash in the middle of its second crawl leaves it: that crawl's file open
    with a torn tail, its last capture without a row."""

    folder: DataFolder
    name: str
    captures: list[str]


@pytest.fixture(scope="module")
def crashed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("crashed")
    with DemoSite() as site:
        shrink(site, 35)
        crawl(site.url, data)
        site.state = 2
        module = [sys.executable, "-m", "tests.crawl.killed", "after-fdatasync", "40"]
        crawl(site.url, data, "--full", code=-9, module=module)
    (orphan,) = data.glob("warc/*.open")
    with orphan.open("ab") as file:
        file.write(TORN)
    return data


@pytest.fixture
def crash(crashed: Path, tmp_path: Path) -> Crash:
    data = tmp_path / "data"
    shutil.copytree(crashed, data)
    (orphan,) = data.glob("warc/*.open")
    written = [item for path in data.glob("warc/*.warc.gz*") for item in captures_in(path)]
    folder = DataFolder(data)
    assert len(written) == len(sql(folder, CAPTURES)) + 1
    return Crash(folder, orphan.name.removesuffix(".open"), sorted(written))


def captures_in(path: Path) -> list[str]:
    if path.name.endswith(".sha256"):
        return []
    return [record.record_id for record in records(path) if record.capture]


def assert_recovered(crash: Crash) -> None:
    folder = crash.folder
    assert [row[0] for row in sql(folder, CAPTURES)] == crash.captures
    assert not list(folder.warcs.glob("*.open"))
    (torn,) = folder.quarantine.glob("*.torn")
    assert torn.read_bytes() == TORN
    assert sql(folder, "SELECT outcome FROM crawls ORDER BY id") == [("complete",), (None,)]
    assert sql(
        folder, "SELECT warc_file, cut_bytes, quarantine_file FROM recoveries WHERE cut_bytes > 0"
    ) == [(crash.name, len(TORN), torn.name)]
    assert verify(folder, workers=1).damages.kept == []


def test_a_crash_is_recovered_and_told(crash: Crash) -> None:
    (row,) = recover(crash.folder)
    assert_recovered(crash)
    assert row.records == 1
    (line,) = describe([row])
    assert line.startswith(f"Recovered {crash.name}: ")
    assert f"{len(TORN)} cut, 1 capture indexed; the torn end is quarantine/" in line
    assert recover(crash.folder) == []


@pytest.mark.parametrize(
    "point", ["tail-copied", "publishing", "published", "indexing", "stored", "indexed"]
)
def test_a_recovery_that_is_killed_is_finished_by_the_next_one(crash: Crash, point: str) -> None:
    module = [sys.executable, "-m", "tests.ops.killed", "SIGKILL", point, "1"]
    # A crawl that cannot begin, after the recovery with which each crawl begins.
    command = ("crawl", "http://127.0.0.1:9/", "--delay", "0")
    killed = archiver(*command, data=crash.folder.root, module=module)
    assert killed.returncode == -9, killed.stderr
    recover(crash.folder)
    assert_recovered(crash)


def test_a_rebuild_recovers_too(crash: Crash) -> None:
    assert archiver("rebuild", data=crash.folder.root).returncode == 0
    assert_recovered(crash)


def test_a_rebuild_that_is_killed_forgets_no_recovery(crash: Crash) -> None:
    module = [sys.executable, "-m", "tests.ops.killed", "SIGKILL", "replacing", "1"]
    assert archiver("rebuild", data=crash.folder.root, module=module).returncode == -9
    assert archiver("rebuild", data=crash.folder.root).returncode == 0
    assert_recovered(crash)


def test_the_wiped_database_is_made_again_by_the_next_crawl(folder: DataFolder) -> None:
    before = sql(folder, CAPTURES)
    folder.database.unlink()
    recover(folder)
    assert sql(folder, CAPTURES) == before
    assert sql(folder, "SELECT id, outcome FROM crawls") == [(1, "complete"), (2, "complete")]


def test_bytes_that_a_power_cut_took_are_found_by_verify(folder: DataFolder, warc: Path) -> None:
    """Rows are written after their bytes are synced; a disk that lied about that is found out."""
    last = max(folder.warcs.glob("*.warc.gz"))
    lost = [record for record in records(last) if record.capture][-3:]
    whole = last.read_bytes()
    last.unlink()
    last.with_name(f"{last.name}.sha256").unlink()
    last.with_name(f"{last.name}.open").write_bytes(whole[: lost[0].offset])
    sql(folder, "DELETE FROM warc_files WHERE warc_file = ?", last.name)
    recover(folder)
    found = verify(folder, workers=1).damages.kept
    urls = [finding.url for finding in found if finding.what.startswith("the file ends before")]
    assert urls == [record.url for record in lost]
