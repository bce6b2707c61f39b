"""The elements by which a page declares something, needs another file or leads elsewhere, in one
pass, since each selection walks through the whole page."""

from selectolax.lexbor import LexborHTMLParser, LexborNode

_SPEAKING = (
    "a[href],link[href],meta[content],img,source,script,video[poster],style,"
    '[style*="url("]:not(img,video)'
)


Element = tuple[str, dict[str, str | None], LexborNode]
"""Tag, attributes (one without a value has None) and node."""


def elements_of(tree: LexborHTMLParser) -> tuple[list[Element], list[str | None]]:
    """Such elements of a page, and the addresses of its anchors, both in document order."""
    elements: list[Element] = []
    anchors: list[str | None] = []
    for node in tree.css(_SPEAKING):
        tag = node.tag or ""
        if tag == "a":
            attributes = node.attrs
            anchors.append(attributes.get("href"))
            if attributes.get("style") is None:
                continue
        elements.append((tag, node.attributes, node))
    return elements, anchors
