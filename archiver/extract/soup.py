"""An element that selectolax has parsed, as BeautifulSoup's tree: handed over node by node, so that
no second parser reads what the first one has read.
"""

from bs4 import BeautifulSoup
from bs4.builder import HTMLTreeBuilder
from selectolax.lexbor import LexborNode


class _Handover(HTMLTreeBuilder):
    """A tree builder whose document is a node; the markup it is fed is empty."""

    def __init__(self, node: LexborNode) -> None:
        super().__init__()
        self.node = node

    def feed(self, _markup: object) -> None:
        soup = self.soup
        assert soup is not None
        start, end, data = soup.handle_starttag, soup.handle_endtag, soup.handle_data
        opened: list[str] = []
        node: LexborNode | None = self.node
        while node is not None:
            name = node.tag or ""
            inner = None
            if node.is_text_node:
                data(node.text_content or "")
            elif node.is_element_node:
                start(name, None, None, node.attributes)
                inner = node.first_child
                if inner is None:
                    end(name)
            if inner is not None:
                opened.append(name)
                node = inner
                continue
            while node is not None and opened and node.next is None:
                end(opened.pop())
                node = node.parent
            node = node.next if opened and node is not None else None


def soup_of(node: LexborNode) -> BeautifulSoup:
    """A document that holds the element and all that stands in it, comments left out."""
    return BeautifulSoup("", builder=_Handover(node))
