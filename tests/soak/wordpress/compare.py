"""What an archive holds, set beside what WordPress was given: each difference is one sentence.

A value that WordPress states nowhere may be unknown; a value that differs never passes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from tests.soak.wordpress.site import Expected


@dataclass(frozen=True, slots=True)
class Held:
    """An article as extraction or the database holds it; `questions` have the contract's names."""

    url: str
    post_id: int | None
    title: str
    kind: str
    day: str | None
    author: str | None
    modified: str | None
    categories: tuple[str, ...]
    tags: tuple[str, ...]
    comments: int | None
    body: str | None
    gone: bool
    questions: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Stated:
    """What the way of reading can know at all, besides the pages: `modified` instants, which only
    REST states, and the comments of the `feed_items` newest posts. Beyond these a number may be
    unknown where the page prints none: at zero comments, and beside a password form."""

    modified: bool
    feed_items: int


def differences(
    expected: Iterable[Expected], held: Iterable[Held], absent: Iterable[str], stated: Stated
) -> list[str]:
    """All that differs, both ways: missing, too many, and every field of what is there."""
    expected = sorted(expected, key=lambda post: post.published, reverse=True)
    found = []
    by_url: dict[str, list[Held]] = {}
    for article in held:
        by_url.setdefault(spelt(article.url), []).append(article)
    for rank, post in enumerate(expected):
        articles = by_url.pop(spelt(post.url), [])
        if len(articles) != 1:
            found.append(f"{post.key}: held {len(articles)} times, {post.url}")
        in_feed = rank < stated.feed_items
        for one in articles:
            found += [f"{post.key}: {text}" for text in fields(post, one, stated, in_feed=in_feed)]
    titles = set(absent)
    for url, articles in by_url.items():
        for article in articles:
            why = "must not be held" if article.title in titles else "held, but no such post"
            found.append(f"{url}: {why} ({article.title!r})")
    return found


def spelt(url: str) -> str:
    """One spelling of a URL, escapes of accents undone, to look it up by."""
    return unquote(url).rstrip("/")


def fields(post: Expected, held: Held, stated: Stated, *, in_feed: bool) -> list[str]:
    pairs: list[tuple[str, object, object]] = [
        ("post_id", post.post_id, held.post_id),
        ("title", post.title, held.title),
        ("day", post.day, held.day),
        ("author", post.author, held.author),
        ("categories", sorted(post.categories), sorted(held.categories)),
        ("tags", sorted(post.tags), sorted(held.tags)),
        ("gone", post.gone, held.gone),
        ("body", list(post.body), lines(held.body)),
    ]
    if post.kind is not None:
        pairs.append(("kind", post.kind, held.kind))
    if stated.modified:
        pairs.append(("modified", post.modified.replace(" ", "T"), (held.modified or "")[:19]))
    unknowable = not in_feed and (post.protected or post.comments == 0)
    if not (held.comments is None and unknowable):
        pairs.append(("comments", post.comments, held.comments))
    if post.protected:
        pairs.append(("body of a protected post", None, held.body))
    pairs.append(("number of questions", len(post.questions), len(held.questions)))
    for number, (given, split) in enumerate(
        zip(post.questions, held.questions, strict=False), start=1
    ):
        pairs += [
            (f"question {number} {name}", plain(given[name]), plain(split[name])) for name in given
        ]
    return [f"{name}: {given!r} became {got!r}" for name, given, got in pairs if given != got]


def plain(value: object) -> object:
    """A YAML date as the ISO day that the archive writes; a text without its blank lines."""
    return value if value is None else "\n".join(lines(str(value)))


def lines(body: str | None) -> list[str]:
    """The lines that hold something, as they are but for spaces at their ends."""
    stripped = (line.strip() for line in (body or "").split("\n"))
    return [line for line in stripped if line]
