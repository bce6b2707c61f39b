"""Bytes, URL and profile to facts: pure functions that know HTML, nothing of SQL or Scrapy."""

from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

from archiver.extract.classify import role_by_status
from archiver.extract.decoding import text_of
from archiver.extract.facts import Facts, Problem, Response, Role
from archiver.extract.feeds import read_feed
from archiver.extract.guards import MOST_BYTES
from archiver.extract.headers import media_type
from archiver.extract.requisites import css_requisites
from archiver.extract.rest import read_rest
from archiver.extract.sitemaps import read_index, read_robots, read_sitemap
from archiver.extract.urls import resolve
from archiver.extract.webpage import read_webpage
from archiver.extract.xml import root_name, unpacked
from archiver.profiles.model import Profile

__all__ = ["extract"]

_GZIP = b"\x1f\x8b"
_XML_READERS = {
    "rss": read_feed,
    "feed": read_feed,
    "RDF": read_feed,
    "urlset": read_sitemap,
    "sitemapindex": read_index,
}


def extract(response: Response, profile: Profile, day: date) -> Facts:
    """All that a response states, read by the profile's rules for `day`, the day of its capture.

    Pure, and total: any bytes give facts. What is too large, too complex or cut short is not
    parsed; a problem says so.
    """
    role = role_by_status(response)
    if role is Role.REDIRECT:
        return Facts(role, redirect_to=resolve(response.url, response.header("location") or ""))
    if role is not None:
        return Facts(role)
    if response.truncated:
        detail = f"{len(response.body)} octets reçus"
        return Facts(Role.OTHER, problems=(Problem("truncated", detail),))
    if len(response.body) > MOST_BYTES:
        detail = f"{len(response.body)} octets (au plus {MOST_BYTES} sont lus)"
        return Facts(Role.OTHER, problems=(Problem("too_large", detail),))
    return _read(response, profile, day)


def _read(response: Response, profile: Profile, day: date) -> Facts:
    kind = media_type(response)
    path = urlsplit(response.url).path
    if path == "/robots.txt" and "html" not in kind:
        return read_robots(response)
    body = response.body
    if body.startswith(_GZIP):
        content = unpacked(body) if path.endswith((".gz", ".xml")) else None
        if content is None:
            return Facts(Role.OTHER)
        response, body = replace(response, body=content), content
    root = root_name(body)
    if root is not None:
        return _XML_READERS[root](response)
    if "json" in kind:
        return read_rest(response) or Facts(Role.OTHER)
    if kind == "text/css":
        return Facts(Role.OTHER, requisites=css_requisites(text_of(response), response.url))
    if "html" in kind or (not kind and b"<" in body[:1024]):
        return read_webpage(response, profile, day)
    return Facts(Role.OTHER)
