"""The REST API of the sample site: the index, posts, categories, tags, users and comments.

`/wp-json/wp/v2/comments` leaves pingbacks out, protected posts are listed without their text,
drafts and private posts never, as measured on WordPress.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Any, TypeVar

from archiver.demo.articles import body_html
from archiver.demo.model import PARIS, Comment, Post, Term
from archiver.demo.rendering import View, utc_offset
from archiver.demo.text import slug_path

MAX_PER_PAGE = 100
Query = Mapping[str, str]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RestAnswer:
    """A status, the JSON value and, for collections, the totals."""

    status: int
    value: object
    total: int | None = None
    pages: int | None = None


def rest(view: View, path: str, query: Query) -> RestAnswer:
    """The answer to `/wp-json/<path>`."""
    match path.strip("/").split("/"):
        case [""]:
            return RestAnswer(200, _index(view))
        case ["wp", "v2", "posts"]:
            return _posts(view, query)
        case ["wp", "v2", "posts", number] if number.isdecimal():
            return _post(view, int(number), query)
        case ["wp", "v2", "comments"]:
            return _comments(view, query)
        case ["wp", "v2", ("categories" | "tags" | "users") as name]:
            return _terms(view, name, query)
    return _refusal(404, "rest_no_route", "Aucune route correspondante n’a été trouvée.")


def _refusal(status: int, code: str, message: str) -> RestAnswer:
    return RestAnswer(status, {"code": code, "message": message, "data": {"status": status}})


def _index(view: View) -> dict[str, object]:
    return {
        "name": view.content.title,
        "description": view.content.tagline,
        "url": view.base,
        "home": view.base,
        "gmt_offset": "1",
        "timezone_string": "Europe/Paris",
        "namespaces": ["oembed/1.0", "wpdiscuz/v1", "yoast/v1", "wp/v2"],
        "routes": {
            "/wp/v2/posts": {"namespace": "wp/v2", "methods": ["GET"]},
            "/wp/v2/comments": {"namespace": "wp/v2", "methods": ["GET"]},
        },
    }


def _instant(text: str) -> datetime | None:
    """A moment of a query; without an offset it is the site's local time."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=PARIS)


def _posts(view: View, query: Query) -> RestAnswer:
    posts = view.content.listed()
    for name in ("modified_after", "modified_before", "after", "before"):
        if name not in query:
            continue
        limit = _instant(query[name])
        if limit is None:
            return _refusal(400, "rest_invalid_param", f"Paramètre(s) non valide(s) : {name}")
        edited, later = name.startswith("modified"), name.endswith("after")
        posts = [
            post
            for post in posts
            for moment in [post.modified if edited else post.date]
            if (moment > limit if later else moment < limit)
        ]
    if "slug" in query:
        slugs = query["slug"].lower().split(",")
        posts = [post for post in posts if post.slug in slugs or slug_path(post.slug) in slugs]
    if "categories" in query:
        wanted = {int(number) for number in query["categories"].split(",") if number.isdecimal()}
        terms = view.content.categories
        posts = [post for post in posts if wanted & {terms[slug].id for slug in post.categories}]
    if "search" in query:
        posts = [post for post in posts if query["search"].lower() in post.title.lower()]
    orders: dict[str, Callable[[Post], tuple[Any, ...]]] = {
        "date": lambda post: (post.date, post.id),
        "modified": lambda post: (post.modified, post.id),
        "id": lambda post: (post.id,),
    }
    order = query.get("orderby", "date")
    if order not in orders:
        return _refusal(400, "rest_invalid_param", "Paramètre(s) non valide(s) : orderby")
    posts = sorted(posts, key=orders[order], reverse=query.get("order", "desc") == "desc")
    return _collection(posts, query, lambda post: _chosen(_post_value(view, post), query))


def _post(view: View, number: int, query: Query) -> RestAnswer:
    post = view.content.posts.get(number)
    if post is None or post.status == "future":
        return _refusal(404, "rest_post_invalid_id", "Identifiant de publication non valide.")
    if not post.listed:
        return _refusal(401, "rest_forbidden", "Désolé, vous n’avez pas l’autorisation.")
    return RestAnswer(200, _chosen(_post_value(view, post), query))


