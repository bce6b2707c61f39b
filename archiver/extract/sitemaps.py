"""Sitemaps and their indexes (sitemaps.org), and the Sitemap lines of robots.txt.

A sitemap of pages, authors or terms lists no articles: its addresses are links. `lastmod` counts
as an instant only with an offset; a bare day does not say when.
"""

import re
from urllib.parse import urlsplit

from archiver.extract.facts import Endpoints, Facts, Mention, Problem, Response, Role
from archiver.extract.moments import instant_of
from archiver.extract.urls import host_of, resolve, resolve_all, url_key
from archiver.extract.xml import MOST_ENTRIES, child_text, children, parse

MOST_CHILDREN = 1_000
_NOT_ARTICLES = re.compile(
    r"(?:^|[/_-])(?:pages?|categor(?:y|ies)|post_tag|tags?|authors?|users?|taxonomies|media|image"
    r"|attachment|video|product|local|elementor\w*|e-landing-page)(?:[_-][\w-]*)?[_.-]?(?:sitemap|\d)",
    re.IGNORECASE,
)
_CORE_PAGES = re.compile(r"wp-sitemap-(?:posts-page|taxonomies|users)-")
_TERM_PATH = re.compile(r"^/(?:[a-z]{2}/)?(?:category|categorie|tag|author|auteur)/")
_SITEMAP_LINE = re.compile(rb"^[ \t]*sitemap[ \t]*:[ \t]*([^\s#]+)", re.IGNORECASE | re.MULTILINE)


def read_sitemap(response: Response) -> Facts:
    """The articles or further addresses that a sitemap lists."""
    root = parse(response.body)
    if root is None:
        return Facts(Role.OTHER, problems=(Problem("unreadable", "plan du site"),))
    entries = list(children(root, "url"))[:MOST_ENTRIES]
    found: dict[str, Mention] = {}
    links: dict[str, None] = {}
    articles = lists_articles(response.url)
    for entry in entries:
        url = resolve(response.url, child_text(entry, "loc") or "")
        if url is None or host_of(url) != host_of(response.url):
            continue
        path = urlsplit(url).path
        if articles and path != "/" and not _TERM_PATH.match(path):
            modified = instant_of(child_text(entry, "lastmod"))
            found.setdefault(url_key(url), Mention("sitemap", url, modified_at=modified))
        else:
            links[url] = None
    return Facts(Role.SITEMAP, mentions=tuple(found.values()), links=tuple(links))


def read_index(response: Response) -> Facts:
    """The sitemaps that an index names, as links and as endpoints."""
    root = parse(response.body)
    if root is None:
        return Facts(Role.OTHER, problems=(Problem("unreadable", "index des plans du site"),))
    named = (child_text(entry, "loc") for entry in children(root, "sitemap"))
    sitemaps = resolve_all(response.url, named, MOST_CHILDREN)
    return Facts(Role.SITEMAP_INDEX, links=sitemaps, endpoints=Endpoints(sitemaps=sitemaps))


def read_robots(response: Response) -> Facts:
    """The sitemaps that robots.txt names."""
    lines = _SITEMAP_LINE.findall(response.body[: 512 * 1024])
    named = (line.decode("utf-8", "replace") for line in lines)
    sitemaps = resolve_all(response.url, named, MOST_CHILDREN)
    return Facts(Role.ROBOTS, endpoints=Endpoints(sitemaps=sitemaps))


def lists_articles(url: str) -> bool:
    """Whether a sitemap lists articles, by its name: not pages, terms, authors or images."""
    name = urlsplit(url).path.rpartition("/")[2]
    return not (_CORE_PAGES.match(name) or _NOT_ARTICLES.match(name))
