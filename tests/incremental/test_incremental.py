"""The second crawl of a site asks for what changed, and leaves the same archive as a full one."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from archiver.demo.model import PARIS
from archiver.demo.server import DemoSite
from archiver.demo.switches import Switches
from archiver.folder import DataFolder
from archiver.ops.status import lines_of, status_of
from archiver.profiles.model import Profile
from spiders.news import REST_POSTS
from tests.incremental.archives import ARTICLES, QUESTIONS, REVISIONS, age, events, rows
from tests.incremental.quick import Crawling

JSON = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
NEW_COMMENTS = (
    "SELECT CAST(before AS INTEGER), CAST(after AS INTEGER) FROM events e JOIN articles a"
    " ON a.id = article_id WHERE e.kind = 'comments' AND post_id = ? ORDER BY at"
)


@pytest.fixture(scope="module")
def crawling() -> Iterator[Crawling]:
    with Crawling() as ready:
        yield ready


@pytest.fixture(scope="module")
def first(
    tmp_path_factory: pytest.TempPathFactory, crawling: Crawling
) -> Iterator[tuple[DemoSite, Path]]:
    """The site, and the archive of a first crawl of it."""
    data = tmp_path_factory.mktemp("first") / "data"
    with DemoSite() as site:
        crawling.requests_of(site, data)
        yield site, data


@pytest.fixture
def site(first: tuple[DemoSite, Path]) -> DemoSite:
    """The site as it was at the first crawl."""
    site = first[0]
    site.state, site.switches = 1, Switches()
    return site


@pytest.fixture
def data(first: tuple[DemoSite, Path], tmp_path: Path) -> Path:
    """A copy of the archive of the first crawl."""
    return shutil.copytree(first[1], tmp_path / "data")


def test_an_incremental_crawl_leaves_what_a_full_one_does(
    site: DemoSite, data: Path, tmp_path: Path, crawling: Crawling
) -> None:
    short, long = data, shutil.copytree(data, tmp_path / "full")
    site.state = 2
    incremental = crawling.requests_of(site, short)
    full = crawling.requests_of(site, long, full=True)
    for query in (ARTICLES, QUESTIONS, REVISIONS):
        assert rows(short, query) == rows(long, query)
    assert events(short) == events(long)
    assert {row[1] for row in events(short)} == {
        *("new", "answered", "edited", "retitled", "renamed", "comments", "votes", "gone")
    }
    assert len(incremental) < 30 < 60 < len(full)


def cost(crawling: Crawling, data: Path, articles: int, switches: Switches) -> list[int]:
    """The requests of two crawls of an unchanged site of so many articles, all of whose pages are
    old enough to be asked for again."""
    with DemoSite(articles=articles, switches=switches) as site:
        crawling.requests_of(site, data)
        age(data, 30)
        return [len(crawling.requests_of(site, data)) for _ in range(2)]


def test_an_unchanged_site_costs_next_to_nothing(tmp_path: Path, crawling: Crawling) -> None:
    assert max(cost(crawling, tmp_path, 100, Switches())) <= 8 + 100 / 50


def test_an_unchanged_site_without_lists_costs_little(tmp_path: Path, crawling: Crawling) -> None:
    switches = Switches(rest_status=404, sitemap_status=404)
    assert max(cost(crawling, tmp_path, 100, switches)) <= 8 + 100 / 10


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
    tmp_path: Path, crawling: Crawling, articles: int, switches: Switches, share: int
) -> None:
    assert max(cost(crawling, tmp_path, articles, switches)) <= 8 + articles / share


def test_old_pages_are_asked_for_again_in_turn(
    site: DemoSite, data: Path, crawling: Crawling
) -> None:
    known = {article.path for article in site.expected()}
    fresh = [path.lower() for path in crawling.requests_of(site, data)]
    age(data, Profile("", "").refresh_days + 1)
    asked = [path.lower() for _ in range(3) for path in crawling.requests_of(site, data)]
    assert known.isdisjoint(fresh)
    seen = [path for path in asked if path in known]
    assert len(seen) == len(set(seen)) == 3


def test_the_profile_says_how_old_a_page_may_be(
    site: DemoSite, data: Path, tmp_path: Path, crawling: Crawling
) -> None:
    known = {article.path for article in site.expected()}
    profile = tmp_path / "patient.toml"
    profile.write_text(f'home_url = "{site.url}"\nrefresh_days = 60\n')
    for days, asked in ((30, 0), (40, 1)):
        age(data, days)
        paths = {path.lower() for path in crawling.requests_of(site, data, profile=profile)}
        assert len(paths & known) == asked


def test_a_comment_on_an_old_article_is_seen_by_rest(
    site: DemoSite, data: Path, crawling: Crawling
) -> None:
    """It is not among the ten newest, nor is its article."""
    oldest, *others = [a.post_id for a in reversed(site.expected()) if not a.protected]
    site.comment(oldest)
    for post in others[-2:]:
        site.comment(post, 8)
    crawling.requests_of(site, data)
    seen = rows(data, NEW_COMMENTS, oldest)
    site.comment(oldest)
    site.comment(others[-1], 120)
    crawling.requests_of(site, data)
    later = rows(data, NEW_COMMENTS, oldest)
    assert [(after - before) for before, after in seen] == [1]
    assert [(after - before) for before, after in later] == [1, 1]


def test_sitemaps_are_read_where_rest_leaves_articles_out(
    site: DemoSite, data: Path, tmp_path: Path, crawling: Crawling
) -> None:
    """Such as those of a type of the site's own; where REST lists all, sitemaps are not read."""
    assert not any("sitemap" in path for path in crawling.requests_of(site, data))
    left_out = site.expected()[30].post_id
    site.switches.raw["/wp-json/wp/v2/posts"] = lambda: rest_without(site, left_out)
    other = tmp_path / "other"
    crawling.requests_of(site, other)
    site.edit(left_out, title="Un titre corrigé")
    crawling.requests_of(site, other)
    assert ("Un titre corrigé",) in rows(other, "SELECT title FROM articles")


