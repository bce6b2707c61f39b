"""RSS 2.0, RSS 1.0 and Atom feeds of articles and of comments.

WordPress's feeds state what pages do not: the post ID (in the `guid`) and the count of comments
(`slash:comments`), exact and including pingbacks.
"""

import html
import re
from urllib.parse import parse_qs, urlsplit

from lxml import etree

from archiver.extract.byline import without_protection
from archiver.extract.chamber import chamber_in
from archiver.extract.decoding import line_of
from archiver.extract.facts import Facts, Mention, Problem, Response, Role
from archiver.extract.headers import whole_number
from archiver.extract.moments import instant_of
from archiver.extract.urls import host_of, normalise, resolve
from archiver.extract.xml import MOST_ENTRIES, child_text, children, local_name, parse

_SLASH = "{http://purl.org/rss/1.0/modules/slash/}comments"
_POST_ID = "{com-wordpress:feed-additions:1}post-id"
_COMMENT_PAGE = re.compile(r"/comment-page-\d+/?(?=#|$)")
_FEED_PATH = re.compile(r"/feed/?$")


def read_feed(response: Response) -> Facts:
    """The articles a feed lists, newest first as it gives them; a feed of comments those spoken of,
    once for each comment."""
    root = parse(response.body)
    if root is None:
        return Facts(Role.OTHER, problems=(Problem("unreadable", "flux"),))
    channel = next(children(root, "channel"), root)
    entries = [
        element
        for parent in (channel, root)
        for element in parent
        if local_name(element) in ("item", "entry")
    ]
    entries = list(dict.fromkeys(entries))[:MOST_ENTRIES]
    if _is_of_comments(response.url, entries):
        spoken = [_comment(response.url, entry) for entry in entries]
        return Facts(Role.COMMENTS_FEED, mentions=tuple(dict.fromkeys(filter(None, spoken))))
    mentions = tuple(
        mention for entry in entries if (mention := _mention(response.url, entry)) is not None
    )
    # Security plug-ins take the generator out; the guid `?p=ID` is WordPress's own, too.
    numbered = any(mention.post_id is not None for mention in mentions)
    wordpress = numbered or "wordpress.org" in (child_text(channel, "generator") or "")
    name = _site_name(response.url, channel)
    return Facts(
        Role.FEED,
        mentions=mentions,
        next_pages=_next_pages(response.url, channel, wordpress=wordpress and bool(mentions)),
        site_name=name,
        platform="WordPress" if wordpress else None,
        chamber=chamber_in(name, child_text(channel, "description")) if name else None,
    )


def _is_of_comments(url: str, entries: list[etree._Element]) -> bool:
    if "/comments/feed" in url or "feed=comments" in url:
        return True
    links = [_link(entry) or "" for entry in entries]
    return bool(links) and all("#comment-" in link for link in links)


def _mention(base: str, entry: etree._Element) -> Mention | None:
    url = resolve(base, _link(entry) or "")
    if url is None or host_of(url) != host_of(base):
        return None
    title = _plain(child_text(entry, "title"))
    shown = without_protection(title) if title else None
    updated = child_text(entry, "updated") or child_text(entry, "modified")
    return Mention(
        source="feed",
        url=url,
        post_id=_post_id(entry),
        title=shown,
        published_at=instant_of(
            child_text(entry, "pubDate")
            or child_text(entry, "published")
            or child_text(entry, "date")
        ),
        modified_at=instant_of(updated),
        comment_count=whole_number(entry.findtext(_SLASH)),
        protected=shown != title,
    )


def _comment(base: str, entry: etree._Element) -> Mention | None:
    at = child_text(entry, "pubDate") or child_text(entry, "updated") or child_text(entry, "date")
    return comment_on(base, _link(entry) or "", instant_of(at))


def comment_on(base: str, link: str, written_at: str | None) -> Mention | None:
    """The article a comment is on; long discussions are split, and the link names the part."""
    url = resolve(base, _COMMENT_PAGE.sub("/", link))
    if url is None or host_of(url) != host_of(base):
        return None
    return Mention("comments", url, published_at=written_at)


def _link(entry: etree._Element) -> str | None:
    """RSS gives the address as text; Atom as attributes, the page itself by `alternate`."""
    for link in children(entry, "link"):
        if link.get("rel", "alternate") == "alternate" and (link.get("href") or link.text):
            return link.get("href") or link.text
    guid = next(children(entry, "guid"), None)
    return guid.text if guid is not None and guid.get("isPermaLink") != "false" else None


def _post_id(entry: etree._Element) -> int | None:
    stated = whole_number(entry.findtext(_POST_ID))
    if stated is not None:
        return stated
    identity = child_text(entry, "guid") or child_text(entry, "id") or ""
    try:
        numbers = parse_qs(urlsplit(identity).query).get("p", [])
    except ValueError:
        return None
    return whole_number(numbers[0]) if numbers else None


def _next_pages(url: str, channel: etree._Element, *, wordpress: bool) -> tuple[str, ...]:
    """The next page by the feed's own link (RFC 5005), else by WordPress's `paged`."""
    for link in children(channel, "link"):
        if link.get("rel") == "next" and (further := resolve(url, link.get("href") or "")):
            return (further,)
    if not wordpress:
        return ()
    base, _, query = url.partition("?")
    number = whole_number(parse_qs(query).get("paged", ["1"])[0]) or 1
    others = [pair for pair in query.split("&") if pair and not pair.startswith("paged=")]
    return (normalise(f"{base}?{'&'.join([*others, f'paged={number + 1}'])}"),)


def _site_name(url: str, channel: etree._Element) -> str | None:
    """The channel's title, where the feed is the whole site's."""
    path = urlsplit(url).path
    return _plain(child_text(channel, "title")) if _FEED_PATH.fullmatch(path) else None


def _plain(text: str | None) -> str | None:
    return (line_of(html.unescape(text)) or None) if text else None
