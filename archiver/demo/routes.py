"""Which address of the sample site answers what; knows HTTP messages, not sockets.

Statuses, redirects and headers are those measured on WordPress: 301 for `?p=`, old slugs, a slug's
beginning and a missing slash; 200 for upper case and past the end of a list; 404 past the end of a
feed; no validators on articles.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import parse_qsl, unquote, urlsplit

from archiver.demo import feeds
from archiver.demo.archives import archive
from archiver.demo.articles import article_page
from archiver.demo.compose import leaves
from archiver.demo.files import HTML, Answer, Headers, file_at, moved
from archiver.demo.lists import diary_page, home_page, missing_page, plain_page, team_page
from archiver.demo.model import Content, Post
from archiver.demo.rendering import DISALLOWED, Lang, View
from archiver.demo.rest import rest
from archiver.demo.text import slug_path
from archiver.demo.validators import http_date, still_fresh

RSS = "application/rss+xml; charset=UTF-8"

_DIARY = re.compile(r"/agenda/(\d{1,4})-(\d\d)/")
_POST = re.compile(r"/(?P<slug>[^/]+)/(?:(?P<page>\d+)/|comment-page-(?P<comments>\d+)/)?")


def answer(content: Content, base: str, target: str, headers: Mapping[str, str]) -> Answer:
    """The answer to a GET of `target` (path and query as sent); header names are lower-case."""
    parts = urlsplit("//host" + target) if target.startswith("/") else urlsplit(target)
    path = unquote(parts.path) or "/"
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if found := file_at(content, base, path, headers):
        return found
    lang: Lang = "en" if path == "/en" or path.startswith("/en/") else "fr"
    view = View(content, base, lang)
    path = path[3:] or "/" if lang == "en" else path
    for attempt in (_machine, _redirect, _page):
        if found := attempt(view, path, query, headers):
            return found
    return html(404, missing_page(view, path), ("Cache-Control", "no-store, no-cache, max-age=0"))


def html(status: int, text: str, *headers: tuple[str, str]) -> Answer:
    """A page of the theme."""
    return Answer(status, (("Content-Type", HTML), *headers), text.encode())


def _machine(
    view: View, path: str, query: Mapping[str, str], headers: Mapping[str, str]
) -> Answer | None:
    if path.startswith("/wp-json"):
        return _rest(view, path.removeprefix("/wp-json"), query)
    if not path.endswith("/feed/"):
        return None
    number = int(query["paged"]) if query.get("paged", "").isdecimal() else 1
    content = view.content
    title = content.title
    if path == "/comments/feed/":
        spoken = feeds.comments_feed(
            view,
            content.listed(),
            path=path,
            heading=f"Commentaires pour {title}",
            link=view.home,
        )
        return _validated(spoken, feeds.last_comment(content), headers)
    if path == "/feed/":
        text = feeds.feed(view, content.listed(), number, path=path, heading=title)
    elif found := archive(view, path.removesuffix("feed/")):
        text = feeds.feed(
            view, found.posts, number, path=path, heading=f"{found.heading} - {title}"
        )
    elif post := content.by_slug(path.split("/")[1]):
        spoken = feeds.comments_feed(
            view,
            [post],
            path=path,
            heading=f"Commentaires sur : {post.title}",
            link=view.url_of(post),
        )
        return _validated(spoken, feeds.last_comment(content), headers)
    else:
        return None
    return None if text is None else _validated(text, feeds.last_edit(content), headers)


def _validated(text: str, changed: datetime, headers: Mapping[str, str]) -> Answer:
    """A feed with its validators, or 304 when those of the request still hold."""
    tag = feeds.etag(changed)
    kept = (("Last-Modified", http_date(changed)), ("ETag", tag))
    if still_fresh(headers, tag, changed):
        return Answer(304, kept, b"")
    return Answer(200, (("Content-Type", RSS), *kept), text.encode())


def _rest(view: View, path: str, query: Mapping[str, str]) -> Answer:
    found = rest(view, path, query)
    headers = [
        ("Content-Type", "application/json; charset=UTF-8"),
        ("X-Robots-Tag", "noindex"),
        ("X-Content-Type-Options", "nosniff"),
        ("Allow", "GET"),
    ]
    if found.total is not None:
        headers += [("X-WP-Total", str(found.total)), ("X-WP-TotalPages", str(found.pages))]
        page = int(query.get("page", "1"))
        if found.pages and page < found.pages:
            pairs = "&".join(
                f"{name}={value}" for name, value in ({**query, "page": str(page + 1)}).items()
            )
            headers.append(("Link", f'<{view.home}wp-json{path}?{pairs}>; rel="next"'))
    body = json.dumps(found.value).replace("/", "\\/").encode()
    return Answer(found.status, tuple(headers), body)


def _redirect(
    view: View, path: str, query: Mapping[str, str], headers: Mapping[str, str]
) -> Answer | None:
    del headers
    if path == "/":
        target = _by_number(view, query)
    elif not path.endswith("/") and "." not in path.rsplit("/", 1)[1]:
        target = view.home.rstrip("/") + slug_path(path) + "/"
    else:
        named = _POST.fullmatch(path)
        target = _of_post(view, named, query) if named else None
    return moved(target) if target else None


def _by_number(view: View, query: Mapping[str, str]) -> str | None:
    content, number = view.content, query.get("p") or query.get("page_id") or ""
    if number.isdecimal() and (post := content.posts.get(int(number))) and post.listed:
        return view.url_of(post)
    pages = [page for page in content.pages.values() if str(page.id) == number]
    return f"{view.home}{pages[0].slug}/" if pages else None


def _of_post(view: View, named: re.Match[str], query: Mapping[str, str]) -> str | None:
    content, slug = view.content, named["slug"].casefold()
    post = content.by_slug(slug)
    if post is None:
        renamed = content.posts.get(content.old_slugs.get(slug, 0))
        return view.url_of(renamed) if renamed and renamed.listed else _guess(view, slug)
    if "replytocom" in query:
        return f"{view.url_of(post)}#comment-{query['replytocom']}"
    leaf = int(named["page"] or 0)
    return view.url_of(post) if leaf and not 1 < leaf <= len(leaves(post)) else None


def _guess(view: View, slug: str) -> str | None:
    """WordPress guesses the post from the beginning of its slug."""
    if slug in {"actualite", "agenda", "feed"} | set(view.content.pages) or len(slug) < 5:
        return None
    found = [post for post in view.content.listed() if post.slug.startswith(slug + "-")]
    return view.url_of(found[0]) if found else None


def _page(
    view: View, path: str, query: Mapping[str, str], headers: Mapping[str, str]
) -> Answer | None:
    del headers
    content = view.content
    more: Headers = (("Link", f'<{view.base}/wp-json/>; rel="https://api.w.org/"'),)
    month, named = _DIARY.fullmatch(path), _POST.fullmatch(path)
    text: str | None = None
    if path == "/":
        text = None if {"p", "page_id"} & set(query) else home_page(view)
    elif path == DISALLOWED:
        text = team_page(view)
    elif month and 1 <= int(month[2]) <= 12:
        text = diary_page(view, int(month[1]), int(month[2]))
    elif found := archive(view, path):
        text = found.page(view)
    elif named and (page := content.pages.get(named["slug"].casefold())):
        text = plain_page(view, page)
    elif named and (post := content.by_slug(named["slug"])):
        text = article_page(view, post, int(named["comments"] or 1), int(named["page"] or 1))
        more = _links(view, post)
    return None if text is None else html(200, text, *more)


def _links(view: View, post: Post) -> Headers:
    base = view.base
    as_json = 'title="JSON"; type="application/json"'
    pings = (("X-Pingback", f"{base}/xmlrpc.php"),) if post.comments_open else ()
    return (
        *pings,
        ("Link", f'<{base}/wp-json/>; rel="https://api.w.org/"'),
        ("Link", f'<{base}/wp-json/wp/v2/posts/{post.id}>; rel="alternate"; {as_json}'),
        ("Link", f"<{view.home}?p={post.id}>; rel=shortlink"),
    )
