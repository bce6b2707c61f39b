"""The elements by which a page declares something or needs another file, gathered in one pass."""

from selectolax.lexbor import LexborHTMLParser, LexborNode

_SPEAKING = (
    'link[href],meta[content],img,source,script,video[poster],style,[style*="url("]:not(img,video)'
)


Element = tuple[str, dict[str, str | None], LexborNode]
"""Tag, attributes (one without a value has None) and node."""


def elements_of(tree: LexborHTMLParser) -> list[Element]:
    """All such elements of a page, in document order."""
    return [(node.tag or "", node.attributes, node) for node in tree.css(_SPEAKING)]
