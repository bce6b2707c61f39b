"""WordPress's REST interface: its index, and lists of posts and of comments.

REST states IDs, addresses, titles and modification instants (the `_gmt` fields are UTC without
saying so); the count of comments only inside Yoast's JSON-LD. Password posts are listed.
"""

import html
import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from archiver.extract.byline import without_protection
from archiver.extract.decoding import line_of, text_of
from archiver.extract.facts import Endpoints, Facts, Mention, Response, Role
from archiver.extract.feeds import comment_on
from archiver.extract.headers import links_of, whole_number
from archiver.extract.jsonld import ARTICLE_TYPES, counts_of
from archiver.extract.moments import utc_instant
from archiver.extract.urls import host_of, normalise, resolve

MOST_POSTS = 1_000
_POSTS = "/wp/v2/posts"
_COMMENTS = "/wp/v2/comments"
_TAG = re.compile(r"<[^<>]*>")
_PAGE = re.compile(r"(?<=[?&]page=)\d+")


def read_rest(response: Response) -> Facts | None:
    """Facts of a JSON body: the index of the interface, a list of posts or one of comments, which
    tells what the feed of comments does; None for other JSON."""
    try:
        data = json.loads(text_of(response))
    except (ValueError, RecursionError):
        return None
    if isinstance(data, dict) and isinstance(data.get("namespaces"), list):
        return _index(response, data)
    if not isinstance(data, list):
        return None
    if _COMMENTS in response.url:
        return _comments(response, data)
    posts = [one for one in data[:MOST_POSTS] if _is_post(one)]
    if not posts and _POSTS not in response.url:
        return None
    return Facts(
        Role.REST_POSTS,
        mentions=tuple(m for post in posts if (m := _mention(response.url, post)) is not None),
        next_pages=_next_pages(response) if posts else (),
        total=whole_number(response.header("x-wp-total")),
        platform="WordPress",
    )


def _comments(response: Response, data: list[Any]) -> Facts:
    spoken = [
        comment_on(response.url, one["link"], _utc(one.get("date_gmt")))
        for one in data[:MOST_POSTS]
        if isinstance(one, dict) and isinstance(one.get("link"), str)
    ]
    mentions = tuple(dict.fromkeys(filter(None, spoken)))
    next_pages = _next_pages(response) if mentions else ()
    return Facts(Role.COMMENTS_FEED, mentions=mentions, next_pages=next_pages)


def _index(response: Response, data: dict[str, Any]) -> Facts:
    open_ = "wp/v2" in data["namespaces"] and _has_posts(data.get("routes"))
    name = data.get("name")
    return Facts(
        Role.REST_INDEX,
        endpoints=Endpoints(rest=normalise(response.url) if open_ else None),
        site_name=(line_of(html.unescape(name)) or None) if isinstance(name, str) else None,
        platform="WordPress",
    )


def _has_posts(routes: object) -> bool:
    """Whether the posts' route exists; an index without routes does not say otherwise."""
    return not isinstance(routes, dict) or _POSTS in routes


def _is_post(one: object) -> bool:
    """Posts have a number and an address; an answer cut to a few fields may lack the type."""
    return (
        isinstance(one, dict)
        and isinstance(one.get("id"), int)
        and isinstance(one.get("link"), str)
        and one.get("type", "post") not in ("page", "attachment")
        and "taxonomy" not in one
        and "avatar_urls" not in one
    )


def _mention(base: str, post: dict[str, Any]) -> Mention | None:
    url = resolve(base, post["link"])
    if url is None or host_of(url) != host_of(base):
        return None
    rendered = _inner(post, "title", "rendered")
    title = line_of(html.unescape(_TAG.sub("", rendered))) if isinstance(rendered, str) else None
    locked = any(_inner(post, part, "protected") is True for part in ("content", "excerpt"))
    if title and locked:
        title = without_protection(title)
    return Mention(
        source="rest",
        url=url,
        post_id=post["id"] if 0 < post["id"] < 10**15 else None,
        title=title or None,
        published_at=_utc(post.get("date_gmt")),
        modified_at=_utc(post.get("modified_gmt")),
        comment_count=_yoast_count(post),
        protected=locked,
    )


def _inner(post: dict[str, Any], part: str, field: str) -> object:
    value = post.get(part)
    return value.get(field) if isinstance(value, dict) else None


def _utc(value: object) -> str | None:
    return utc_instant(value) if isinstance(value, str) else None


def _yoast_count(post: dict[str, Any]) -> int | None:
    schema = _inner(post, "yoast_head_json", "schema")
    graph = schema.get("@graph") if isinstance(schema, dict) else None
    for one in graph if isinstance(graph, list) else ():
        if isinstance(one, dict):
            kinds = one.get("@type")
            named = kinds if isinstance(kinds, list) else [kinds]
            if any(kind in ARTICLE_TYPES for kind in named if isinstance(kind, str)):
                return counts_of(one).comments
    return None


def _next_pages(response: Response) -> tuple[str, ...]:
    """The next page by the Link header, else by the number of pages stated."""
    for target, relations, _ in links_of(response):
        if "next" in relations and (url := resolve(response.url, target)):
            return (url,)
    pages = whole_number(response.header("x-wp-totalpages"))
    number = whole_number(parse_qs(urlsplit(response.url).query).get("page", ["1"])[0])
    if pages is None or number is None or number >= pages:
        return ()
    if _PAGE.search(response.url):
        return (normalise(_PAGE.sub(str(number + 1), response.url)),)
    joint = "&" if "?" in response.url else "?"
    return (normalise(f"{response.url}{joint}page={number + 1}"),)
