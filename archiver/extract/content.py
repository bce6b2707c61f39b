"""The article's text on a page: found, and read without what the theme and plug-ins hang into it.

The theme's own content box comes first; without one the article's whole region is taken and the
furniture cut more boldly.
"""

from selectolax.lexbor import LexborNode

from archiver.extract.blocks import Block, blocks_of
from archiver.extract.chrome import CHROME, LOOSE_CHROME
from archiver.extract.page import Page

BOXES = (
    ".elementor-widget-theme-post-content",
    ".wp-block-post-content",
    ".entry-content",
    ".et_pb_post_content",
    ".td-post-content",
    ".post-content",
    ".entry__content",
    ".post__content",
    ".article-content",
    ".article__content",
    ".single-content",
    ".post-body",
    ".page-content",
    '[itemprop="articleBody"]',
    '[data-elementor-type="wp-post"]',
)
LOCKED = ".post-password-form,form[action*='action=postpass']"


def content_of(page: Page) -> LexborNode | None:
    """The theme's content box of this article, by the profile's selectors, else by usual names."""
    for node in page.ruled(page.rules.content):
        return node
    for node in page.own(*BOXES):
        return node
    for box in BOXES:
        nodes = page.tree.css(box)
        if len(nodes) == 1:
            return nodes[0]
    return None


def is_protected(page: Page) -> bool:
    """Whether the article's text is behind a password form."""
    return any(page.own(LOCKED))


def blocks_in(page: Page, node: LexborNode, *, loose: bool) -> tuple[Block, ...]:
    """The text of an element; `loose` when it is a region of the page rather than a content box."""
    removed = {piece.mem_id for selector in page.rules.remove for piece in node.css(selector)}
    return blocks_of(node, LOOSE_CHROME if loose else CHROME, removed)
