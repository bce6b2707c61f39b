"""REST, feeds and sitemaps: totals, limits, validators, what each leaves out."""

from xml.etree import ElementTree as ET

import pytest

from archiver.demo import DemoSite, expected
from tests.demo.conftest import get

ARTICLES = expected(1)
SLASH = "{http://purl.org/rss/1.0/modules/slash/}comments"
LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
POSTS = "/wp-json/wp/v2/posts"


def test_rest_lists_every_post_in_pages(site: DemoSite) -> None:
    total = str(len(ARTICLES))
    first = get(site, f"{POSTS}?per_page=40")
    assert (first.header("x-wp-total"), first.header("x-wp-totalpages")) == (total, "2")
    assert first.header("link") == f'<{site.base}{POSTS}?per_page=40&page=2>; rel="next"'
    assert first.header("etag") is None
    second = get(site, f"{POSTS}?per_page=40&page=2")
    assert second.header("link") is None
    found = [(post["id"], post["link"]) for post in first.json + second.json]
    assert found == [(article.post_id, site.base + article.path) for article in ARTICLES]
    assert len(get(site, POSTS).json) == 10


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("per_page=101", "rest_invalid_param"),
        ("per_page=0", "rest_invalid_param"),
        ("page=99", "rest_post_invalid_page_number"),
        ("orderby=rien", "rest_invalid_param"),
        ("modified_after=hier", "rest_invalid_param"),
    ],
)
def test_rest_refuses_as_wordpress_does(site: DemoSite, query: str, code: str) -> None:
    got = get(site, f"{POSTS}?{query}")
    assert (got.status, got.json["code"]) == (400, code)


def test_rest_filters_and_chosen_fields(site: DemoSite) -> None:
    late = get(site, f"{POSTS}?modified_after=2024-05-01T00:00:00&_fields=id,modified").json
    assert {post["id"] for post in late} == {2668, 2672}
    assert set(late[0]) == {"id", "modified"}
    newest = get(site, f"{POSTS}?orderby=modified&per_page=3&_fields=modified_gmt").json
    assert newest == sorted(newest, key=lambda post: post["modified_gmt"], reverse=True)
    found = get(site, f"{POSTS}?slug=ouverture-des-classes-bilingues").json
    assert [post["id"] for post in found] == [1875]
    in_category = get(site, f"{POSTS}?categories=9&per_page=100").json
    expected_ids = {a.post_id for a in ARTICLES if "Notre circonscription" in a.categories}
    assert {post["id"] for post in in_category} == expected_ids


def test_rest_gives_local_and_utc_times_and_hides_protected_texts(site: DemoSite) -> None:
    post = get(site, f"{POSTS}/1102").json
    assert (post["date"], post["date_gmt"]) == ("2019-04-30T00:25:00", "2019-04-29T22:25:00")
    assert post["slug"].startswith("r%c3%a9forme")
    assert "wpd-post-rating" not in post["content"]["rendered"]
    protected = get(site, f"{POSTS}/2410").json
    assert protected["content"] == {"rendered": "", "protected": True}
    assert get(site, f"{POSTS}/2433").status == 401
    assert get(site, f"{POSTS}/999999").status == 404
    assert get(site, f"/en{POSTS}/1102").json["link"].startswith(f"{site.url}en/")


def test_rest_counts_comments_without_pingbacks(site: DemoSite) -> None:
    one = get(site, "/wp-json/wp/v2/comments?post=1131")
    assert one.header("x-wp-total") == "9"
    assert next(a for a in ARTICLES if a.post_id == 1131).comment_count == 10
    everything = get(site, "/wp-json/wp/v2/comments?per_page=5").json
    dates = [comment["date_gmt"] for comment in everything]
    assert dates == sorted(dates, reverse=True)


def test_the_feed_gives_ten_articles_a_page_with_their_counts(site: DemoSite) -> None:
    seen = []
    for number in range(1, 8):
        got = get(site, f"/feed/?paged={number}")
        items = ET.fromstring(got.body).findall("channel/item")
        seen += [(item.findtext("link"), int(item.findtext(SLASH) or "")) for item in items]
        for item in items:
            assert (item.findtext("guid") or "").startswith(f"{site.url}?p=")
    assert seen == [(site.base + article.path, article.comment_count) for article in ARTICLES]
    assert get(site, "/feed/?paged=8").status == 404
    english = ET.fromstring(get(site, "/en/feed/").body).findtext("channel/item/link") or ""
    assert english.startswith(f"{site.url}en/")


@pytest.mark.parametrize("validator", ["etag", "last-modified", "both"])
def test_feed_validators_move_on_an_edit_and_not_on_a_comment(validator: str) -> None:
    with DemoSite() as own:
        first = get(own, "/feed/")
        tag, changed = first.header("etag") or "", first.header("last-modified") or ""
        asked = {
            "etag": {"If-None-Match": tag},
            "last-modified": {"If-Modified-Since": changed},
            "both": {"If-None-Match": tag, "If-Modified-Since": changed},
        }[validator]
        comments = get(own, "/comments/feed/")
        assert get(own, "/feed/", asked).status == 304
        own.comment(2672, 2)
        assert get(own, "/feed/", asked).status == 304
        assert get(own, "/feed/").body != first.body
        assert get(own, "/comments/feed/").header("etag") != comments.header("etag")
        own.edit(1187, title="Autre titre")
        assert get(own, "/feed/", asked).status == 200


def test_comment_feeds_list_the_newest_ten(site: DemoSite) -> None:
    items = ET.fromstring(get(site, "/comments/feed/").body).findall("channel/item")
    assert len(items) == 10
    own = ET.fromstring(get(site, "/pharmacies-rurales-et-gardes-de-nuit/feed/").body)
    assert len(own.findall("channel/item")) == 10
    links = [item.findtext("link") or "" for item in own.findall("channel/item")]
    assert all("/pharmacies-rurales-et-gardes-de-nuit/#comment-" in link for link in links)


def test_sitemaps_leave_protected_posts_and_twins_out(site: DemoSite) -> None:
    index = ET.fromstring(get(site, "/sitemap_index.xml").body)
    maps = [node.text or "" for node in index.iter(LOC)]
    assert [url.rsplit("/", 1)[1].split("-")[0] for url in maps] == [
        *("post", "page", "category", "post_tag", "author"),
    ]
    urls = {
        url: [n.text or "" for n in ET.fromstring(get(site, url).body).iter(LOC)] for url in maps
    }
    public = {site.base + article.path for article in ARTICLES if not article.protected}
    assert set(urls[maps[0]]) == public | {f"{site.url}actualite/"}
    assert not [url for found in urls.values() for url in found if "/en/" in url]
    assert {get(site, url).status for found in urls.values() for url in found} == {200}
    assert get(site, maps[0]).header("x-robots-tag") == "noindex, follow"
