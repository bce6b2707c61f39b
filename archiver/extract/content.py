"""The article's text on a page: found, freed of what the theme and plug-ins hang into it, and given
to BeautifulSoup, which alone reads it.

The theme's own content box comes first; without one the article's whole region is taken and the
furniture cut more boldly.
"""

from selectolax.lexbor import LexborNode

from archiver.extract.blocks import Block, blocks_of
from archiver.extract.chrome import remove, remove_chrome
from archiver.extract.page import Page
from archiver.extract.soup import soup_of

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
    own = node.mem_id
    remove_chrome(node, loose=loose)
    for selector in page.rules.remove:
        remove(piece for piece in node.css(selector) if piece.mem_id != own)
    return blocks_of(soup_of(node))
