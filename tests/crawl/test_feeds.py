"""How far a feed is read: decided by what the site's other lists say, never by which came first."""

import sqlite3
from contextlib import closing
from pathlib import Path
from time import sleep

import pytest

from archiver.demo.server import DemoSite
from spiders.news import REST_POSTS
from tests.cli import crawl
from tests.crawl.small import shrink

LATE = 0.5
"""Seconds that REST lets wait: longer than a feed takes to be answered and read."""
HEAD = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: "
NO_LISTINGS = "User-agent: *\nDisallow: /actualite/\nDisallow: /category/\nDisallow: /2\n"


def feeds_asked(site: DemoSite, since: int = 0) -> list[str]:
    paths = [request.path for request in site.requests[since:]]
    return [path for path in paths if path.startswith("/feed/")]


def titles(data: Path) -> set[str]:
    with closing(sqlite3.connect(data / "archive.db")) as db:
        return {title for (title,) in db.execute("SELECT title FROM articles")}


def late_rest(site: DemoSite) -> bytes:
    sleep(LATE)
    return (
        HEAD
        + b"application/json\r\n\r\n"
        + site.answer_to(f"/wp-json/{REST_POSTS}", {}).body(coded=False)
    )


@pytest.mark.parametrize("late", [False, True])
def test_a_feed_is_not_read_on_where_rest_lists_all(tmp_path: Path, late: bool) -> None:
    """Whether the feed or REST is answered first."""
    with DemoSite() as site:
        shrink(site, 24)
        site.switches.robots = NO_LISTINGS
        if late:
            site.switches.raw["/wp-json/wp/v2/posts"] = lambda: late_rest(site)
        crawl(site.url, tmp_path, "--no-assets")
        first = len(site.requests)
        for article in site.expected()[:12]:
            site.edit(article.post_id, title=f"{article.title}, suite")
        crawl(site.url, tmp_path, "--no-assets")
        assert feeds_asked(site, first) == ["/feed/"]
        assert feeds_asked(site) == ["/feed/"] * 2
        assert titles(tmp_path) == {article.title for article in site.expected()}


def test_a_feed_is_read_to_its_end_where_nothing_else_lists_all(tmp_path: Path) -> None:
    with DemoSite() as site:
        shrink(site, 24)
        site.switches.robots = NO_LISTINGS
        site.switches.rest_status = site.switches.sitemap_status = 404
        crawl(site.url, tmp_path, "--no-assets")
        assert titles(tmp_path) == {article.title for article in site.expected()}
        whole = [f"/feed/?paged={number}" for number in range(2, 5)]
        assert feeds_asked(site) == ["/feed/", *whole]
        first = len(site.requests)
        crawl(site.url, tmp_path, "--no-assets")
        assert feeds_asked(site, first) == ["/feed/"]
        for article in site.expected()[:12]:
            site.delete(article.post_id)
        for number in range(12):
            site.publish(post(number))
        crawl(site.url, tmp_path, "--no-assets")
        assert feeds_asked(site, first) == ["/feed/", "/feed/", *whole[:2]]
        assert {post(number)["title"] for number in range(12)} <= titles(tmp_path)


def post(number: int) -> dict[str, object]:
    text = "Ce billet est du jour où l’archive est revenue."
    return {
        "id": 5000 + number,
        "slug": f"billet-{number}",
        "title": f"Billet {number}",
        "in": ["actualite"],
        "before": [text],
    }


def test_a_feed_that_repeats_itself_is_left(tmp_path: Path) -> None:
    with DemoSite() as site:
        shrink(site, 12)
        site.switches.robots = NO_LISTINGS
        site.switches.rest_status = site.switches.sitemap_status = 404
        feed = site.answer_to("/feed/", {}).body(coded=False)
        site.switches.raw["/feed/"] = lambda: HEAD + b"application/rss+xml\r\n\r\n" + feed
        crawl(site.url, tmp_path, "--no-assets")
        assert feeds_asked(site) == ["/feed/", "/feed/?paged=2"]
