"""The elements by which a page declares something or needs another file, gathered in one pass."""

from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

_SPEAKING = (
    'link[href],meta[content],img,source,script,video[poster],style,[style*="url("]:not(img,video)'
)


class Element(NamedTuple):
    """One element with its attributes; an attribute without a value has None."""

    tag: str
    attributes: dict[str, str | None]
    node: LexborNode


def elements_of(tree: LexborHTMLParser) -> tuple[Element, ...]:
    """All such elements of a page, in document order."""
    return tuple(Element(node.tag or "", node.attributes, node) for node in tree.css(_SPEAKING))
