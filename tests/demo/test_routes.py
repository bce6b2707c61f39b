"""Redirects, lists, archives and the traps that a crawler meets."""

import pytest

from archiver.demo import DemoSite, expected
from tests.demo.conftest import get

ARTICLES = expected(1)


def cards(site: DemoSite, path: str) -> list[str]:
    got = get(site, path)
    assert got.status == 200, path
    nodes = got.html.css("main article.elementor-post h3.elementor-post__title a")
    return [node.attributes["href"] or "" for node in nodes]


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/?p=1187", "/plan-national-contre-l-isolement-des-personnes-agees/"),
        ("/en/?p=1187", "/en/plan-national-contre-l-isolement-des-personnes-agees/"),
        ("/biographie", "/biographie/"),
        ("/ouverture-des-classes-bilingues", "/ouverture-des-classes-bilingues/"),
        ("/ouverture-des-classes-bilingues/2/", "/ouverture-des-classes-bilingues/"),
        ("/tarif-de-l-eau-et-recherche-de-fuites/3/", "/tarif-de-l-eau-et-recherche-de-fuites/"),
        ("/ouverture-des-classes/", "/ouverture-des-classes-bilingues/"),
        (
            "/pharmacies-rurales-et-gardes-de-nuit/?replytocom=31",
            "/pharmacies-rurales-et-gardes-de-nuit/#comment-31",
        ),
        ("/wp-sitemap.xml", "/sitemap_index.xml"),
        ("/actualite", "/actualite/"),
    ],
)
def test_permanent_redirects(site: DemoSite, path: str, location: str) -> None:
    got = get(site, path)
    assert (got.status, got.header("location")) == (301, site.base + location)


def test_upper_case_spellings_answer_themselves(site: DemoSite) -> None:
    assert get(site, "/OUVERTURE-DES-CLASSES-BILINGUES/").status == 200
    accented = next(article for article in ARTICLES if "%c3" in article.path)
    assert get(site, accented.path.replace("%c3", "%C3")).status == 200


@pytest.mark.parametrize(
    "path",
    [
        *("/nulle-part/", "/en/nulle-part/", "/brouillon-agenda-de-printemps/", "/?p=2433"),
        *("/compte-rendu-interne/", "/annonce-programmee/", "/nulle-part/feed/"),
        *("/feed/?paged=99", "/category/absente/", "/1999/", "/wp-content/rien.png"),
    ],
)
def test_missing_things_are_404_in_the_theme(site: DemoSite, path: str) -> None:
    got = get(site, path)
    assert got.status == 404
    assert got.html.css_first("body.error404") is not None
    assert "no-store" in (got.header("cache-control") or "")


def test_pagination_shows_five_pages_while_more_answer(site: DemoSite) -> None:
    found: list[str] = []
    last = -(-len(ARTICLES) // 6)
    assert last > 6
    for number in range(1, last + 1):
        path = "/actualite/" if number == 1 else f"/actualite/{number}/"
        found += cards(site, path)
        tree = get(site, path).html
        links = {node.text() for node in tree.css("nav.elementor-pagination a.page-numbers")}
        assert not {link for link in links if link.endswith(("6", "7"))}
        anchor = tree.css_first(".e-load-more-anchor")
        assert anchor is not None
        assert anchor.attributes["data-max-page"] == str(last)
    assert found == [site.base + article.path for article in ARTICLES]
    fifth = get(site, "/actualite/5/").html.css_first(".elementor-pagination .next")
    assert fifth is not None
    assert fifth.tag == "span"


@pytest.mark.parametrize(
    "path",
    ["/actualite/13/", "/category/actualite/page/28/", "/tag/sante/page/9/", "/2019/page/7/"],
)
def test_past_its_end_a_list_is_200_without_articles(site: DemoSite, path: str) -> None:
    assert cards(site, path) == []
    assert cards(site, f"/en{path}") == []


def test_archives_list_their_own(site: DemoSite) -> None:
    news = [article for article in ARTICLES if "Actualité" in article.categories]
    assert len(news) > 36
    assert cards(site, "/category/actualite/page/7/") == [
        site.base + article.path for article in news[36:42]
    ]
    second = get(site, "/category/actualite/page/2/").html
    neighbours = [node.attributes["href"] for node in second.css("link[rel=prev], link[rel=next]")]
    pages = f"{site.url}category/actualite/"
    assert neighbours == [pages, f"{pages}page/3/"]
    for path, chosen in (
        ("/2019/", [a for a in ARTICLES if a.published_on.startswith("2019")]),
        ("/2019/11/", [a for a in ARTICLES if a.published_on.startswith("2019-11")]),
        ("/2019/11/22/", [a for a in ARTICLES if a.published_on == "2019-11-22"]),
        ("/tag/logement/", [a for a in ARTICLES if "logement" in a.tags]),
        ("/author/equipe/", [a for a in ARTICLES if "équipe" in a.author]),
    ):
        assert cards(site, path) == [site.base + article.path for article in chosen[:6]]


def test_english_lists_link_to_english_twins(site: DemoSite) -> None:
    assert all(url.startswith(f"{site.url}en/") for url in cards(site, "/en/actualite/"))


def test_the_diary_has_no_end(site: DemoSite) -> None:
    path, seen = "/agenda/2024-11/", set()
    for _ in range(30):
        seen.add(path)
        (following,) = get(site, path).html.css("main .wp-calendar-nav a:last-child")
        path = (following.attributes["href"] or "").removeprefix(site.base)
    assert len(seen) == 30
    assert get(site, "/agenda/2024-13/").status == 404


def test_every_page_holds_the_links_that_a_crawler_must_not_follow(site: DemoSite) -> None:
    hrefs = {node.attributes["href"] or "" for node in get(site, ARTICLES[-2].path).html.css("a")}
    for trap in ("/wp-admin/", "?add-to-cart=38", "/agenda/", "/espace-equipe/", "?replytocom="):
        assert any(trap in href for href in hrefs), trap
    assert get(site, "/wp-admin/").status == 302
    assert "Disallow: /espace-equipe/" in get(site, "/robots.txt").text
    assert f"Sitemap: {site.url}sitemap_index.xml" in get(site, "/robots.txt").text


def test_comment_pages_name_the_post_as_canonical(site: DemoSite) -> None:
    slug = "covid-19-vos-questions-nos-reponses"
    first = get(site, f"/{slug}/").html
    link = first.css_first(".wpdiscuz-comment-pagination a.page-numbers")
    assert link is not None
    assert link.attributes["href"] == f"{site.url}{slug}/comment-page-2/#comments"
    assert not first.css(".wpd-thread-filter, .wpd-load-more-submit")
    for number, roots in ((2, 7), (3, 0)):
        got = get(site, f"/{slug}/comment-page-{number}/")
        canonical = got.html.css_first("link[rel=canonical]")
        assert canonical is not None
        assert (got.status, canonical.attributes["href"]) == (200, f"{site.url}{slug}/")
        assert len(got.html.css(".wpd-thread-list > .wpd-comment")) == roots
        count = got.html.css_first(".wpd-thread-info")
        assert count is not None
        assert count.attributes["data-comments-count"] == "87"