def rest_without(site: DemoSite, post_id: int) -> bytes:
    """The answer of REST, but for one post."""
    kept = site.answer_to(f"/wp-json/{REST_POSTS}", {})
    posts = [post for post in json.loads(kept.body(coded=False)) if post["id"] != post_id]
    return JSON + json.dumps(posts).encode()


def test_a_list_that_was_turned_off_since_is_done_without(
    site: DemoSite, data: Path, crawling: Crawling
) -> None:
    site.switches.rest_status = 403
    site.answer(2672, "La réponse est arrivée.")
    site.delete(2044)
    crawling.requests_of(site, data)
    kinds = [row[1] for row in events(data) if row[1] != "new"]
    assert sorted(kinds) == ["answered", "gone"]


def test_an_answer_edited_on_its_second_page_is_one_edit(
    site: DemoSite, data: Path, crawling: Crawling
) -> None:
    first = next(article.path for article in site.expected() if article.post_id == 2655)
    site.answer(2655, "Les aides sont ouvertes depuis le 1er juillet.")
    assert {first, f"{first}2/"} <= set(crawling.requests_of(site, data))
    assert [row[1] for row in events(data) if row[1] != "new"] == ["edited"]
    asked = "SELECT answer FROM questions JOIN articles ON articles.id = article_id"
    answers = rows(data, f"{asked} WHERE post_id = 2655")
    assert answers == [("Les aides sont ouvertes depuis le 1er juillet.",)]


def test_a_draft_published_with_an_old_date_is_new(
    site: DemoSite, data: Path, crawling: Crawling
) -> None:
    entry = {
        "id": 3001,
        "slug": "un-vieux-brouillon",
        "title": "Un vieux brouillon",
        "in": ["actualite"],
        "date": "2021-02-01 09:00",
        "before": ["Ce texte attendait depuis trois ans."],
    }
    site.publish(entry)
    assert "/un-vieux-brouillon/" in crawling.requests_of(site, data)


def test_a_clock_that_is_wrong_hides_no_edit(
    site: DemoSite, data: Path, crawling: Crawling
) -> None:
    """Neither one that runs ahead for years nor one that is set back."""
    for year in (2099, 1999):
        site.set_clock(datetime(year, 1, 1, tzinfo=PARIS))
        site.edit(2601, title=f"Un titre de {year}")
        crawling.requests_of(site, data)
        assert (f"Un titre de {year}",) in rows(data, "SELECT title FROM articles")


def test_an_edit_between_list_and_page_is_seen_by_the_next_crawl(
    site: DemoSite, data: Path, crawling: Crawling
) -> None:
    """The page of the first crawl is older than the edit; nothing but the list tells."""
    site.edit(2601, title="Un titre corrigé")
    (path,) = [article.path for article in site.expected() if article.post_id == 2601]
    for page in (b"403 Forbidden\r\n\r\n", b"200 OK\r\nCf-Mitigated: challenge\r\n\r\n<p>Attendez"):
        site.switches.raw[path] = partial(bytes, b"HTTP/1.1 " + page)
        crawling.requests_of(site, data, outcome="incomplete")
    site.switches.raw.clear()
    crawling.requests_of(site, data)
    assert ("Un titre corrigé",) in rows(data, "SELECT title FROM articles")


def test_an_outage_marks_nothing_gone(site: DemoSite, data: Path, crawling: Crawling) -> None:
    for status, full in ((503, False), (404, False), (404, True)):
        site.switches.outage = status
        crawling.requests_of(site, data, outcome="failed", full=full)
    site.switches.outage = None
    crawling.requests_of(site, data)
    assert rows(data, "SELECT url FROM articles WHERE gone_at IS NOT NULL") == []
    assert {row[1] for row in events(data)} == {"new"}