def _collection(
    items: Sequence[T], query: Query, value: Callable[[T], dict[str, object]]
) -> RestAnswer:
    """One page of a collection, with its totals; the limits and refusals are WordPress's."""
    per_page, number = query.get("per_page", "10"), query.get("page", "1")
    if not (per_page.isdecimal() and 1 <= int(per_page) <= MAX_PER_PAGE):
        return _refusal(400, "rest_invalid_param", "Paramètre(s) non valide(s) : per_page")
    if not (number.isdecimal() and int(number) >= 1):
        return _refusal(400, "rest_invalid_param", "Paramètre(s) non valide(s) : page")
    size, start = int(per_page), (int(number) - 1) * int(per_page)
    if start and start >= len(items):
        return _refusal(
            400,
            "rest_post_invalid_page_number",
            "Le numéro de page demandé est supérieur au nombre de pages disponibles.",
        )
    chosen = [value(item) for item in items[start : start + size]]
    return RestAnswer(200, chosen, len(items), -(-len(items) // size))


def _chosen(value: dict[str, object], query: Query) -> dict[str, object]:
    if "_fields" not in query:
        return value
    wanted = {name.strip().split(".")[0] for name in query["_fields"].split(",")}
    return {name: field for name, field in value.items() if name in wanted}


def _local(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(timespec="seconds")


def _gmt(moment: datetime) -> str:
    return _local(moment.astimezone(UTC))


def _post_value(view: View, post: Post) -> dict[str, object]:
    content = view.content
    url = view.url_of(post)
    article = {"@type": "Article", "@id": f"{url}#article", "commentCount": len(post.comments)}
    return {
        "id": post.id,
        "date": _local(post.date),
        "date_gmt": _gmt(post.date),
        "guid": {"rendered": f"{view.base}/?p={post.id}"},
        "modified": _local(post.modified),
        "modified_gmt": _gmt(post.modified),
        "slug": slug_path(post.slug),
        "status": "publish",
        "type": "post",
        "link": url,
        "title": {"rendered": escape(view.title_of(post), quote=False)},
        "content": {
            "rendered": "" if post.password else str(body_html(view, post)),
            "protected": post.password,
        },
        "excerpt": {
            "rendered": "" if post.password else f"<p>{escape(view.excerpt_of(post))}</p>\n",
            "protected": post.password,
        },
        "author": content.authors[post.author].id,
        "featured_media": post.id + 1 if post.image else 0,
        "comment_status": "open" if post.comments_open else "closed",
        "ping_status": "open" if post.comments_open else "closed",
        "sticky": False,
        "format": "standard",
        "categories": [content.categories[slug].id for slug in post.categories],
        "tags": [content.tags[slug].id for slug in post.tags],
        "class_list": [
            f"post-{post.id}",
            "post",
            "type-post",
            "status-publish",
            *(f"category-{slug}" for slug in post.categories),
            *(f"tag-{slug}" for slug in post.tags),
        ],
        "yoast_head_json": {
            "title": f"{post.title} - {content.title}",
            "canonical": url,
            "article_published_time": utc_offset(post.date),
            "schema": {"@context": "https://schema.org", "@graph": [article]},
        },
    }


def _comments(view: View, query: Query) -> RestAnswer:
    posts = view.content.listed()
    if "post" in query:
        wanted = {int(number) for number in query["post"].split(",") if number.isdecimal()}
        posts = [post for post in posts if post.id in wanted]
    spoken = [
        (post, comment)
        for post in posts
        if not post.password
        for comment in post.comments
        if not comment.pingback
    ]
    if "after" in query and (limit := _instant(query["after"])):
        spoken = [item for item in spoken if item[1].written_at > limit]
    spoken.sort(key=lambda item: (item[1].written_at, item[1].id), reverse=True)
    return _collection(spoken, query, lambda item: _chosen(_comment_value(view, *item), query))


def _comment_value(view: View, post: Post, comment: Comment) -> dict[str, object]:
    return {
        "id": comment.id,
        "post": post.id,
        "parent": comment.parent,
        "author": 0,
        "author_name": comment.author,
        "date": _local(comment.written_at),
        "date_gmt": _gmt(comment.written_at),
        "content": {"rendered": f"<p>{escape(comment.text, quote=False)}</p>\n"},
        "link": f"{view.url_of(post)}#comment-{comment.id}",
        "status": "approved",
        "type": "comment",
    }


def _terms(view: View, name: str, query: Query) -> RestAnswer:
    content = view.content
    terms = {"categories": content.categories, "tags": content.tags, "users": content.authors}
    kind = {"categories": "category", "tags": "tag", "users": "author"}[name]

    def value(term: Term) -> dict[str, object]:
        return {
            "id": term.id,
            "slug": term.slug,
            "name": view.name_of(term),
            "link": f"{view.home}{kind}/{term.slug}/",
        }

    return _collection(list(terms[name].values()), query, lambda term: _chosen(value(term), query))
