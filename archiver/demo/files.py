"""What is no page of the theme: robots.txt, sitemaps, the login, static files."""

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from archiver.demo import feeds
from archiver.demo.assets import asset
from archiver.demo.model import Content
from archiver.demo.rendering import DISALLOWED, View, environment
from archiver.demo.validators import http_date, still_fresh

HTML = "text/html; charset=UTF-8"
XML = "text/xml; charset=UTF-8"
STATIC_DATE = datetime(2024, 1, 15, 8, tzinfo=UTC)
Headers = tuple[tuple[str, str], ...]

_SITEMAP = re.compile(r"/([a-z_]+)-sitemap\.xml")


@dataclass(frozen=True, slots=True)
class Answer:
    """One response without its transfer: `dynamic` ones are sent chunked, as PHP's are."""

    status: int
    headers: Headers
    body: bytes
    dynamic: bool = True

    def header(self, name: str) -> str | None:
        """The first value of a header by its lower-case name."""
        return next((value for key, value in self.headers if key.lower() == name), None)


def moved(location: str, status: int = 301) -> Answer:
    """A redirect as WordPress sends it."""
    headers = (("Content-Type", HTML), ("X-Redirect-By", "WordPress"), ("Location", location))
    return Answer(status, headers, b"")


def robots_txt(base: str) -> str:
    """The site's robots.txt when no test replaces it."""
    return (
        "User-agent: *\nDisallow: /wp-admin/\nAllow: /wp-admin/admin-ajax.php\n"
        f"Disallow: {DISALLOWED}\n\nSitemap: {base}/sitemap_index.xml\n"
    )


def file_at(content: Content, base: str, path: str, headers: Mapping[str, str]) -> Answer | None:
    """The answer to a path that belongs to no language of the site, None for any other path."""
    match path:
        case "/robots.txt":
            kind = ("Content-Type", "text/plain; charset=utf-8")
            made = Answer(200, (kind,), robots_txt(base).encode())
        case "/favicon.ico":
            made = moved(f"{base}/wp-content/uploads/2017/09/embleme-32.png", 302)
        case "/wp-sitemap.xml" | "/sitemap.xml":
            made = moved(f"{base}/sitemap_index.xml")
        case "/wp-admin/admin-ajax.php":
            made = Answer(400, (("Content-Type", HTML),), b"0")
        case "/wp-login.php":
            text = environment().get_template("login.html").render(site=content, base=base)
            kept = ("Cache-Control", "no-cache, must-revalidate, max-age=0")
            made = Answer(200, (("Content-Type", HTML), kept), text.encode())
        case "/xmlrpc.php":
            made = Answer(
                405,
                (("Allow", "POST"), ("Content-Type", "text/plain;charset=UTF-8")),
                b"XML-RPC server accepts POST requests only.",
            )
        case _ if path.startswith("/wp-admin"):
            made = moved(f"{base}/wp-login.php?redirect_to={base}{path}&reauth=1", 302)
        case _:
            return _sitemap(View(content, base, "fr"), path) or _static(path, headers)
    return made


def _sitemap(view: View, path: str) -> Answer | None:
    named = _SITEMAP.fullmatch(path)
    if path == "/sitemap_index.xml":
        text: str | None = feeds.sitemap_index(view)
    else:
        text = feeds.sitemap(view, named[1]) if named else None
    if text is None:
        return None
    kept = ("X-Robots-Tag", "noindex, follow")
    return Answer(200, (("Content-Type", XML), kept), text.encode())


def _static(path: str, headers: Mapping[str, str]) -> Answer | None:
    found = asset(path) if path.startswith(("/wp-content/", "/wp-includes/")) else None
    if found is None:
        return None
    tag = f'"{zlib.crc32(found.body):08x}-{len(found.body):x}"'
    kept = (
        ("Last-Modified", http_date(STATIC_DATE)),
        ("ETag", tag),
        ("Cache-Control", "max-age=31536000"),
    )
    if still_fresh(headers, tag, STATIC_DATE):
        return Answer(304, kept, b"", dynamic=False)
    return Answer(200, (("Content-Type", found.content_type), *kept), found.body, dynamic=False)
