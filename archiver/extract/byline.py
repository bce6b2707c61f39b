"""The line around an article's title: title, day, author, categories and tags.

What the reader sees comes before what machines are told: the day on the page is the site's local
day, while meta tags give UTC. A day seen that is more than one day away from the stated time is
another post's and does not count.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from selectolax.lexbor import LexborNode

from archiver.extract.dates import day_in, day_of
from archiver.extract.decoding import line_of
from archiver.extract.jsonld import Statement
from archiver.extract.moments import day_at, instant_of
from archiver.extract.page import Page
from archiver.extract.text import skeleton
from archiver.extract.urls import host_of, resolve, url_key

TITLES = (
    ".elementor-widget-theme-post-title .elementor-heading-title",
    ".entry-title",
    ".wp-block-post-title",
    ".post-title",
    '[itemprop="headline"]',
)
DAYS = (
    ".elementor-post-info__item--type-date",
    "time.published",
    ".entry-date",
    ".entry_date",
    ".wp-block-post-date",
    ".posted-on",
    ".post-date",
    ".published",
    '[itemprop="datePublished"]',
    ".entry-meta",
    ".post-meta",
    ".meta-date",
    ".fusion-meta-info-wrapper > span:not([class])",
    ".postmetadata",
    ".date",
    ".date-container",
    ".node__submitted",
    ".ob-date",
    "header time",
)
AUTHORS = (
    ".elementor-post-info__item--type-author",
    ".author.vcard .fn",
    ".author.vcard a",
    ".wp-block-post-author-name",
    ".wp-block-post-author__name",
    ".byline .author",
    ".post_author_link",
    'a[rel~="author"]',
)
TERMS = (
    ".elementor-post-info__terms-list-item",
    'a[rel~="tag"]',
    ".entry-category a",
)
PUBLISHED_META = ("article:published_time", "date", "dc.date", "dcterms.created", "dc.date.issued")
MODIFIED_META = ("article:modified_time", "og:updated_time")
_PUBLISHED = frozenset(("published", "entry-date", "entry_date", "date-container"))
"""Themes with one day call it `updated` as well: the microformat hentry asks for that."""
LONGEST_LINE = 200
_PROTECTED = re.compile(
    r"^(?:prot[ée]g[ée]e?|protected|priv[ée]e?|private)[ \u00a0\u202f]*:[ \u00a0\u202f]*",
    re.IGNORECASE,
)
_SITE_MARK = r"[ \u00a0]+[-–—|·•»«][ \u00a0]+"
"""What stands between an article's title and the site's name."""
_CHANGED = re.compile(r"(?:mise? a jour|modifie|derniere|updated|modified|last)")
_BY = re.compile(r"(?:par|by|de|auteure?|author)[ \u00a0]*:?[ \u00a0]+", re.IGNORECASE)


def title_of(page: Page, stated: Statement | None) -> str | None:
    """The article's title: as its region shows it, else as machines are told."""
    for node in page.ruled(page.rules.title):
        if text := line_of(node.text()):
            return text
    for node in page.own(*TITLES):
        if text := line_of(node.text()):
            return text
    shown = [*_headings(page, page.own("h1"))]
    # Old themes keep the h1 for the site's name; the title is then the h2 that `title` names.
    if not shown and (named := named_heading(page)):
        return named
    shown += _headings(page, page.tree.css("h1"))
    told = skeleton(page.head.meta.get("og:title", "") + "\n" + page.head.title)
    for text in shown:
        if skeleton(text) in told:
            return text
    if shown:
        return shown[0]
    return (stated.title if stated else None) or without_site(page) or None


def _headings(page: Page, nodes: Iterable[LexborNode]) -> Iterator[str]:
    """The texts of headings without a day that stands before them, save that of the site's name,
    which leads to its home page."""
    for node in nodes:
        link = node.css_first("a")
        target = resolve(page.url, link.attributes.get("href") or "") if link is not None else None
        is_home = target is not None and url_key(target) == host_of(target)
        text = line_of(node.text())
        if (inner := node.css_first(".date")) is not None:
            text = text.removeprefix(line_of(inner.text())).lstrip()
        if text and not is_home:
            yield text


def named_heading(page: Page) -> str | None:
    """The h2 that the page's own title names, with the site's name before or after it, or alone."""
    for text in _headings(page, page.own("h2")):
        named = rf"(?:.*{_SITE_MARK})?{re.escape(text)}(?:{_SITE_MARK}.*)?"
        if re.fullmatch(named, page.head.title):
            return text
    return None


def without_site(page: Page) -> str:
    """The page's own title for machines, without the name of the site at its end."""
    title = page.head.meta.get("og:title") or page.head.title
    name = page.head.site_name() or page.profile.title
    if name:
        title = re.sub(rf"\s*[-–—|·•»:]\s*{re.escape(name)}\s*$", "", title)
    return title


