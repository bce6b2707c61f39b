"""`sitemap.xml` (sitemaps.org protocol 0.9) and `robots.txt` (RFC 9309): what search engines read.

Searches and tables have no end of addresses and no text of their own: robots are asked to leave
them, and to follow the map instead.
"""

import sqlite3
from collections.abc import Iterable
from typing import Any
from xml.etree import ElementTree as ET

from datasette.utils.asgi import Response

from archiver.publish.site.addresses import linker
from archiver.publish.site.out.feeds import CACHE
from archiver.publish.site.out.requests import Link
from archiver.publish.site.queries import addresses
from archiver.publish.site.reading import Absent, read

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
MOST = 50_000
"""The addresses that one file may hold."""

SECONDS = 10.0
"""A whole file of addresses takes longer to read than a page does."""

OWN_PAGES = ("/", "/ministres", "/commentaires", "/changements", "/lot", "/etat")
_XML = "application/xml; charset=utf-8"
# What a robot should not walk: searches, tables, and the same article in other forms.
_LEFT_ALONE = (
    "/recherche",
    "/questions",
    "/changements?",
    "/archive/",
    "/citer/",
    "/preuve/",
    "/-/",
)


async def robots(datasette: Any, request: Any) -> Response:
    """`/robots.txt`"""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _LEFT_ALONE), "Allow: /-/static"]
    lines += ["", f"Sitemap: {datasette.absolute_url(request, '/sitemap.xml')}"]
    return Response.text("\n".join(lines) + "\n", headers={"cache-control": CACHE})


async def whole(datasette: Any, request: Any) -> Response:
    """`/sitemap.xml`: every page, or the list of the files that have them when they are many."""
    link = linker(datasette, request)

    def write(connection: sqlite3.Connection) -> Response:
        files = -(-(len(OWN_PAGES) + addresses.how_many(connection)) // MOST)
        if files == 1:
            return _document("urlset", "url", _items(1, _articles(connection, 1), link))
        parts = ((link(f"/sitemap-{number}.xml"), None) for number in range(1, files + 1))
        return _document("sitemapindex", "sitemap", parts)

    response, _ = await read(datasette, write, SECONDS)
    return response


async def part(datasette: Any, request: Any) -> Response:
    """`/sitemap-<n>.xml`: the pages of one file, when they are many."""
    number, link = int(request.url_vars["number"]), linker(datasette, request)

    def write(connection: sqlite3.Connection) -> Response:
        articles = _articles(connection, number)
        if not articles:
            raise Absent("Le plan du site n’a pas autant de parties.")
        return _document("urlset", "url", _items(number, articles, link))

    response, _ = await read(datasette, write, SECONDS)
    return response


def _articles(connection: sqlite3.Connection, number: int) -> tuple[addresses.Mapped, ...]:
    """The articles of file `number`; the first has our own pages before them."""
    if number == 1:
        return addresses.mapped(connection, MOST - len(OWN_PAGES), 0)
    return addresses.mapped(connection, MOST, (number - 1) * MOST - len(OWN_PAGES))


def _items(
    number: int, articles: Iterable[addresses.Mapped], link: Link
) -> Iterable[tuple[str, str | None]]:
    """The (address, instant of the last change) pairs of a file."""
    if number == 1:
        yield from ((link(path), None) for path in OWN_PAGES)
    yield from ((link(item.article.path), item.changed_at) for item in articles)


def _document(root_name: str, name: str, items: Iterable[tuple[str, str | None]]) -> Response:
    root = ET.Element(root_name, {"xmlns": NAMESPACE})
    for address, changed_at in items:
        item = ET.SubElement(root, name)
        ET.SubElement(item, "loc").text = address
        if changed_at:
            ET.SubElement(item, "lastmod").text = changed_at
    body = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(body, headers={"cache-control": CACHE}, content_type=_XML)
