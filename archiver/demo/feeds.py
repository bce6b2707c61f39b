"""RSS feeds and sitemaps, with the validators WordPress gives them.

A feed's ETag and Last-Modified come from the newest edit of a post or page: a new comment moves
neither, though `slash:comments` in the feed changes. Only the comments feed follows comments.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from archiver.demo.articles import body_html
from archiver.demo.model import Comment, Content, Post
from archiver.demo.rendering import View

PER_FEED = 10


@dataclass(frozen=True, slots=True)
class Item:
    """One article in a feed."""

    post: Post
    url: str
    title: str
    author: str
    terms: tuple[str, ...]
    excerpt_html: Markup
    html: Markup


@dataclass(frozen=True, slots=True)
class CommentItem:
    """One comment in a feed."""

    post: Post
    comment: Comment
    url: str


def last_edit(content: Content) -> datetime:
    """The newest modification of a post or page that visitors see."""
    return max(
        [post.modified for post in content.posts.values() if post.listed]
        + [page.modified for page in content.pages.values()]
    )


def last_comment(content: Content) -> datetime:
    """The newest comment or edit, whichever is later: what moves the comments feed."""
    return max(
        [last_edit(content)]
        + [post.comments[-1].written_at for post in content.listed() if post.comments]
    )


def etag(moment: datetime) -> str:
    """WordPress's validator: the MD5 of the date."""
    return f'"{hashlib.md5(moment.isoformat().encode(), usedforsecurity=False).hexdigest()}"'


def feed(view: View, posts: list[Post], number: int, *, path: str, heading: str) -> str | None:
    """Page `number` of a feed of articles, None past the end."""
    chosen = posts[(number - 1) * PER_FEED : number * PER_FEED]
    if not chosen:
        return None
    return view.render(
        "feed.xml",
        path,
        heading=heading,
        self_url=view.home.rstrip("/") + path,
        changed=last_edit(view.content),
        items=[_item(view, post) for post in chosen],
    )


def _item(view: View, post: Post) -> Item:
    content = view.content
    url = view.url_of(post)
    tail = Markup(
        '<p>L’article <a href="{}">{}</a> est apparu en premier sur <a href="{}">{}</a>.</p>'
    ).format(url, post.title, view.base, content.title)
    if post.password:
        html = Markup(
            '<form action="{}/wp-login.php?action=postpass" class="post-password-form"'
            ' method="post"><p>{}</p></form>'
        ).format(view.base, view.words["protected_text"])
    else:
        html = body_html(view, post)
    return Item(
        post=post,
        url=url,
        title=view.title_of(post),
        author=content.authors[post.author].name,
        terms=(
            *(content.categories[slug].name for slug in post.categories),
            *(content.tags[slug].name for slug in post.tags),
        ),
        excerpt_html=Markup("<p>{}</p>").format(view.excerpt_of(post)) + tail,
        html=html + tail,
    )


def comments_feed(view: View, posts: list[Post], *, path: str, heading: str, link: str) -> str:
    """The newest ten comments of some posts, newest first; protected posts keep theirs out."""
    spoken = sorted(
        (
            CommentItem(post, comment, view.url_of(post))
            for post in posts
            if not post.password
            for comment in post.comments
        ),
        key=lambda item: (item.comment.written_at, item.comment.id),
        reverse=True,
    )
    return view.render(
        "comments_feed.xml",
        path,
        heading=heading,
        self_url=view.home.rstrip("/") + path,
        link=link,
        changed=last_comment(view.content),
        items=spoken[:PER_FEED],
    )


def sitemap_index(view: View) -> str:
    """Yoast's index."""
    content = view.content
    posts = max((post.modified for post in content.listed()), default=content.clock)
    pages = max(page.modified for page in content.pages.values())
    maps = [("post", posts), ("page", pages)]
    maps += [(name, posts) for name in ("category", "post_tag", "author")]
    return view.render("sitemap_index.xml", "/", maps=maps)


def sitemap(view: View, name: str) -> str | None:
    """One of Yoast's sitemaps, None for a name that it has not. Protected posts are left out."""
    content, base = view.content, view.base
    changed = last_edit(content)
    entries: list[tuple[str, datetime, str]]
    match name:
        case "post":
            entries = [(f"{base}/actualite/", changed, "")]
            entries += [
                (view.url_of(post), post.modified, base + post.image if post.image else "")
                for post in reversed(content.listed())
                if not post.password
            ]
        case "page":
            entries = [(f"{base}/", changed, "")]
            entries += [
                (f"{base}/{slug}/", page.modified, "") for slug, page in content.pages.items()
            ]
        case "category":
            entries = [(f"{base}/category/{slug}/", changed, "") for slug in content.categories]
        case "post_tag":
            entries = [(f"{base}/tag/{slug}/", changed, "") for slug in content.tags]
        case "author":
            entries = [(f"{base}/author/{slug}/", changed, "") for slug in content.authors]
        case _:
            return None
    return view.render("sitemap.xml", "/", entries=entries)
