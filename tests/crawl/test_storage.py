"""A disk that refuses: exit code 4 before anything is lost, and the crawl resumes afterwards."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from archiver.demo.server import DemoSite
from archiver.folder import DataFolder
from archiver.ingest import stored_at
from archiver.store.database import Store
from tests.cli import crawl
from tests.crawl.test_resume import substance

STORAGE_FAILED = 4
LIMITS = [300_000, 900_000]
"""Bytes that a file may have: the first stops the database, the second the WARC file or either."""


BREAKS = [("fdatasync", 20), ("write", 20)]
"""Where the disk breaks: at the Nth call of these."""


def crawl_limited(site: str, data: Path, limit: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "archiver", "crawl", site, "--delay", "0", "--data", str(data)],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "NO_COLOR": "1"},
        check=False,
    )


def crawl_breaking(site: str, data: Path, call: str, count: int) -> str:
    broken = [sys.executable, "-m", "tests.crawl.failing", call, str(count)]
    return crawl(site, data, code=STORAGE_FAILED, module=broken).stderr


@pytest.mark.soak
def test_a_full_disk_stops_the_crawl_and_loses_nothing(tmp_path: Path) -> None:
    full = tmp_path / "full"
    with DemoSite() as site:
        crawl(site.url, tmp_path / "whole")
        held: set[str] = set()
        for limit in LIMITS:
            done = crawl_limited(site.url, full, limit)
            assert done.returncode == STORAGE_FAILED, done.stdout + done.stderr
            assert done.stderr.count("Error:") == 1, done.stderr
            assert "Traceback" not in done.stderr
            assert held <= readable(full)
            held = readable(full)
        for call, count in BREAKS:
            assert "Input/output error" in crawl_breaking(site.url, full, call, count)
            assert held <= readable(full)
            held = readable(full)
        crawl(site.url, full)
        assert held <= readable(full)
        assert substance(full) == substance(tmp_path / "whole")


def readable(data: Path) -> set[str]:
    """The record IDs that the database reports, each read back from its WARC file."""
    folder = DataFolder(data)
    if not folder.database.exists():
        return set()
    store = Store.open(folder.database)
    try:
        ids = [row[0] for row in store.connection.execute("SELECT id FROM captures")]
        rows = [store.capture(capture_id) for capture_id in ids]
    finally:
        store.close()
    return {stored_at(folder.warcs, row).place.record_id for row in rows}
