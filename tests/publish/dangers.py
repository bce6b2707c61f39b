"""What could run, or could be run by a spreadsheet, in an answer: each danger in words, none in a
good answer. HTML is read as a browser reads it.
"""

import csv
import io
import json
from collections.abc import Iterator
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from icalendar import Calendar
from selectolax.lexbor import LexborHTMLParser, LexborNode

from archiver.publish.site.tabular import _FORMULA_STARTS

SCHEMES = {"", "http", "https", "mailto", "webcal"}
ADDRESSES = ("href", "src", "action", "formaction", "poster", "xlink:href")
NEVER = {"iframe", "object", "embed", "base", "frame", "applet", "portal"}
STATIC = ("/-/static/", "/-/static-plugins/")
COMPUTED = "1219326320002895899401"
"""What a template would make of the payload's `98765432123*12345678987`: so many digits that no
thread bears them as its number."""


def in_html(text: str, *, own: bool) -> Iterator[str]:
    """The dangers of a page; `own` pages have no inline script or style at all."""
    for node in LexborHTMLParser(text).css("*"):
        attributes = node.attributes
        tag = node.tag or ""
        if tag in NEVER:
            yield f"<{tag}>"
        if tag == "meta" and (attributes.get("http-equiv") or "").lower() == "refresh":
            yield "a refresh"
        if tag == "script":
            yield from _in_script(node, own)
        if own and (tag == "style" or "style" in attributes):
            yield f"inline style on <{tag}>"
        for name, value in attributes.items():
            if name.startswith("on") or name == "srcdoc":
                yield f"{name} on <{tag}>"
            if name in ADDRESSES and not _is_good(tag, value or ""):
                yield f"{name}={value!r}"
        if tag == "img" and attributes.get("src") == "x":
            yield "the payload's image"
    if COMPUTED in text:
        yield "a computed template"


def _in_script(node: LexborNode, own: bool) -> Iterator[str]:
    source = node.attributes.get("src")
    body = node.text()
    if node.attributes.get("type") == "application/ld+json":
        json.loads(body)
        if "<" in body:
            yield "< within JSON-LD"
    elif source is not None:
        if not source.startswith(STATIC) or body.strip():
            yield f"script {source!r}"
    elif own or "vole" in body:
        yield "an inline script"


def _is_good(tag: str, value: str) -> bool:
    if value.startswith("data:"):
        return tag in {"link", "img"}
    try:
        return urlsplit(value.strip()).scheme.lower() in SCHEMES
    except ValueError:
        return True  # no browser follows it either


def in_csv(text: str, delimiter: str) -> Iterator[str]:
    """The cells that a spreadsheet would run."""
    for row in csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=delimiter):
        yield from (cell for cell in row if cell.startswith(_FORMULA_STARTS))


def in_xml(text: str) -> Iterator[str]:
    """The elements of XHTML, and texts that say they are HTML and hold live markup."""
    root = ET.fromstring(text)
    for element in root.iter():
        if element.tag.startswith("{http://www.w3.org/1999/xhtml}"):
            yield element.tag
        if element.get("type") == "html":
            yield from in_html(element.text or "", own=True)
        address = element.get("href")
        if address and not _is_good("a", address):
            yield address


def in_calendar(text: str) -> Iterator[str]:
    """What an event can do besides standing in a calendar."""
    for component in Calendar.from_ical(text).walk():
        if component.name not in {"VCALENDAR", "VEVENT", "VTIMEZONE", "STANDARD", "DAYLIGHT"}:
            yield str(component.name)
        if "ATTACH" in component:
            yield "ATTACH"
        address = str(component.get("URL") or "")
        if not _is_good("a", address):
            yield address


def in_answer(path: str, kind: str, text: str) -> list[str]:
    """The dangers of an answer, by its media type."""
    media = kind.partition(";")[0].strip()
    if media == "text/html":
        return list(in_html(text, own=not path.startswith("/-/")))
    if media == "text/csv" and "excel" in urlsplit(path).path:
        return list(in_csv(text, ";"))
    if media == "text/csv":
        list(csv.reader(io.StringIO(text)))
        return []
    if media in {"application/atom+xml", "application/xml", "text/xml"}:
        return list(in_xml(text))
    if media == "text/calendar":
        return list(in_calendar(text))
    if media == "application/json":
        json.loads(text)
        return []
    if media == "application/x-ndjson":
        for line in text.splitlines():
            json.loads(line)
        return []
    known = {
        "text/plain",
        "text/css",
        "text/javascript",
        "application/javascript",
        "application/x-bibtex",
        "application/x-research-info-systems",
        "application/vnd.citationstyles.csl+json",
        "application/vnd.oai.openapi+json",
        "application/warc",
        "application/octet-stream",
        "application/link-format",
        "application/wacz",
        "image/svg+xml",
        "image/png",
        "application/binary",
    }
    return [] if media in known else [f"an answer of the unknown kind {media!r}"]
