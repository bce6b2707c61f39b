"""Which responses are the site speaking, by status, headers and the marks of other speakers."""

import gzip

import pytest

from archiver.extract import extract
from archiver.extract.facts import Response, Role
from tests.extract_pages.golden import DAY, HOME, PAGES, PROFILE, read

ARTICLE = (PAGES / "elementor" / "question.html").read_bytes()
CLOUDFLARE = (PAGES / "not-the-site" / "cloudflare.html").read_bytes()
MAINTENANCE = (PAGES / "not-the-site" / "maintenance.html").read_bytes()


@pytest.mark.parametrize(
    ("status", "body", "headers", "role"),
    [
        (200, ARTICLE, {}, Role.ARTICLE),
        (301, b"", {"location": "/plan/"}, Role.REDIRECT),
        (308, b"", {"location": "/plan/"}, Role.REDIRECT),
        (302, b"", {}, Role.OTHER),
        (304, b"", {}, Role.OTHER),
        (300, b"", {"location": "/plan/"}, Role.OTHER),
        (404, ARTICLE, {}, Role.MISSING),
        (410, b"", {}, Role.MISSING),
        (401, b"", {}, Role.REFUSED),
        (403, ARTICLE, {}, Role.REFUSED),
        (403, CLOUDFLARE, {}, Role.CHALLENGE),
        (403, b"", {"cf_mitigated": "challenge"}, Role.CHALLENGE),
        (503, CLOUDFLARE, {}, Role.CHALLENGE),
        (202, b"", {"x_amzn_waf_action": "challenge"}, Role.CHALLENGE),
        (202, b"", {"sg_captcha": "challenge"}, Role.CHALLENGE),
        (200, ARTICLE, {"x_datadome": "protected"}, Role.ARTICLE),
        (429, b"", {"retry_after": "60"}, Role.REFUSED),
        (503, b"", {}, Role.REFUSED),
        (503, b"", {"retry_after": "600"}, Role.MAINTENANCE),
        (503, MAINTENANCE, {}, Role.MAINTENANCE),
        (200, MAINTENANCE, {}, Role.MAINTENANCE),
        (500, ARTICLE, {}, Role.REFUSED),
        (204, b"", {}, Role.EMPTY),
        (200, b"", {}, Role.EMPTY),
        (200, b"{}", {"content_type": "application/json"}, Role.OTHER),
        (200, b"%PDF-1.7", {"content_type": "application/pdf"}, Role.OTHER),
        (0, b"", {}, Role.OTHER),
        (999, b"", {}, Role.REFUSED),
    ],
)
def test_the_role(status: int, body: bytes, headers: dict[str, str], role: Role) -> None:
    facts = read(body, status=status, **headers)
    assert facts.role is role
    assert (facts.article is not None) == (role is Role.ARTICLE)


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/plan/?utm_source=x#y", f"{HOME}plan/"),
        ("../autre/", f"{HOME}autre/"),
        ("HTTPS://Autre.EXAMPLE", "https://autre.example/"),
        ("/r%c3%a9forme/", f"{HOME}r%C3%A9forme/"),
        ("javascript:alert(1)", None),
        ("http://[", None),
    ],
)
def test_a_redirect_leads_to_an_absolute_address(location: str, target: str | None) -> None:
    assert read(b"", f"{HOME}a/b/", 301, location=location).redirect_to == (
        target.replace("autre/", "a/autre/") if target and location.startswith("..") else target
    )


def test_a_truncated_page_is_not_read() -> None:
    headers = {"content-type": ("text/html",)}
    facts = extract(Response(f"{HOME}plan/", 200, headers, ARTICLE, truncated=True), PROFILE, DAY)
    assert facts.role is Role.OTHER
    assert [problem.kind for problem in facts.problems] == ["truncated"]


def test_a_page_without_a_type_is_sniffed() -> None:
    assert extract(Response(f"{HOME}plan/", 200, {}, ARTICLE), PROFILE, DAY).role is Role.ARTICLE


def test_the_post_id_and_endpoints_of_headers() -> None:
    link = (
        f'<{HOME}wp-json/>; rel="https://api.w.org/", <{HOME}wp-json/wp/v2/posts/77>; '
        f'rel="alternate"; title="JSON"; type="application/json", <{HOME}?p=77>; rel=shortlink'
    )
    body = b"<html><body><h1>Titre</h1><div class='entry-content'><p>Texte.</p></div></body></html>"
    facts = read(body, link=link)
    assert facts.role is Role.ARTICLE
    assert facts.article is not None
    assert (facts.article.post_id, facts.article.aliases) == (77, (f"{HOME}?p=77",))
    assert (facts.endpoints.rest, facts.platform) == (f"{HOME}wp-json/", "WordPress")


def test_robots_names_sitemaps() -> None:
    body = (
        b"User-agent: *\nDisallow:\n\nSitemap: https://claire-vasseur.example/a.xml\nsitemap:/b.xml"
    )
    facts = read(body, f"{HOME}robots.txt", content_type="text/plain")
    assert facts.role is Role.ROBOTS
    assert facts.endpoints.sitemaps == (f"{HOME}a.xml", f"{HOME}b.xml")


def test_a_gzip_sitemap_is_unpacked_within_bounds() -> None:
    urlset = b"<urlset><url><loc>https://claire-vasseur.example/plan/</loc></url></urlset>"
    url = f"{HOME}post-sitemap.xml.gz"
    assert read(gzip.compress(urlset), url, content_type="application/gzip").role is Role.SITEMAP
    bomb = gzip.compress(b"<urlset>" + b" " * (9 * 1024 * 1024))
    assert read(bomb, url, content_type="application/gzip").role is Role.OTHER
    assert read(b"\x1f\x8bxx", url, content_type="application/gzip").role is Role.OTHER


@pytest.mark.parametrize("end", ["embed/", "embed", "?embed=true"])
def test_the_card_that_other_sites_embed_is_no_article(end: str) -> None:
    assert read(ARTICLE, f"{HOME}plan/").article
    assert not read(ARTICLE, f"{HOME}plan/{end}").article
