"""What a body must be before a parser sees it: bounded in size, tags, attributes and depth.

Lexbor takes time quadratic in depth and in the attributes of one tag, and libxml2 drops text below
256 levels without a word. Pages beyond these bounds are archived and not parsed; every check here
is linear in the body.
"""

import re
from itertools import islice

from selectolax.lexbor import LexborHTMLParser

MOST_BYTES = 8 * 1024 * 1024
MOST_TAGS = 20_000
MOST_DEPTH = 200
MOST_ATTRIBUTES = 250
HARMLESS_BYTES = 64 * 1024
SMALL_BYTES = 512 * 1024

_DEEPER = ">".join(["*"] * (MOST_DEPTH + 1))

# A tag crowded enough to hurt in a small page is long, or hides its length by `>` in its values.
_LONG_TAG = re.compile(rb"<[a-zA-Z][^>]{4096}")
_BRACKET_IN_VALUE = re.compile(rb"""=\s*(?:"[^">]*>|'[^'>]*>)""")
_ATTRIBUTE_PART = (
    rb"(?:[\s/]++|=?[^\s/>=]++(?:\s*+=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)"
    rb"|[^\s>\"'][^\s>]*+)?+)?+|=)"
)
_TAG = re.compile(
    rb"<[a-zA-Z][^\s/>]*+(?:(%b{%d}+)|%b*+)"
    % (_ATTRIBUTE_PART, 2 * MOST_ATTRIBUTES, _ATTRIBUTE_PART)
)


def excess(body: bytes) -> str | None:
    """Why an HTML body must not be parsed, in French words; None when it may."""
    tags = body.count(b"<")
    if tags > MOST_TAGS:
        return f"{tags} balises (au plus {MOST_TAGS} sont lues)"
    if _has_crowded_tag(body):
        return f"une balise porte plus de {MOST_ATTRIBUTES} attributs"
    return None


def is_too_deep(tree: LexborHTMLParser) -> bool:
    """Whether elements are nested beyond what the parsers of the article's text can follow."""
    return tree.css_matches(_DEEPER)


def _has_crowded_tag(body: bytes) -> bool:
    if len(body) <= HARMLESS_BYTES:
        return False
    if len(body) <= SMALL_BYTES and not _LONG_TAG.search(body):
        hidden = islice(_BRACKET_IN_VALUE.finditer(body), 2)
        if len(list(hidden)) < 2:
            return False
    return any(tag.lastindex for tag in _TAG.finditer(body))
