"""The fictional deputy's site on a running WordPress: its posts, its variants, what to expect.

`posts.yaml` says what is inserted and what an archive must hold; the text to expect of a body is
what WordPress itself renders, read by `plain_lines`, so that no second copy of it is kept here.
"""

import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import yaml

from tests.soak.wordpress.packages import find
from tests.soak.wordpress.server import Server

HERE = Path(__file__).resolve().parent
BLOCK = re.compile(
    r"p|div|section|h[1-6]|[uo]l|li|table|t[rdh]|fig(ure|caption)|blockquote|br|form"
)


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to set the site up. `page_comments` is comments a page, 0 for all on one."""

    name: str
    theme: str = "twentytwentythree"
    permalinks: str = "/%postname%/"
    rest: bool = True
    sitemap: bool = True
    feeds: bool = True
    page_comments: int = 0


VARIANTS = {
    variant.name: variant
    for variant in (
        Variant("default"),
        Variant("block-2022", theme="twentytwentytwo"),
        Variant("classic", theme="twentytwentyone"),
        Variant("dated", permalinks="/%year%/%monthnum%/%postname%/"),
        Variant("plain", permalinks=""),
        Variant("no-rest", rest=False),
        Variant("no-sitemap", sitemap=False),
        Variant("listings-only", rest=False, sitemap=False, feeds=False),
        Variant("comment-pages", theme="twentytwentyone", page_comments=10),
    )
}


@dataclass(frozen=True, slots=True)
class Expected:
    """One post as an archive must hold it. `comments` is None where WordPress's pages and feeds do
    not state it; a field in `facts` that posts.yaml leaves out is not checked."""

    key: str
    post_id: int
    url: str
    title: str
    author: str
    published: str
    day: str
    modified: str
    categories: tuple[str, ...]
    tags: tuple[str, ...]
    comments: int | None
    kind: str | None
    protected: bool
    gone: bool
    body: tuple[str, ...]
    questions: tuple[dict[str, Any], ...]


@dataclass(slots=True)
class Site:
    """A running WordPress with our posts; `posts` is posts.yaml as far as it has been applied."""

    server: Server
    posts: dict[str, dict[str, Any]] = field(default_factory=dict)
    seen: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.server.url + "/"

    def insert(self, name: str) -> None:
        """Put a file of posts (`posts.yaml`, `later.yaml`) in, over what is there."""
        entries: list[dict[str, Any]] = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
        for entry in entries:
            past = self.posts.get(entry["key"], {})
            merged = {**past, **entry}
            merged["comments"] = past.get("comments", []) + entry.get("comments", [])
            self.posts[entry["key"]] = merged
        filled = [{**entry, **filled_content(entry)} for entry in entries]
        self.server.php(HERE / "insert.php", json.dumps(filled, default=str))

    def apply(self, variant: Variant) -> None:
        """Set the site up that way and note what each post's address and text then are."""
        names = ("theme", "permalinks", "rest", "sitemap", "feeds", "page_comments")
        given = json.dumps({name: getattr(variant, name) for name in names})
        seen: dict[str, dict[str, Any]] = json.loads(self.server.php(HERE / "variant.php", given))
        # A post that has since been trashed or deleted keeps the address under which it was read.
        self.seen |= {key: post for key, post in seen.items() if not self.posts[key].get("gone")}

    def expected(self) -> list[Expected]:
        """What an archive of the site must hold, by key."""
        found = []
        for key, post in self.posts.items():
            facts = post["expect"]
            if facts is None:
                continue
            seen = self.seen[key]
            lines = plain_lines(seen["content"])
            found.append(
                Expected(
                    key=key,
                    post_id=seen["id"],
                    url=seen["link"],
                    title=facts.get("title", post["title"]),
                    author=AUTHORS[post["author"]],
                    published=post["date"],
                    day=str(facts["day"]),
                    modified=seen["modified"],
                    categories=tuple(post["categories"]),
                    tags=tuple(post.get("tags", ())),
                    comments=stated_comments(post),
                    kind=facts.get("kind"),
                    protected=facts.get("protected", False),
                    gone=post.get("gone", False),
                    body=() if facts.get("protected") else tuple(lines),
                    questions=tuple(facts["questions"]),
                )
            )
        return found

    def absent(self) -> list[str]:
        """Titles that no archive may hold as an article."""
        return [post["title"] for post in self.posts.values() if post["expect"] is None]


AUTHORS = {"claire": "Claire Vasseur", "equipe": "Équipe parlementaire"}


def filled_content(entry: dict[str, Any]) -> dict[str, str]:
    """The content with the expected questions and answers put where it names them."""
    if "content" not in entry:
        return {}
    questions = (entry.get("expect") or {}).get("questions", [])

    def text(match: re.Match[str]) -> str:
        pair = questions[int(match["n"]) - 1]
        paragraphs = pair["question" if match["which"] == "q" else "answer"].split("\n")
        if match["blocks"]:
            paragraphs = [
                f"<!-- wp:paragraph -->\n<p>{paragraph}</p>\n<!-- /wp:paragraph -->"
                for paragraph in paragraphs
            ]
        return "\n\n".join(paragraphs)

    return {
        "content": re.sub(
            r"\{(?P<which>[qa])(?P<n>\d)(?P<blocks>:blocks)?\}", text, entry["content"]
        )
    }


def stated_comments(post: dict[str, Any]) -> int | None:
    """Approved comments and pingbacks; None where comments are closed and there are none, because
    WordPress then prints a number nowhere."""

    def count(comments: list[dict[str, Any]]) -> int:
        return sum(
            comment.get("times", 1) + count(comment.get("replies", []))
            for comment in comments
            if comment.get("approved", "1") == "1"
        )

    number = count(post["comments"])
    return None if number == 0 and post.get("comment_status") == "closed" else number


class _Lines(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.lines = [""]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if BLOCK.fullmatch(tag):
            self.lines.append("")

    def handle_endtag(self, tag: str) -> None:
        if BLOCK.fullmatch(tag):
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        self.lines[-1] += data


def plain_lines(html: str) -> list[str]:
    """The text of a rendered content, one line a block, without empty ones."""
    parser = _Lines()
    parser.feed(html)
    parser.close()
    lines = (re.sub(r"[ \t\r\n]+", " ", line).strip() for line in parser.lines)
    return [line for line in lines if line]


@contextmanager
def running(folder: Path | None = None) -> Iterator[Site]:
    """A WordPress with our posts, started and, on leaving, stopped and its folder removed."""
    tools = find()
    room = Path(tempfile.mkdtemp(prefix="wordpress-", dir=folder))
    server = Server(room / "run", tools)
    try:
        server.start()
        server.php(HERE / "install.php")
        site = Site(server)
        site.insert("posts.yaml")
        site.apply(VARIANTS["default"])
        yield site
    finally:
        server.stop()
        shutil.rmtree(room)
