"""What the HTTP headers of a response say about the page: Link relations (RFC 8288), media type.

WordPress states a post's ID and the address of its REST interface in Link headers, on every page.
"""

import re
from collections.abc import Iterator

from archiver.extract.facts import Response

LONGEST_HEADER = 16_384
_LINK = re.compile(
    r"<([^<>]*)>((?:\s*;\s*[\w!#$&+.^`|~*-]+\s*(?:=\s*(?:\"[^\"]*\"|[^\s;,\"]+))?)*)"
)
_PARAMETER = re.compile(r"([\w*-]+)\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"]+))")


def links_of(response: Response) -> Iterator[tuple[str, frozenset[str], str]]:
    """Each Link header's target as written, its relations and its media type ("" if none)."""
    for value in response.headers.get("link", ()):
        for target, parameters in _LINK.findall(value[:LONGEST_HEADER]):
            named = {
                name.lower(): quoted or bare
                for name, quoted, bare in _PARAMETER.findall(parameters)
            }
            yield target, frozenset(named.get("rel", "").split()), named.get("type", "").lower()


def media_type(response: Response) -> str:
    """The media type of the Content-Type header, in lower case without parameters; "" if none."""
    return (response.header("content-type") or "").partition(";")[0].strip().lower()


def whole_number(text: str | None) -> int | None:
    """A header or attribute that is nothing but a whole number of sane size, else None."""
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None