def without_protection(title: str) -> str:
    """The title of a protected post without WordPress's « Protégé : »."""
    return _PROTECTED.sub("", title, count=1) or title


def day_of_article(page: Page, stated: Statement | None) -> str | None:
    """The day of publication as the reader sees it, else of the stated time in the site's zone."""
    for node in page.ruled(page.rules.date):
        if day := _day_shown(node, page):
            return day
    told = _day_told(page, stated)
    for node in page.own(*DAYS):
        day = _day_shown(node, page)
        if day and (told is None or _are_close(day, told)):
            return day
    return told


def modified_at(page: Page, stated: Statement | None) -> str | None:
    """The instant of the last modification, where the page states one with an offset."""
    told = [page.head.meta.get(name) for name in MODIFIED_META]
    for text in (*told, stated.modified if stated else None):
        if instant := instant_of(text):
            return instant
    return None


def author_of(page: Page, stated: Statement | None) -> str | None:
    """The author's name: by JSON-LD, which names the account, as shown, or by the meta tag, which
    on some sites names whoever built the site."""
    for name in _names(page.ruled(page.rules.author)):
        return name
    if stated and stated.author:
        return stated.author
    for name in _names(page.own(*AUTHORS)):
        return _BY.sub("", name, count=1)
    return page.head.meta.get("author")


def terms_of(page: Page, stated: Statement | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the article's categories and tags, in the page's order."""
    categories = _names(page.ruled(page.rules.categories))
    tags = _names(page.ruled(page.rules.tags))
    if stated and stated.sections:
        # SEO plug-ins list all terms by kind; themes print some of them, or kinds mixed.
        return categories or stated.sections, tags or stated.keywords
    if not (categories and tags):
        terms = list({node.mem_id: node for node in page.own(*TERMS)}.values())
        slugs = frozenset((page.root.attributes.get("class") or "").split())
        tagged = [_is_tag(node, slugs) for node in terms]
        categories = categories or _names(
            node for node, tag in zip(terms, tagged, strict=True) if not tag
        )
        tags = tags or _names(node for node, tag in zip(terms, tagged, strict=True) if tag)
    return categories, tags or (stated.keywords if stated else ())


def _names(nodes: Iterator[LexborNode]) -> tuple[str, ...]:
    found = (line_of(node.text()) for node in nodes)
    return tuple(dict.fromkeys(name for name in found if name and len(name) <= LONGEST_LINE))


def _is_tag(node: LexborNode, slugs: frozenset[str]) -> bool:
    """Whether a term is a tag: by the classes that WordPress gives the post, the address of the
    term's page, its relation, the box around it; a term that nothing marks is a category."""
    attributes = node.attributes
    path = (attributes.get("href") or "").partition("?")[0].rstrip("/").lower()
    slug = path.rpartition("/")[2]
    if slug and (f"tag-{slug}" in slugs) != (f"category-{slug}" in slugs):
        return f"tag-{slug}" in slugs
    if "/tag/" in path or "/etiquette/" in path:
        return True
    relations = (attributes.get("rel") or "").split()
    if "/category/" in path or "/categorie/" in path or "category" in relations:
        return False
    around = (
        f"{_classes(node)} {_classes(node.parent)} {_classes(node.parent and node.parent.parent)}"
    )
    if "cat-links" in around or "taxonomy-category" in around or "post-categories" in around:
        return False
    return "tag" in relations or "tags-links" in around or "taxonomy-post_tag" in around


def _classes(node: LexborNode | None) -> str:
    return (node.attributes.get("class") or "") if node is not None else ""


def _day_shown(node: LexborNode, page: Page) -> str | None:
    """The day in an element: its text, else its machine-readable time. Days of changes, and times
    that stand hidden for machines beside the day shown, do not count."""
    attributes = node.attributes
    classes = (attributes.get("class") or "").split()
    if "updated" in classes and _PUBLISHED.isdisjoint(classes):
        return None
    time = node if node.tag == "time" else node.css_first("time")
    text = line_of((time if time is not None else node).text())
    if len(text) > LONGEST_LINE or _CHANGED.search(skeleton(line_of(node.text()[:LONGEST_LINE]))):
        return None
    if day := day_of(text) or day_in(text):
        return day
    written = time.attributes.get("datetime") if time is not None else attributes.get("content")
    return day_at(written, page.zone())


def _day_told(page: Page, stated: Statement | None) -> str | None:
    told = [page.head.meta.get(name) for name in PUBLISHED_META]
    for text in (*told[:1], stated.published if stated else None, *told[1:]):
        if day := day_at(text, page.zone()):
            return day
    return None


def _are_close(one: str, other: str) -> bool:
    return abs((date.fromisoformat(one) - date.fromisoformat(other)).days) <= 1
