"""Where the wire cannot be tapped, captures are put together again, and everything says so."""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from archiver.demo.server import DemoSite
from archiver.warc.model import StoredExchange
from archiver.warc.reader import read_captures
from tests.cli import archiver, crawl
from tests.crawl.small import shrink
from tests.crawl.test_resume import substance

UNTAPPED = [sys.executable, "-m", "tests.crawl.untapped"]


def test_every_capture_says_that_it_was_put_together_again(tmp_path: Path) -> None:
    data = tmp_path / "untapped"
    with DemoSite() as site:
        shrink(site, 28)
        crawl(site.url, tmp_path / "tapped", "--no-assets")
        done = crawl(site.url, data, "--no-assets", module=UNTAPPED)
    assert done.stdout.count("reconstructed") == 1, done.stdout
    assert done.stderr.count("self-test") == 1, done.stderr
    with closing(sqlite3.connect(data / "archive.db")) as db:
        methods = db.execute("SELECT DISTINCT method FROM captures").fetchall()
    assert methods == [("reconstructed",)]
    captures = [item for path in (data / "warc").glob("*.gz") for item in read_captures(path)]
    assert {item.method for item in captures if isinstance(item, StoredExchange)} == {
        "reconstructed"
    }
    assert substance(data) == substance(tmp_path / "tapped")
    assert archiver("verify", "--deep", data=data).returncode == 0
