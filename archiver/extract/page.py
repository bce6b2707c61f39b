"""A parsed HTML page with what it declares, and the region of it that holds the article.

The page is parsed once, by selectolax. Elements are looked for from the most specific name to the
most general, inside the article's own region, and never in regions that belong to other posts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archiver.extract.chrome import is_foreign
from archiver.extract.head import Head
from archiver.extract.urls import host_of, normalise, url_key
from archiver.profiles.model import Profile, Rules

_COMMENT_PAGE = re.compile(r"/comment-page-\d+/?$")

ROOTS = (
    '[data-elementor-type="single-post"]',
    '[data-elementor-type="single"]',
    ".elementor-location-single",
)
LOOSE_ROOTS = ("article", "main", "[role=main]", "#content", "#main", "#primary")
TITLED = "h1,.entry-title,.post-title"
MOST_NODES = 50


@dataclass(frozen=True, slots=True)
class Page:
    """One HTML page; `links` are where its anchors lead, `rules` the profile's for the day of the
    capture. `root` is the article's region, `regions` what is known of the elements in it
    (`is_foreign`)."""

    url: str
    tree: LexborHTMLParser
    head: Head
    links: tuple[str, ...]
    profile: Profile
    rules: Rules
    root: LexborNode
    regions: dict[int, bool]

    def own(self, *selectors: str) -> Iterator[LexborNode]:
        """The article region's elements by selectors in order of trust, without other posts'."""
        for selector in selectors:
            first = self.root.css_first(selector)
            if first is None:
                continue
            if not is_foreign(first, self.regions):
                yield first
            for node in self.root.css(selector)[1:MOST_NODES]:
                if not is_foreign(node, self.regions):
                    yield node

    def ruled(self, selectors: tuple[str, ...]) -> Iterator[LexborNode]:
        """Elements by a profile's own selectors, anywhere on the page."""
        for selector in selectors:
            yield from self.tree.css(selector)[:MOST_NODES]

    def address(self) -> str:
        """The page's canonical URL if it is one of the same host and not the home page of another
        page, else the URL it was captured at."""
        captured = normalise(self.url)
        for stated in (self.head.canonical, self.head.meta.get("og:url")):
            if stated and host_of(stated) == host_of(captured):
                url = _COMMENT_PAGE.sub("/", normalise(stated))
                if url_key(url) != host_of(url) or url_key(captured) == host_of(captured):
                    return url
        return captured

    def zone(self) -> ZoneInfo:
        """The time zone in which the site's readers read its days."""
        return ZoneInfo(self.profile.time_zone)


def open_page(
    url: str,
    tree: LexborHTMLParser,
    head: Head,
    links: tuple[str, ...],
    profile: Profile,
    day: date,
) -> Page | None:
    """The page captured on `day`, with the region of its article; None without a body."""
    body = tree.body
    if body is None:
        return None
    root = _root(tree, head) or body
    rules = profile.rules_on(day)
    return Page(url, tree, head, links, profile, rules, root, {root.mem_id: False})


def _root(tree: LexborHTMLParser, head: Head) -> LexborNode | None:
    for selector in ROOTS:
        if (node := tree.css_first(selector)) is not None:
            return node
    if head.post_id is not None:
        for node in tree.css(f".post-{head.post_id}"):
            if node.tag != "body":
                return node
    for selector in LOOSE_ROOTS:
        nodes = tree.css(selector)
        if len(nodes) == 1 and (nodes[0].css_first(TITLED) or selector != "article"):
            return nodes[0]
    return None
