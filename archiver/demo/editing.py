"""What the editors and readers of the sample site can do to it while it is being archived.

Every change takes the content's own clock and moves it on by an hour, so that a sequence of edits
gives the same site each time. As in WordPress, comments and votes leave `modified` alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from archiver.demo.content import add_post, read_blocks
from archiver.demo.model import Content, Post
from archiver.demo.readers import write_comments
from archiver.errors import BadInput

STEP = timedelta(hours=1)


def _held(content: Content, post_id: int) -> Post:
    if post_id not in content.posts:
        raise BadInput(f"The sample site has no post {post_id}; name one that it has.")
    return content.posts[post_id]


def edit(content: Content, post_id: int, **changes: Any) -> Post:
    """Replace fields of a post (title, pairs, before, status, password …) and date the edit."""
    post = replace(_held(content, post_id), **changes, modified=content.clock)
    content.put(post)
    content.clock += STEP
    return post


def answer(content: Content, post_id: int, texts: Sequence[str]) -> Post:
    """The answer to a post's last question arrives or is edited: its paragraphs from now on."""
    post = _held(content, post_id)
    if not post.pairs:
        raise BadInput(f"Post {post_id} of the sample site has no question; name one that has.")
    last = replace(
        post.pairs[-1],
        answer=read_blocks(texts),
        answer_label=post.pairs[-1].answer_label or "Réponse",
        status="answered",
    )
    return edit(content, post_id, pairs=(*post.pairs[:-1], last))


def _free(content: Content, slug: str, post_id: int) -> None:
    holder = content.by_slug(slug)
    if holder is not None and holder.id != post_id:
        raise BadInput(f"The slug {slug} belongs to post {holder.id}; choose another.")


def rename(content: Content, post_id: int, slug: str) -> Post:
    """Give a post another slug; its old one redirects from now on, as in WordPress."""
    _free(content, slug, post_id)
    content.old_slugs[_held(content, post_id).slug] = post_id
    content.old_slugs.pop(slug, None)
    return edit(content, post_id, slug=slug)


def delete(content: Content, post_id: int) -> None:
    """Remove a post for good: its address answers 404."""
    _held(content, post_id)
    content.drop(post_id)
    content.clock += STEP


def publish(content: Content, entry: Mapping[str, Any]) -> Post:
    """Add a post written as in the content files; without `date` it is published now."""
    _free(content, entry["slug"], entry["id"])
    dated = {"date": content.clock.replace(tzinfo=None).isoformat(), **entry}
    content.clock += STEP
    return add_post(content, dated)


def comment(content: Content, post_id: int, count: int = 1) -> Post:
    """Readers leave `count` more comments, now."""
    post = _held(content, post_id)
    new = write_comments(
        content.next_comment,
        since=content.clock,
        seed=post_id + len(post.comments),
        count=count,
    )
    content.next_comment += count
    content.clock += STEP
    post = replace(post, comments=post.comments + new)
    content.put(post)
    return post


def vote(content: Content, post_id: int, votes: int, rating: float) -> Post:
    """Set the number of votes and their mean."""
    post = replace(_held(content, post_id), votes=votes, rating=rating)
    content.put(post)
    content.clock += STEP
    return post
