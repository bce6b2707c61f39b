"""The second crawl of a site asks for what changed, and leaves the same archive as a full one."""

import shutil
from pathlib import Path

import pytest

from archiver.demo.server import DemoSite
from archiver.demo.switches import Switches
from tests.cli import crawl
from tests.incremental.archives import ARTICLES, QUESTIONS, REVISIONS, events, rows

ONE_BY_ONE = ("--delay", "0.001", "--no-assets")
"""Hardly a pause, but one connection, as in a real crawl."""


def requests_of(site: DemoSite, data: Path, *words: str) -> list[str]:
    """Crawl, and the paths that were asked for."""
    before = len(site.requests)
    crawl(site.url, data, *ONE_BY_ONE, *words)
    return [request.path for request in site.requests[before:]]


def test_an_incremental_crawl_leaves_what_a_full_one_does(tmp_path: Path) -> None:
    short, long = tmp_path / "incremental", tmp_path / "full"
    with DemoSite() as site:
        requests_of(site, short)
        shutil.copytree(short, long)
        site.state = 2
        incremental = requests_of(site, short)
        full = requests_of(site, long, "--full")
    for query in (ARTICLES, QUESTIONS, REVISIONS):
        assert rows(short, query) == rows(long, query)
    assert events(short) == events(long)
    assert {row[1] for row in events(short)} == {
        *("new", "answered", "edited", "retitled", "renamed", "comments", "votes", "gone")
    }
    assert len(incremental) < 30 < 60 < len(full)


@pytest.mark.parametrize("articles", [100, pytest.param(1000, marks=pytest.mark.soak)])
def cost(data: Path, articles: int, switches: Switches) -> list[int]:
    """The requests of two crawls of an unchanged site of so many articles."""
    with DemoSite(articles=articles, switches=switches) as site:
        requests_of(site, data)
        return [len(requests_of(site, data)) for _ in range(2)]


def test_an_unchanged_site_costs_next_to_nothing(tmp_path: Path) -> None:
    assert max(cost(tmp_path, 100, Switches())) <= 8 + 100 / 50


def test_an_unchanged_site_without_lists_costs_little(tmp_path: Path) -> None:
    switches = Switches(rest_status=404, sitemap_status=404)
    assert max(cost(tmp_path, 100, switches)) <= 8 + 100 / 10


@pytest.mark.soak
@pytest.mark.parametrize("articles", [100, 1000])
@pytest.mark.parametrize(
    ("switches", "share"),
    [
        (Switches(), 50),
        (Switches(rest_status=404), 50),
        (Switches(sitemap_status=404), 50),
        (Switches(rest_status=404, sitemap_status=404), 10),
        (Switches(rest_status=404, sitemap_status=404, feed_status=404), 10),
    ],
    ids=["all", "no REST", "no sitemap", "feeds", "listings"],
)
def test_the_cost_holds_with_every_set_of_lists(
    tmp_path: Path, articles: int, switches: Switches, share: int
) -> None:
    assert max(cost(tmp_path, articles, switches)) <= 8 + articles / share


def test_old_pages_are_asked_for_again_in_turn(tmp_path: Path) -> None:
    with DemoSite() as site:
        known = {article.path for article in site.expected()}
        requests_of(site, tmp_path)
        asked = [path.lower() for _ in range(3) for path in requests_of(site, tmp_path)]
    seen = [path for path in asked if path in known]
    assert len(seen) == len(set(seen)) == 6


def test_a_list_that_was_turned_off_since_is_done_without(tmp_path: Path) -> None:
    with DemoSite() as site:
        requests_of(site, tmp_path)
        site.switches.rest_status = 403
        site.answer(2672, "La réponse est arrivée.")
        site.delete(2044)
        requests_of(site, tmp_path)
    kinds = [row[1] for row in events(tmp_path) if row[1] != "new"]
    assert sorted(kinds) == ["answered", "gone"]


def test_a_draft_published_with_an_old_date_is_new(tmp_path: Path) -> None:
    entry = {
        "id": 3001,
        "slug": "un-vieux-brouillon",
        "title": "Un vieux brouillon",
        "in": ["actualite"],
        "date": "2021-02-01 09:00",
        "before": ["Ce texte attendait depuis trois ans."],
    }
    with DemoSite() as site:
        requests_of(site, tmp_path)
        site.publish(entry)
        assert "/un-vieux-brouillon/" in requests_of(site, tmp_path)


def test_an_edit_between_list_and_page_is_seen_by_the_next_crawl(tmp_path: Path) -> None:
    """The page of the first crawl is older than the edit; nothing but the list tells."""
    with DemoSite() as site:
        requests_of(site, tmp_path)
        site.edit(2601, title="Un titre corrigé")
        site.switches.outage = 503
        crawl(site.url, tmp_path, *ONE_BY_ONE, code=2)
        site.switches.outage = None
        requests_of(site, tmp_path)
    assert ("Un titre corrigé",) in rows(tmp_path, "SELECT title FROM articles")


def test_an_outage_marks_nothing_gone(tmp_path: Path) -> None:
    with DemoSite() as site:
        requests_of(site, tmp_path)
        for status in (503, 404):
            site.switches.outage = status
            crawl(site.url, tmp_path, *ONE_BY_ONE, code=2)
        site.switches.outage = None
        requests_of(site, tmp_path)
    assert rows(tmp_path, "SELECT url FROM articles WHERE gone_at IS NOT NULL") == []
    assert {row[1] for row in events(tmp_path)} == {"new"}


def test_full_asks_for_everything_again(tmp_path: Path) -> None:
    with DemoSite() as site:
        known = {article.path for article in site.expected()}
        requests_of(site, tmp_path)
        asked = {path.lower() for path in requests_of(site, tmp_path, "--full")}
    assert known <= asked


def test_an_article_that_comes_back_as_it_was_is_back(tmp_path: Path) -> None:
    with DemoSite() as site:
        requests_of(site, tmp_path)
        site.edit(2601, status="private")
        requests_of(site, tmp_path)
        site.edit(2601, status="publish")
        requests_of(site, tmp_path)
    kinds = [row[1] for row in events(tmp_path) if row[1] != "new"]
    assert kinds == ["back", "gone"]
