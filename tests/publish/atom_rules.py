"""The rules of RFC 4287 that a feed must keep, written as assertions over its tree."""

import re
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from tests.publish.taken import ATOM

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_TAG = re.compile(r"tag:[a-z0-9.-]+,\d{4}(-\d\d(-\d\d)?)?:[A-Za-z0-9._~!$&'()*+,;=:@/?%-]+")
_FEED = {"id", "title", "subtitle", "updated", "author", "link", "entry"}
_ENTRY = {"id", "title", "updated", "published", "author", "link", "category", "summary"}


def assert_atom(root: ET.Element) -> None:
    """A whole feed document (RFC 4287 section 4.1.1)."""
    assert {child.tag.removeprefix(ATOM) for child in root} <= _FEED
    _common(root)
    (self_link,) = [link for link in root.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert self_link.get("type") == "application/atom+xml"
    items = root.findall(f"{ATOM}entry")
    authors = root.findall(f"{ATOM}author")
    assert authors or all(item.find(f"{ATOM}author") is not None for item in items)
    for author in root.iter(f"{ATOM}author"):
        (name,) = author.findall(f"{ATOM}name")
        assert name.text
    for item in items:
        _entry(item)
    ids = [item.findtext(f"{ATOM}id") for item in items]
    assert len(ids) == len(set(ids))
    assert root.findtext(f"{ATOM}id") not in ids


def _entry(item: ET.Element) -> None:
    assert {child.tag.removeprefix(ATOM) for child in item} <= _ENTRY
    _common(item)
    assert _TAG.fullmatch(item.findtext(f"{ATOM}id") or "")
    published = item.findall(f"{ATOM}published")
    assert len(published) == 1
    assert _INSTANT.fullmatch(published[0].text or "")
    summaries = item.findall(f"{ATOM}summary")
    assert len(summaries) == 1
    assert summaries[0].text
    for category in item.findall(f"{ATOM}category"):
        assert category.get("term")


def _common(element: ET.Element) -> None:
    """What a feed and an entry share."""
    for name in ("id", "title", "updated"):
        assert len(element.findall(f"{ATOM}{name}")) == 1, name
        assert (element.findtext(f"{ATOM}{name}") or "").strip(), name
    assert _INSTANT.fullmatch(element.findtext(f"{ATOM}updated") or "")
    assert urlsplit(element.findtext(f"{ATOM}id") or "").scheme
    links = element.findall(f"{ATOM}link")
    for link in links:
        parts = urlsplit(link.get("href") or "")
        assert parts.scheme in {"http", "https"}
        assert parts.netloc
        assert not set(link.attrib) - {"rel", "href", "type"}
    alternates = [
        (link.get("type"), link.get("hreflang")) for link in links if link.get("rel") == "alternate"
    ]
    assert alternates
    assert len(alternates) == len(set(alternates))
    for text in element.iter():
        assert text.get("type") in {None, "text", "text/html", "application/atom+xml"}
