"""Pages that list articles: which ones they show, and where the list goes on.

WordPress lists answer 200 past their end with no article, and Elementor's pagination stops at page
5 by default while more pages exist. So a page that shows articles and is a page N of something has
a page N+1, linked or not; a page that shows none is the end.
"""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from selectolax.lexbor import LexborNode

from archiver.extract.byline import without_protection
from archiver.extract.chrome import Names, lineage, words
from archiver.extract.counts import count_in_words
from archiver.extract.decoding import line_of
from archiver.extract.facts import Mention
from archiver.extract.headers import whole_number
from archiver.extract.moments import instant_of
from archiver.extract.page import Page
from archiver.extract.urls import host_of, resolve, resolve_all, url_key

MOST_ITEMS = 500
LAST_PAGE = 10_000
ITEMS = "article,.elementor-post,.e-loop-item,.wp-block-post,.hentry,.type-post,.et_pb_post"
BOXES = ".elementor-widget-posts,.elementor-widget-archive-posts,.elementor-widget-loop-grid"
LINKS = (
    ".elementor-post__title a",
    ".entry-title a",
    ".wp-block-post-title a",
    ".post-title a",
    "h1 a",
    "h2 a",
    "h3 a",
    "h4 a",
    'a[rel="bookmark"]',
)
COUNTS = (
    ".elementor-post-avatar",
    ".comments-link",
    ".post-comments",
    ".wp-block-post-comments-count",
)
NEXT = (
    "a.next.page-numbers",
    'a[rel~="next"]',
    ".wp-block-query-pagination-next",
    ".nav-previous a",
    ".older-posts a",
    "a.pagination-next",
)
ELSEWHERE = Names(
    tags=words("footer aside nav"),
    ids=words("footer colophon secondary sidebar"),
    classes=words(
        """elementor-location-footer elementor-location-header site-footer widget widget-area
        sidebar wp-block-template-part-footer"""
    ),
)
_POST_CLASS = re.compile(r"post-(\d{1,15})")
_NOT_POSTS = words("type-page type-product type-attachment type-elementor_library")
_PATH_PAGE = re.compile(r"/page/(\d{1,5})/?$")
_BARE_PAGE = re.compile(r"/(\d{1,4})/?$")
_CLASS_PAGE = re.compile(r"(?:[a-z]+-)?paged-(\d{1,5})")
_QUERY_PAGE = re.compile(r"(?:paged|page|pg|query-\d+-page|e-page-[0-9a-f]+)")


def mentions_in(page: Page) -> tuple[Mention, ...]:
    """The articles that the page's own lists show, in order; those in footers and sidebars are
    left to the links."""
    found: dict[str, Mention] = {}
    own = url_key(page.url)
    for item in _items(page):
        mention = _mention(page, item)
        if mention is not None and url_key(mention.url) != own:
            found.setdefault(url_key(mention.url), mention)
    return tuple(found.values())


def has_list(page: Page) -> bool:
    """Whether the page's own part has a list of articles, even an empty one."""
    return any(not _is_elsewhere(node, set()) for node in page.tree.css(BOXES))


def next_pages(page: Page, *, shows_articles: bool) -> tuple[str, ...]:
    """The further pages of the list, the next one first."""
    if not shows_articles:
        return ()
    number = _page_number(page)
    pages: list[str | None] = [page.head.next]
    pages += [
        node.attributes.get("href") for selector in NEXT for node in page.tree.css(selector)[:1]
    ]
    anchor = page.tree.css_first(".e-load-more-anchor")
    if anchor is not None:
        last = whole_number(anchor.attributes.get("data-max-page"))
        at = whole_number(anchor.attributes.get("data-page"))
        if last is not None and at is not None and at < last:
            pages.append(anchor.attributes.get("data-next-page"))
            number = at
    numbered = list(_numbered(page))
    if number > 1 and number == _number_in(page.url):
        pages.append(_with_number(page.url, number, number + 1))
    pages += [url for at, url in numbered if at > number]
    own = url_key(page.url)
    return tuple(
        url
        for url in resolve_all(page.url, pages, MOST_ITEMS)
        if url_key(url) != own and host_of(url) == host_of(page.url)
    )


