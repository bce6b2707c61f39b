"""URLs: one normal form, one key for one page, and what a crawl may fetch."""

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archiver.extract.urls import host_of, in_scope, normalise, resolve, resolve_all, url_key
from tests.extract_pages.golden import HOME, PROFILE


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("HTTPS://Site.FR", "https://site.fr/"),
        ("http://site.fr:80/a", "http://site.fr/a"),
        ("https://site.fr:443/a", "https://site.fr/a"),
        ("http://site.fr:8080/a", "http://site.fr:8080/a"),
        ("http://site.fr:48080/a", "http://site.fr:48080/a"),
        ("http://site.fr:99999/a", "http://site.fr:99999/a"),
        ("https://site.fr/a/../b/./c", "https://site.fr/b/c"),
        ("https://site.fr/a/..", "https://site.fr/"),
        ("https://site.fr/%7euser/%c3%a9t%C3%A9", "https://site.fr/~user/%C3%A9t%C3%A9"),
        ("https://site.fr/réforme/", "https://site.fr/r%C3%A9forme/"),
        ("https://site.fr/100%/", "https://site.fr/100%25/"),
        ("https://site.fr/a b", "https://site.fr/a%20b"),
        ("https://site.fr/a#part", "https://site.fr/a"),
        ("https://site.fr/?utm_source=x&p=3&fbclid=y", "https://site.fr/?p=3"),
        ("https://site.fr/?", "https://site.fr/"),
        ("https://réforme.fr/", "https://xn--rforme-bva.fr/"),
        ("https://site.fr./", "https://site.fr/"),
        (" https://site.fr/a\n", "https://site.fr/a"),
        ("https://site.fr/a%2Fb", "https://site.fr/a%2Fb"),
        ("mailto:a@b.fr", "mailto:a@b.fr"),
        ("http://[::1", "http://[::1"),
        ("https://site.fr:99999/", "https://site.fr:99999/"),
    ],
)
def test_the_normal_form(written: str, normal: str) -> None:
    assert normalise(written) == normal


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://www.site.fr/Plan/", "http://site.fr/plan"),
        ("https://site.fr/r%C3%89forme/", "https://site.fr/réforme"),
        ("https://site.fr/a?b=2&a=1", "https://site.fr/a?a=1&b=2"),
        ("https://site.fr:443/", "http://www.site.fr:80"),
        ("https://site.fr/a?utm_medium=x", "https://site.fr/a#b"),
    ],
)
def test_one_page_has_one_key(one: str, other: str) -> None:
    assert url_key(one) == url_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://site.fr/?p=1", "https://site.fr/?p=2"),
        ("https://site.fr/plan", "https://site.fr/plan-2"),
        ("https://site.fr/en/plan", "https://site.fr/plan"),
        ("https://site.fr:8080/", "https://site.fr/"),
        ("https://a.site.fr/", "https://site.fr/"),
        ("https://site.fr/a%2Fb", "https://site.fr/a/b"),
    ],
)
def test_two_pages_have_two_keys(one: str, other: str) -> None:
    assert url_key(one) != url_key(other)


@settings(derandomize=True, max_examples=500)
@example("HTTP://.")
@example("http://a../")
@example("http://A:0")
@example("http://é@a/")
@example("HTTP://\u2024")
@given(
    st.text() | st.builds("http{}".format, st.text()) | st.builds("http://a{}".format, st.text())
)
def test_any_text_has_a_form_that_stays(text: str) -> None:
    normal = normalise(text)
    assert normalise(normal) == normal
    assert url_key(normal) == url_key(text)
    assert isinstance(host_of(text), str)
    in_scope(text, PROFILE)
    found = resolve(HOME, text)
    assert found is None or (found.startswith(("http://", "https://")) and found.isascii())


def test_links_are_resolved_once_each() -> None:
    links = ["/a", "a", None, "", "#x", "mailto:x@y.fr", "javascript:void(0)", "/a#b", "//o.fr/b"]
    assert resolve_all("https://site.fr/", links, 10) == ("https://site.fr/a", "https://o.fr/b")
    assert resolve_all("https://site.fr/", ["/a", "/b", "/c"], 2) == (
        "https://site.fr/a",
        "https://site.fr/b",
    )


@pytest.mark.parametrize(
    "path",
    [
        "",
        "plan/",
        "?p=12",
        "en/plan/",
        "category/actualite/page/6/",
        "feed/",
        "en/feed/",
        "comments/feed/",
        "feed/?paged=3",
        "wp-json/",
        "wp-json/wp/v2/posts?per_page=100&orderby=modified",
        "sitemap_index.xml",
        "wp-content/uploads/2019/11/rapport.pdf",
        "agenda/",
        "2019/11/22/plan/",
        "etude-sur-l-embed/",
    ],
)
def test_what_a_crawl_may_fetch(path: str) -> None:
    assert in_scope(HOME + path, PROFILE)
    assert in_scope("http://www." + HOME.removeprefix("https://") + path, PROFILE)


@pytest.mark.parametrize(
    "path",
    [
        "wp-admin/admin-ajax.php",
        "wp-login.php?redirect_to=x",
        "xmlrpc.php?rsd",
        "plan/?replytocom=12",
        "plan/?share=twitter",
        "boutique/?add-to-cart=3",
        "?s=trains",
        "plan/feed/",
        "category/actualite/feed/",
        "plan/embed/",
        "plan/comment-page-2/",
        "2019/11/",
        "2019/11/22/",
        "agenda/2031-04/",
        "events/2031-04/?ical=1",
        "wp-json/oembed/1.0/embed?url=x",
        "wp-json/wp/v2/posts/3806",
        "a/b/a/b/a/b/",
        "x" * 2_000,
        "produits/?orderby=price",
    ],
)
def test_what_a_crawl_must_not_fetch(path: str) -> None:
    assert not in_scope(HOME + path, PROFILE)


def test_other_hosts_are_out_of_scope_unless_named() -> None:
    other = "https://autre.example/a"
    named = replace(PROFILE, hosts=("autre.example",))
    assert not in_scope(other, PROFILE)
    assert in_scope(other, named)
    assert not in_scope("https://claire-vasseur.example:8443/", PROFILE)
    assert not in_scope("https://me:pw@claire-vasseur.example/", PROFILE)
    assert not in_scope("ftp://claire-vasseur.example/", PROFILE)
    assert not in_scope("https://claire-vasseur.example.evil.org/", PROFILE)


def test_an_asset_may_lie_on_an_asset_host() -> None:
    profile = replace(PROFILE, asset_hosts=("cdn.example",))
    image = "https://cdn.example/a.png"
    assert in_scope(image, profile, asset=True)
    assert not in_scope(image, profile)
