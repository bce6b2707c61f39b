"""What a page and its headers declare about themselves, read in one pass: canonical address, post
ID, language, translations, feeds, REST root, Open Graph, JSON-LD.

Addresses are resolved and normalised; what stands in the wrong place or twice counts once, the
first one first, as search engines read it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from selectolax.lexbor import LexborHTMLParser

from archiver.extract.chamber import chamber_in
from archiver.extract.chrome import words
from archiver.extract.decoding import line_of
from archiver.extract.elements import Element
from archiver.extract.facts import Endpoints, Response
from archiver.extract.headers import links_of, whole_number
from archiver.extract.jsonld import Graph, read_graph
from archiver.extract.urls import resolve
from archiver.profiles.model import Chamber

MOST_ALTERNATES = 100
_REST_OBJECT = re.compile(r"/wp/v2/([\w-]+)/(\d{1,15})/?(?:$|[?&])")
_KEPT = words(
    """og:title og:url og:type og:site_name og:updated_time article:published_time
    article:modified_time author description generator date dc.date dc.date.issued
    dcterms.created"""
)
_RELATIONS = words("canonical shortlink next sitemap alternate https://api.w.org/")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}|x-default")
_BODY_POST = re.compile(r"(?:postid|attachment-id)-(\d{1,15})")
_VENDOR = re.compile(r"[A-Za-z][A-Za-z!. ]*[A-Za-z!]")


@dataclass(slots=True)
class Head:
    """Declarations of one page; `meta` holds the first content of each name or property of use.
    `collection` is the REST collection the page's object belongs to (`posts`, `pages`,
    `categories`), `post_id` the object's number, as REST links, short links or classes say."""

    url: str
    language: str | None = None
    title: str = ""
    classes: frozenset[str] = frozenset()
    canonical: str | None = None
    shortlink: str | None = None
    next: str | None = None
    rest: str | None = None
    feed: str | None = None
    comments_feed: str | None = None
    sitemaps: tuple[str, ...] = ()
    post_id: int | None = None
    collection: str | None = None
    generator: str | None = None
    alternates: dict[str, str] = field(default_factory=dict)
    meta: dict[str, str] = field(default_factory=dict)
    graph: Graph = field(default_factory=Graph)

    def endpoints(self) -> Endpoints:
        """The site's machine-readable lists that this page declares."""
        return Endpoints(self.rest, self.feed, self.comments_feed, self.sitemaps)

    def site_name(self) -> str | None:
        """The site's name by Open Graph, else by JSON-LD."""
        return self.meta.get("og:site_name") or self.graph.site_name()

    def chamber(self) -> Chamber | None:
        """The chamber that the site's name tells, or the home page's title and description."""
        parts = urlsplit(self.url)
        home = parts.path in ("", "/") and not parts.query
        shown = (self.title, self.meta.get("description")) if home else ()
        return chamber_in(self.site_name(), *shown)

    def platform(self) -> str | None:
        """The software that made the page, without its version."""
        if self.rest or self.collection or (self.generator or "").startswith("WordPress"):
            return "WordPress"
        found = _VENDOR.match(self.generator or "")
        return found[0] if found else None


def read_head(response: Response, tree: LexborHTMLParser, elements: Iterable[Element]) -> Head:
    """The declarations of a parsed page, whose `elements` are given, and of its Link headers."""
    head = Head(response.url)
    for target, relations, kind in links_of(response):
        _take_link(head, target, relations, kind, None)
    if tree.root is not None:
        head.language = _language(tree.root.attributes.get("lang"))
    scripts = []
    for tag, attributes, node in elements:
        if tag == "link":
            relations = frozenset((attributes.get("rel") or "").lower().split())
            if not _RELATIONS.isdisjoint(relations):
                kind = (attributes.get("type") or "").lower()
                language = attributes.get("hreflang")
                _take_link(head, attributes.get("href") or "", relations, kind, language)
        elif tag == "meta":
            _take_meta(head, attributes)
        elif tag == "script" and attributes.get("type") == "application/ld+json":
            scripts.append(node.text())
    head.generator = head.generator or head.meta.get("generator")
    title = tree.head.css_first("title") if tree.head is not None else None
    head.title = line_of(title.text()) if title is not None else ""
    if tree.body is not None:
        head.classes = frozenset((tree.body.attributes.get("class") or "").split())
    _take_body_classes(head)
    head.graph = read_graph(scripts)
    return head


def _take_meta(head: Head, attributes: Mapping[str, str | None]) -> None:
    name = (attributes.get("property") or attributes.get("name") or "").lower()
    if name in _KEPT and (content := line_of(attributes.get("content"))):
        if name == "generator" and content.startswith("WordPress"):
            head.generator = content
        head.meta.setdefault(name, content)


def _take_link(
    head: Head, target: str, relations: frozenset[str], kind: str, language: str | None
) -> None:
    if not relations or not (url := resolve(head.url, target)):
        return
    if "canonical" in relations:
        head.canonical = head.canonical or url
    if "shortlink" in relations:
        head.shortlink = head.shortlink or url
        head.post_id = head.post_id or _short_id(url)
    if "next" in relations:
        head.next = head.next or url
    if "https://api.w.org/" in relations:
        head.rest = head.rest or url
    if "sitemap" in relations:
        head.sitemaps += (url,)
    if "alternate" in relations:
        _take_alternate(head, url, kind, language)


def _take_alternate(head: Head, url: str, kind: str, language: str | None) -> None:
    if kind == "application/json":
        found = _REST_OBJECT.search(url)
        if found and head.collection is None:
            head.collection = found[1]
            head.post_id = head.post_id or int(found[2])
    elif kind in ("application/rss+xml", "application/atom+xml"):
        if "/comments/feed" in url or "feed=comments" in url:
            head.comments_feed = head.comments_feed or url
        else:
            head.feed = head.feed or url
    elif language and len(head.alternates) < MOST_ALTERNATES:
        tag = language.strip()
        if _LANGUAGE.fullmatch(tag):
            head.alternates.setdefault(tag, url)


def _take_body_classes(head: Head) -> None:
    for name in head.classes:
        if found := _BODY_POST.fullmatch(name):
            head.post_id = head.post_id or int(found[1])


def _short_id(url: str) -> int | None:
    return whole_number(next(iter(parse_qs(urlsplit(url).query).get("p", ())), None))


def _language(tag: str | None) -> str | None:
    tag = (tag or "").strip()
    return tag if _LANGUAGE.fullmatch(tag) else None
