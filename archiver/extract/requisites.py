"""What a page needs to look like itself: stylesheets, images, scripts, fonts; and attached PDFs.

Addresses only, bounded in number; which of them are captured is the spider's decision. Of several
sizes of an image the largest is taken, since a replay can shrink it (HTML Living Standard, srcset).
"""

import re
from collections.abc import Iterable, Iterator
from html import unescape

from archiver.extract.elements import Element
from archiver.extract.urls import resolve_all

MOST = 300
_CSS_URL = re.compile(
    r"url\(\s*(?:\"([^\"()]{1,2000})\"|'([^'()]{1,2000})'|([^\s\"'()]{1,2000}))\s*\)"
)
_CSS_IMPORT = re.compile(r"@import\s+(?:\"([^\"]{1,2000})\"|'([^']{1,2000})')")
_LINKED = frozenset(("stylesheet", "icon", "apple-touch-icon", "preload"))
_SOURCED = frozenset(("img", "source", "script"))
_SOURCES = frozenset(("src", "data-src", "data-lazy-src"))
_SETS = frozenset(("srcset", "data-srcset", "data-lazy-srcset"))


def requisites_of(elements: Iterable[Element], url: str) -> tuple[str, ...]:
    """Absolute addresses of what an HTML page at `url` needs, in document order."""
    return resolve_all(url, _needed(elements), MOST)


def css_requisites(text: str, url: str) -> tuple[str, ...]:
    """Absolute addresses of what a stylesheet at `url` needs: imports, images, fonts."""
    return resolve_all(url, _in_css(text), MOST)


def is_attachment(url: str) -> bool:
    """Whether a link leads to a PDF."""
    return url.partition("?")[0].lower().endswith(".pdf")


def _needed(elements: Iterable[Element]) -> Iterator[str | None]:
    for tag, attributes, _ in elements:
        if tag == "link":
            if not _LINKED.isdisjoint((attributes.get("rel") or "").lower().split()):
                yield attributes.get("href")
        elif tag == "video":
            yield attributes.get("poster")
        elif tag in _SOURCED:
            for name, value in attributes.items():
                if name in _SOURCES:
                    yield value
                elif name in _SETS and value:
                    yield _largest(value)
    for tag, attributes, node in elements:
        if tag == "style":
            yield from _in_css(node.text())
        if style := attributes.get("style"):
            yield from _in_css(style)


def _largest(srcset: str) -> str | None:
    """The candidate with the greatest width or density."""
    best: tuple[float, str] | None = None
    for candidate in srcset.split(", ")[:50]:
        address, _, size = candidate.strip().rstrip(",").partition(" ")
        number = size.strip()[:-1]
        weight = float(number) if re.fullmatch(r"\d{1,6}(?:\.\d{1,4})?", number) else 1.0
        if address and (best is None or weight > best[0]):
            best = (weight, address)
    return best[1] if best else None


def _in_css(text: str) -> Iterator[str]:
    for sign, pattern in (("@import", _CSS_IMPORT), ("url(", _CSS_URL)):
        for found in pattern.finditer(text) if sign in text else ():
            address = unescape(next(group for group in found.groups() if group)).strip("\"'")
            if not address.lower().startswith(("data:", "#")):
                yield address
