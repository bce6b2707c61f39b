"""robots.txt is obeyed when it is slow, when it fails, and when eight requests race for it."""

import json
from pathlib import Path

import pytest

from archiver.demo.rendering import DISALLOWED
from archiver.demo.server import DemoSite
from archiver.demo.switches import Switches
from tests.cli import archiver, crawl
from tests.crawl.racing import interrupted
from tests.crawl.small import shrink

CLOSED = [f"/ferme/{number}/" for number in range(10)]
OPEN = [f"/ouvert/{number}/" for number in range(10)]
RULES = "User-agent: *\nDisallow: /ferme/\n"
ALL_CLOSED = "User-agent: *\nDisallow: /\n"


def test_a_closed_site_is_said_to_be_closed(tmp_path: Path) -> None:
    with DemoSite(switches=Switches(robots=ALL_CLOSED)) as site:
        done = crawl(site.url, tmp_path, "--json", code=2)
        found = json.loads(done.stdout)
    assert "its robots.txt forbids it" in done.stderr
    assert found["failed"] == {site.url: "its robots.txt forbids it"}
    status = json.loads(archiver("status", "--json", data=tmp_path).stdout)
    assert status["sites"][0]["last_crawl"]["errors"] == 1
    assert "Forbidden by robots.txt (1)" in status["attention"][0]


def test_articles_that_are_listed_and_forbidden_are_said_to_be(tmp_path: Path) -> None:
    with DemoSite(switches=Switches(robots="User-agent: *\nDisallow: /*-*/$\n")) as site:
        shrink(site, 5)
        done = crawl(site.url, tmp_path, "--no-assets", code=2)
    assert "its robots.txt forbids those that it lists" in done.stderr


def test_a_robots_txt_that_leads_where_nothing_is_fetched_is_said(tmp_path: Path) -> None:
    with DemoSite() as site:
        away = b"HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:9/robots.txt\r\n"
        site.switches.raw["/robots.txt"] = lambda: away + b"Content-Length: 0\r\n\r\n"
        done = crawl(site.url, tmp_path, code=2)
    assert "robots.txt could not be read (refused: another port" in done.stderr


def asked_for(switches: Switches, data: Path, code: int, *more: str) -> list[str]:
    """What a crawl that has all these pages to go asks the site for, robots.txt aside."""
    paths = [*CLOSED, *OPEN, *more]
    with DemoSite(switches=switches) as site:
        interrupted(data, site.url, paths)
        crawl(site.url, data, "--no-assets", "--max-pages", str(len(paths)), code=code)
        asked = [request.path for request in site.requests]
    assert asked[0] == "/robots.txt"
    return [path for path in asked if path != "/robots.txt"]


@pytest.mark.parametrize("delay", [0.0, 0.3])
def test_racing_requests_wait_for_the_rules(delay: float, tmp_path: Path) -> None:
    asked = asked_for(Switches(robots=RULES, robots_delay=delay), tmp_path, 0)
    assert [path for path in asked if path in CLOSED] == []
    assert sorted(path for path in asked if path in OPEN) == OPEN


def test_a_closed_site_is_asked_for_nothing(tmp_path: Path) -> None:
    assert asked_for(Switches(robots=ALL_CLOSED, robots_delay=0.3), tmp_path, 2) == []


@pytest.mark.parametrize(("status", "delay"), [(429, 0.0), (503, 0.3)])
def test_a_robots_txt_that_fails_closes_the_site(status: int, delay: float, tmp_path: Path) -> None:
    assert asked_for(Switches(robots_status=status, robots_delay=delay), tmp_path, 2) == []


def test_a_site_without_robots_txt_is_open(tmp_path: Path) -> None:
    asked = asked_for(Switches(robots_status=404, robots_delay=0.3), tmp_path, 0)
    assert set(CLOSED) | set(OPEN) <= set(asked)


def test_the_page_that_the_sample_site_forbids(tmp_path: Path) -> None:
    assert DISALLOWED not in asked_for(Switches(robots_delay=0.3), tmp_path, 0, DISALLOWED)