def _items(page: Page) -> Iterator[LexborNode]:
    if page.rules.listing_item:
        yield from page.ruled(page.rules.listing_item)
        return
    taken: set[int] = set()
    for node in page.tree.css(ITEMS)[: 2 * MOST_ITEMS]:
        if node.mem_id not in taken and not _is_elsewhere(node, taken):
            taken.add(node.mem_id)
            yield node


def _is_elsewhere(node: LexborNode, taken: set[int]) -> bool:
    """Whether an item stands inside another one or in the page's furniture."""
    own = node.mem_id
    return any(
        at.mem_id != own and (at.mem_id in taken or ELSEWHERE.include(at)) for at in lineage(node)
    )


def _mention(page: Page, item: LexborNode) -> Mention | None:
    classes = frozenset((item.attributes.get("class") or "").split())
    link = _title_link(item)
    url = resolve(page.url, (link.attributes.get("href") or "") if link is not None else "")
    if link is None or url is None or host_of(url) != host_of(page.url):
        return None
    if not _NOT_POSTS.isdisjoint(classes):
        return None
    numbers = [int(found[1]) for name in classes if (found := _POST_CLASS.fullmatch(name))]
    time = item.css_first("time[datetime]")
    title = line_of(link.text()) or line_of(link.attributes.get("aria-label")) or None
    protected = "post-password-required" in classes
    return Mention(
        source="listing",
        url=url,
        post_id=numbers[0] if len(numbers) == 1 else None,
        title=without_protection(title) if title and protected else title,
        published_at=instant_of(time.attributes.get("datetime")) if time is not None else None,
        comment_count=_count(item),
        protected=protected,
    )


def _title_link(item: LexborNode) -> LexborNode | None:
    for selector in LINKS:
        link = item.css_first(selector)
        if link is not None and link.attributes.get("href"):
            return link
    return None


def _count(item: LexborNode) -> int | None:
    for selector in COUNTS:
        node = item.css_first(selector)
        if node is not None:
            return count_in_words(node.text())
    return None


def _numbered(page: Page) -> Iterator[tuple[int, str]]:
    """The links of the pagination with the page number each one shows."""
    for node in page.tree.css("a.page-numbers,.pagination a,.nav-links a")[:MOST_ITEMS]:
        url = resolve(page.url, node.attributes.get("href") or "")
        number = _number_in(url) if url else None
        if url and number is not None:
            yield number, url


def _page_number(page: Page) -> int:
    """Which page of its list this is, from 1 up."""
    for name in page.head.classes:
        if found := _CLASS_PAGE.fullmatch(name):
            return int(found[1])
    number = _number_in(page.url)
    if number is None:
        return 1
    if _PATH_PAGE.search(urlsplit(page.url).path) or _query_number(page.url) is not None:
        return number
    shown = page.tree.css_first(".page-numbers.current")
    return number if shown is not None and line_of(shown.text()).endswith(str(number)) else 1


def _number_in(url: str) -> int | None:
    number = _query_number(url)
    if number is None:
        path = urlsplit(url).path
        found = _PATH_PAGE.search(path) or _BARE_PAGE.search(path)
        number = int(found[1]) if found else None
    return number if number is not None and 1 <= number < LAST_PAGE else None


def _query_number(url: str) -> int | None:
    for name, value in parse_qsl(urlsplit(url).query):
        if _QUERY_PAGE.fullmatch(name):
            return whole_number(value)
    return None


def _with_number(url: str, number: int, other: int) -> str:
    """The URL of another page of the same list, by the same pattern."""
    parts = urlsplit(url)
    if _query_number(url) is not None:
        pairs = [
            (name, str(other) if _QUERY_PAGE.fullmatch(name) else value)
            for name, value in parse_qsl(parts.query, keep_blank_values=True)
        ]
        return urlunsplit(parts._replace(query=urlencode(pairs)))
    path = re.sub(rf"/{number}(/?)$", rf"/{other}\1", parts.path)
    return urlunsplit(parts._replace(path=path))
