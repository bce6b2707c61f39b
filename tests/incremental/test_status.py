"""`archiver status`: what a healthy archive says, and what makes it ask for attention."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archiver.demo.server import DemoSite
from archiver.folder import DataFolder
from archiver.ops.status import status_of
from tests.cli import archiver, crawl
from tests.crawl.small import shrink
from tests.incremental.quick import Crawling

PLAIN = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n"
BARE = "<html><head><title>Site refait</title></head><body><p>Nouveau site</p></body></html>"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A crawl, then another of the site redesigned beyond recognition."""
    folder = tmp_path_factory.mktemp("data")
    with DemoSite() as site:
        crawl(site.url, folder, "--no-assets")
        yield folder


def test_a_healthy_archive_needs_nothing(data: Path) -> None:
    done = archiver("status", "--json", data=data)
    found = json.loads(done.stdout)
    (site,) = found["sites"]
    assert (done.returncode, found["attention"]) == (0, [])
    assert (site["articles"], site["gone"], site["missing"]) == (70, 0, 0)
    assert site["listed"]["rest"] == 70
    assert site["last_crawl"]["outcome"] == "complete"
    assert 0 < site["pending"] < site["questions"]
    plain = archiver("status", data=data).stdout
    assert "(more than ten years at this pace)" in plain
    assert plain.endswith("Nothing needs attention.\n")


def test_a_site_without_a_crawl_for_days_needs_attention(data: Path) -> None:
    later = datetime.now(UTC) + timedelta(days=4)
    assert "no crawl was complete since" in status_of(DataFolder(data), later).attention[0]


def test_no_archive_is_bad_input(tmp_path: Path) -> None:
    assert archiver("status", data=tmp_path).returncode == 1


def test_a_failed_crawl_and_a_redesign_need_attention(tmp_path: Path) -> None:
    with DemoSite() as site, Crawling() as crawling:
        shrink(site, 20)
        crawling.requests_of(site, tmp_path)
        for article in site.expected():
            site.switches.raw[article.path] = lambda: PLAIN + BARE.encode()
        crawling.requests_of(site, tmp_path, outcome="failed", full=True)
        redesigned = archiver("status", data=tmp_path)
        site.switches.outage = 503
        crawling.requests_of(site, tmp_path, outcome="failed")
        failed = status_of(DataFolder(tmp_path), datetime.now(UTC))
        site.switches.outage = 200
        empty = crawl(site.url, tmp_path, "--no-assets", code=2)
    assert "was redesigned" in empty.stderr
    assert redesigned.returncode == 2
    assert "probably a redesign" in redesigned.stdout
    assert any("the last crawl is failed" in line for line in failed.attention)
