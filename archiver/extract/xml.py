"""XML of feeds and sitemaps, parsed without entities, network or trust.

A document type declaration that defines entities is refused before parsing: no feed or sitemap
needs one, and an entity bomb does. Broken XML is read as far as it goes.
"""

import gzip
import re
import zlib
from collections.abc import Iterator
from io import BytesIO

from lxml import etree

from archiver.extract.guards import MOST_BYTES

MOST_ENTRIES = 50_000
MOST_XML_TAGS = 1_000_000
_START = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>|<!--(?:[^-]|-(?!->))*-->|<\?[^>]*\?>|\s)*"
    rb"<(?:[\w-]+:)?(?P<root>rss|feed|RDF|urlset|sitemapindex)[\s>]"
)


def root_name(body: bytes) -> str | None:
    """The root of a feed or sitemap document (`rss`, `feed`, `RDF`, `urlset`, `sitemapindex`) that
    a body begins with; None for anything else."""
    found = _START.match(body[:4096])
    return found["root"].decode() if found else None


def parse(body: bytes) -> etree._Element | None:
    """The root element; None when the document is refused or nothing of it can be read."""
    if b"<!ENTITY" in body or b"<!entity" in body or body.count(b"<") > MOST_XML_TAGS:
        return None
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        recover=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(body.lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def unpacked(body: bytes) -> bytes | None:
    """A gzip file's content if it stays within the bound; None if it does not, or is damaged."""
    try:
        with gzip.open(BytesIO(body)) as file:
            content = file.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error):
        return None
    return content if len(content) <= MOST_BYTES else None


def local_name(element: etree._Element) -> str:
    """An element's name without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Child elements by name, whatever their namespace."""
    return (child for child in element if local_name(child) == name)


def child_text(element: etree._Element, name: str) -> str | None:
    """The text of the first child of a name, None if there is none or it is empty."""
    for child in children(element, name):
        text = "".join(map(str, child.itertext())).strip()
        if text:
            return text
    return None
