"""What a body must be before a parser sees it: bounded in size, tags, attributes and depth.

Lexbor takes time quadratic in depth and in the attributes of one tag and copies formatting elements
left open; libxml2 drops text below 256 levels without a word. Pages beyond these bounds are
archived and not parsed. Every check is linear, and what cannot be harmful is seen at a glance.
"""

import re

from selectolax.lexbor import LexborNode

from archiver.extract.tokens import (
    FORMATTING_TAG,
    MOST_ATTRIBUTES,
    WHOLE_FORMATTING_TAG,
    has_crowded_tag,
    weigh,
)

MOST_BYTES = 8 * 1024 * 1024
MOST_TAGS = 20_000
MOST_DEPTH = 200
MOST_OPEN = 1_000
"""More than `MOST_DEPTH`, since an element left open does not always nest."""
MOST_COPIES = 500_000
BEARABLE_COPIES = 1_500_000
"""So many do no harm: a page that cannot make more is not looked at closely."""
MOST_COPIED_BYTES = 500_000_000
MOST_SEPARATORS = 20_000
"""With no more blanks, slashes and quotes than that, no tag has attributes enough to take long."""
SMALL_BYTES = 512 * 1024
FEW_TAGS = 5_000
"""Up to so many, no depth can make selectors slow; the depth of the article's part still counts."""

_SEPARATORS = b" \t\n\r\f/\"'"
_LONG_TAG = re.compile(rb"<[a-zA-Z][^>]{4096}")
# A tag hides its length by `>` in its values.
_HIDING = (
    re.compile(rb'="[^">]*>'),
    re.compile(rb"='[^'>]*>"),
    re.compile(rb"""=\s+(?:"[^">]*>|'[^'>]*>)"""),
)


def excess(body: bytes, tags: int) -> str | None:
    """Why an HTML body must not be parsed, in French words; None when it may. `tags` is how often
    `<` stands in it."""
    if tags > MOST_TAGS:
        return f"{tags} balises (au plus {MOST_TAGS} sont lues)"
    if _may_be_crowded(body) and has_crowded_tag(body):
        return f"une balise porte plus de {MOST_ATTRIBUTES} attributs"
    if tags > FEW_TAGS or _may_multiply(body, tags):
        weight = weigh(body)
        if weight.formatting * tags > MOST_COPIES:
            return "des balises de mise en forme restent ouvertes"
        if weight.depth > MOST_OPEN:
            return "éléments trop imbriqués"
    return None


def is_too_deep(part: LexborNode) -> bool:
    """Whether what stands in an element is nested beyond `MOST_DEPTH`."""
    depth = 0
    node: LexborNode | None = part
    while node is not None:
        if (inner := node.first_child) is not None:
            depth += 1
            if depth > MOST_DEPTH:
                return True
            node = inner
            continue
        while node is not None and depth and node.next is None:
            node = node.parent
            depth -= 1
        node = node.next if depth and node is not None else None
    return False


def _may_be_crowded(body: bytes) -> bool:
    if len(body) - len(body.translate(None, _SEPARATORS)) <= MOST_SEPARATORS:
        return False
    return len(body) > SMALL_BYTES or any(sign.search(body) for sign in (_LONG_TAG, *_HIDING))


def _may_multiply(body: bytes, tags: int) -> bool:
    if len(body) * tags > MOST_COPIED_BYTES and (
        any(sign.search(body) for sign in _HIDING)
        or sum(map(len, WHOLE_FORMATTING_TAG.findall(body))) * tags > MOST_COPIED_BYTES
    ):
        return True
    if tags * tags <= 4 * BEARABLE_COPIES:
        return False
    formatting = len(FORMATTING_TAG.findall(body))
    return formatting * (tags - formatting) > BEARABLE_COPIES
