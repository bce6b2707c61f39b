"""Atom feeds (RFC 4287), with pages for long ones (RFC 5005, section 3).

An entry is one change and its ID never moves: a `tag:` (RFC 4151) under the name of the site
archived, not of the host that serves the feed, so that a reader who has seen a change is not told
of it again when the archive moves or is rebuilt.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote
from xml.etree import ElementTree as ET

from archiver.publish.metadata import SITE_NAME

ATOM = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml; charset=utf-8"
NEVER = "1970-01-01T00:00:00Z"
"""The instant at which an archive that holds nothing was updated: Atom asks for one."""

# What XML 1.0 cannot hold (its production 2), escaped or not.
_FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAG_DATE = "2017"

ET.register_namespace("", ATOM)


@dataclass(frozen=True, slots=True)
class Entry:
    """One change; addresses are absolute, `updated` is an instant, `category` a (term, label)
    pair, `proof` and `original` are where it was seen and what it is about."""

    id: str
    title: str
    updated: str
    page: str
    original: str
    proof: str
    summary: str
    category: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed, or one page of it; `address` is the feed's own without a page, `first`, `previous`
    and `following` those of other pages."""

    title: str
    subtitle: str
    address: str
    here: str
    page: str
    home: str
    updated: str | None
    entries: tuple[Entry, ...]
    previous: str | None = None
    following: str | None = None


def tag(site: str, *names: str) -> str:
    """The ID of something of an archived site, which its names tell from all others."""
    host, _, port = site.partition(":")
    parts = (port, *names) if port else names
    return f"tag:{host},{_TAG_DATE}:" + "/".join(quote(part, safe=":.-~") for part in parts)


def write(feed: Feed) -> bytes:
    """The feed as a document."""
    root = ET.Element(_name("feed"), {"xml:lang": "fr"})
    _add(root, "id", feed.address)
    _add(root, "title", feed.title)
    _add(root, "subtitle", feed.subtitle)
    _add(root, "updated", feed.updated or NEVER)
    author = ET.SubElement(root, _name("author"))
    _add(author, "name", SITE_NAME)
    _add(author, "uri", feed.home)
    _link(root, "self", feed.here, "application/atom+xml")
    _link(root, "alternate", feed.page, "text/html")
    if feed.previous or feed.following:
        _link(root, "first", feed.address, "application/atom+xml")
    _links(root, (("previous", feed.previous), ("next", feed.following)))
    for entry in feed.entries:
        _entry(root, entry)
    ET.indent(root, " ")
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _entry(root: ET.Element, entry: Entry) -> None:
    made = ET.SubElement(root, _name("entry"))
    _add(made, "id", entry.id)
    _add(made, "title", entry.title)
    _add(made, "updated", entry.updated)
    _add(made, "published", entry.updated)
    _link(made, "alternate", entry.page, "text/html")
    _link(made, "related", entry.original, None)
    _link(made, "via", entry.proof, "text/html")
    term, label = entry.category
    category = {"term": _clean(term), "label": _clean(label)}
    ET.SubElement(made, _name("category"), category)
    _add(made, "summary", entry.summary)


def _links(parent: ET.Element, links: Iterable[tuple[str, str | None]]) -> None:
    for relation, address in links:
        if address:
            _link(parent, relation, address, "application/atom+xml")


def _link(parent: ET.Element, relation: str, address: str, kind: str | None) -> None:
    attributes = {"rel": relation, "href": _clean(address)}
    if kind:
        attributes["type"] = kind
    ET.SubElement(parent, _name("link"), attributes)


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, _name(name)).text = _clean(text)


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)


def _name(name: str) -> str:
    return f"{{{ATOM}}}{name}"
