"""A crawl killed fifty times at random moments: nothing that it reported is lost, nothing is torn,
and left alone it ends like an undisturbed one."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from archiver.demo.server import DemoSite
from archiver.folder import DataFolder
from archiver.ingest import stored_at
from archiver.store.compare import differences
from archiver.store.database import Store
from archiver.warc.members import Gap, walk_members
from tests.cli import archiver, crawl
from tests.crawl.test_resume import crawls, substance

pytestmark = pytest.mark.soak

KILLS = 50
ARTICLES = 1000
MOST_ANSWERS = 12
"""Answers after which a crawl is killed at the latest; so many kills leave it unfinished."""


@dataclass
class Table:
    """What fifty kills left: reported captures that cannot be read, WARC files whose end is torn
    before and after recovery."""

    killed: int = 0
    unreadable: int = 0
    torn: int = 0
    torn_after_recovery: int = 0


def kill(site: DemoSite, data: Path, chance: random.Random) -> None:
    """Start the crawl and kill it in the midst of it."""
    answers = len(site.requests) + chance.randint(1, MOST_ANSWERS)
    command = [sys.executable, "-m", "archiver", "crawl", site.url, "--delay", "0"]
    with subprocess.Popen(
        [*command, "--data", str(data)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        while len(site.requests) < answers:
            assert process.poll() is None, "the crawl ended before it was killed"
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.05))
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL


def unreadable(data: Path) -> int:
    """How many rows of `captures` are of a record that is not there."""
    folder = DataFolder(data)
    if not folder.database.exists():
        return 0
    with closing(sqlite3.connect(folder.database)) as db:
        ids = [row[0] for row in db.execute("SELECT id FROM captures")]
    lost = 0
    with closing(Store.open(folder.database)) as store:
        for capture_id in ids:
            row = store.capture(capture_id)
            lost += stored_at(folder.warcs, row).place.record_id != row.record_id
    return lost


def torn(data: Path, pattern: str) -> int:
    """How many WARC files do not end with a whole record."""
    count = 0
    for path in (data / "warc").glob(pattern):
        with path.open("rb") as file:
            count += any(isinstance(item, Gap) for item in walk_members(file))
    return count


def test_fifty_random_kills(tmp_path: Path) -> None:
    chance = random.Random(1000 * int(os.environ.get("SOAK_SEED", "0")))
    data, table = tmp_path / "killed", Table()
    with DemoSite(articles=ARTICLES) as site:
        crawl(site.url, tmp_path / "undisturbed")
        for _ in range(KILLS):
            kill(site, data, chance)
            table.killed += 1
            table.unreadable += unreadable(data)
            table.torn += torn(data, "*.open")
            table.torn_after_recovery += torn(data, "*.gz")
        crawl(site.url, data)
    print(table)  # noqa: T201 - the figures are the point
    assert table.unreadable == 0
    assert table.torn_after_recovery + torn(data, "*.gz") == 0
    assert not list((data / "warc").glob("*.open"))
    assert substance(data) == substance(tmp_path / "undisturbed")
    assert crawls(data) == [(1, "complete")]

    wiped = tmp_path / "wiped.db"
    (data / "archive.db").rename(wiped)
    assert archiver("rebuild", data=data).returncode == 0
    assert differences(wiped, data / "archive.db") == []
    assert archiver("verify", data=data).returncode == 0
