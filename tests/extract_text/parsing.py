"""Fragments of HTML as the lines that an article holds."""

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archiver.extract.blocks import Block, blocks_of


def body_of(html: str) -> LexborNode:
    """The body of a page that consists of a fragment."""
    body = LexborHTMLParser(f"<body>{html}").body
    assert body is not None
    return body


def blocks_in(html: str) -> tuple[Block, ...]:
    """The lines of a fragment."""
    return blocks_of(body_of(html))