def test_a_deleted_post_whose_slug_another_takes_over_is_gone(
    site: DemoSite, data: Path, crawling: Crawling
) -> None:
    (path,) = [article.path for article in site.expected() if article.post_id == 2601]
    site.delete(2601)
    taken = {"id": 3001, "slug": path.strip("/"), "title": "Un autre sujet", "in": ["actualite"]}
    site.publish({**taken, "before": ["Ce texte n’a rien de commun avec le précédent."]})
    assert crawling.requests_of(site, data).count("/?p=2601") == 2
    query = "SELECT post_id, gone_at IS NULL, url FROM articles WHERE post_id IN (2601, 3001)"
    assert rows(data, f"{query} ORDER BY 1") == [
        (2601, 0, f"{site.base}/?p=2601"),
        (3001, 1, site.base + path),
    ]
    assert [row[1] for row in events(data) if row[1] != "new"] == ["gone"]


@pytest.mark.parametrize("head", [b"404 Not Found", b"302 Found\r\nLocation: /"])
def test_a_site_that_has_its_home_page_only_is_told_and_loses_nothing(
    site: DemoSite, data: Path, crawling: Crawling, head: bytes
) -> None:
    """As without its rewriting rules, or after a redesign; the home page still names articles."""
    lists = Switches(rest_status=404, sitemap_status=404, feed_status=404)
    for article in site.expected():
        lists.raw[article.path] = partial(bytes, b"HTTP/1.1 " + head + b"\r\n\r\n")
    site.switches = lists
    crawling.requests_of(site, data, outcome="incomplete")
    told = status_of(DataFolder(data), datetime.now(UTC)).attention
    assert any("probably a redesign or an outage" in line for line in told)
    site.switches = Switches()
    crawling.requests_of(site, data)
    assert {row[1] for row in events(data)} == {"new"}
    assert status_of(DataFolder(data), datetime.now(UTC)).attention == ()


def test_a_post_that_is_listed_no_more_and_forbidden_leaves_no_crawl_incomplete(
    site: DemoSite, data: Path, crawling: Crawling
) -> None:
    """Nor is it gone."""
    (path,) = [article.path for article in site.expected() if article.post_id == 2601]
    site.delete(2601)
    site.switches.raw[path] = lambda: b"HTTP/1.1 403 Forbidden\r\n\r\n"
    assert path in crawling.requests_of(site, data)
    assert {row[1] for row in events(data)} == {"new"}


def test_deleted_posts_that_lead_to_the_home_page_are_asked_for_once(
    site: DemoSite, data: Path, crawling: Crawling
) -> None:
    """As some extensions have it; the other articles are there, so that it is no outage."""
    lost = [article for article in site.expected() if not article.protected][:4]
    for article in lost:
        site.delete(article.post_id)
        site.switches.raw[article.path] = lambda: b"HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n"
    paths = {article.path for article in lost}
    assert paths <= set(crawling.requests_of(site, data))
    assert paths.isdisjoint(crawling.requests_of(site, data))


def test_a_page_too_large_to_be_captured_whole_fails_no_crawl(
    site: DemoSite, data: Path, crawling: Crawling
) -> None:
    """It is told, and asked for again when it was edited."""
    path = "/une-page-immense/"
    immense = {"id": 3001, "slug": path.strip("/"), "title": "Immense", "in": ["actualite"]}
    site.publish({**immense, "before": ["Un texte sans fin."]})
    site.switches.raw[path] = lambda: b"HTTP/1.1 200 OK\r\nContent-Length: 17000000\r\n\r\n<p>"
    asked = [path in crawling.requests_of(site, data) for _ in range(2)]
    site.edit(3001, title="Immense, et corrigée")
    asked.append(path in crawling.requests_of(site, data))
    assert asked == [True, False, True]
    status = status_of(DataFolder(data), datetime.now(UTC))
    assert status.attention == ()
    assert "not in the archive: 0; 1 larger than 16 MiB" in "\n".join(lines_of(status))


def test_full_asks_for_everything_again(site: DemoSite, data: Path, crawling: Crawling) -> None:
    known = {article.path for article in site.expected()}
    asked = {path.lower() for path in crawling.requests_of(site, data, full=True)}
    assert known <= asked


def test_an_article_that_comes_back_as_it_was_is_back(
    site: DemoSite, data: Path, crawling: Crawling
) -> None:
    site.edit(2601, status="private")
    crawling.requests_of(site, data)
    site.edit(2601, status="publish")
    crawling.requests_of(site, data)
    kinds = [row[1] for row in events(data) if row[1] != "new"]
    assert kinds == ["back", "gone"]
