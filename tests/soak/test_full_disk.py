"""A crawl on a disk that fills up, again and again: exit code 4 each time, nothing reported is
lost, and with room it ends like a crawl that always had it."""

import shutil
from pathlib import Path

import pytest

from archiver.demo.server import DemoSite
from archiver.store.compare import differences
from archiver.warc.files import file_sha256
from tests.cli import archiver, crawl
from tests.crawl.test_resume import crawls, substance
from tests.crawl.test_storage import STORAGE_FAILED, readable
from tests.disk import remount, small_disk
from tests.soak.test_kills import torn

pytestmark = pytest.mark.soak

SIZES = [f"{kib}k" for kib in range(600, 2600, 250)]


def test_a_disk_that_fills_up_again_and_again(tmp_path: Path) -> None:
    refused, held = 0, set[str]()
    with DemoSite() as site, small_disk(tmp_path / "disk", SIZES[0]) as disk:
        crawl(site.url, tmp_path / "whole")
        data = disk / "data"
        for size in SIZES:
            remount(disk, f"size={size}")
            done = archiver("crawl", site.url, "--delay", "0", data=data)
            if done.returncode == 0:
                break
            assert done.returncode == STORAGE_FAILED, done.stdout + done.stderr
            assert done.stderr.count("Error:") == 1, done.stderr
            refused += 1
            assert held <= readable(data)
            held = readable(data)
        print(f"{refused} crawls stopped by a full disk, {len(held)} captures kept")  # noqa: T201
        remount(disk, "size=100m")
        crawl(site.url, data)
        assert held <= readable(data)
        shutil.copytree(data, tmp_path / "data")
    assert refused > 5
    kept = tmp_path / "data"
    assert torn(kept, "*.gz") == 0
    assert substance(kept) == substance(tmp_path / "whole")
    assert {outcome for _, outcome in crawls(kept)} == {"complete"}
    (kept / "archive.db").rename(tmp_path / "wiped.db")
    assert archiver("rebuild", data=kept).returncode == 0
    assert differences(tmp_path / "wiped.db", kept / "archive.db") == []


def test_a_disk_that_may_only_be_read(tmp_path: Path) -> None:
    with DemoSite() as site, small_disk(tmp_path / "disk", "100m") as disk:
        data = disk / "data"
        crawl(site.url, data, "--max-pages", "5")
        held = readable(data)
        remount(disk, "ro")
        asked = len(site.requests)
        done = crawl(site.url, data, code=STORAGE_FAILED)
        assert "Read-only file system" in done.stderr
        assert len(site.requests) == asked
        remount(disk, "rw")
        crawl(site.url, data)
        assert held < readable(data)


def test_a_rebuild_without_room_leaves_the_old_database(tmp_path: Path) -> None:
    with DemoSite() as site, small_disk(tmp_path / "disk", "100m") as disk:
        data = disk / "data"
        crawl(site.url, data, "--no-assets")
        before = file_sha256(data / "archive.db")
        used = sum(path.stat().st_blocks * 512 for path in data.rglob("*"))
        remount(disk, f"size={used + 500_000}")
        done = archiver("rebuild", data=data)
        assert done.returncode == STORAGE_FAILED, done.stdout + done.stderr
        assert "free some space" in done.stderr
        assert file_sha256(data / "archive.db") == before
        assert not list(data.glob("*.rebuilding*"))
        remount(disk, "size=100m")
        assert archiver("rebuild", data=data).stdout.endswith("equals the old one.\n")
