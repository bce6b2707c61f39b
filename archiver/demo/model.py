"""What the sample site consists of: posts made of blocks and question/answer pairs.

Data only. Days and times without an offset are the site's local time (Europe/Paris), as WordPress
keeps them; text is already texturised (French apostrophes, ellipses), as WordPress prints it.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")

PostStatus = Literal["publish", "draft", "private", "future"]
PairStatus = Literal["answered", "pending", "withdrawn", "lapsed", "unknown"]
QuestionType = Literal["QE", "QG", "QOSD"]
Editor = Literal["classic", "gutenberg", "sections", "containers"]
Form = Literal[
    "line",  # the label alone in its paragraph
    "inline",  # "Question : text" in one paragraph
    "bold",  # the label alone, in bold
    "bold-inline",  # bold label, text after it
    "bold-break",  # bold label, line break, text
    "heading",  # the label as a heading
    "tabs",
    "accordion",
    "toggle",
    "columns",
    "none",  # no label at all
]


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a body. `lines` are the paragraph, the list items, the table cells row by row
    (`width` cells a row) or the caption; `source` is the path of a figure or attached file."""

    kind: Literal["text", "list", "table", "quote", "figure", "file", "subheading"]
    lines: tuple[str, ...]
    width: int = 1
    source: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """One question and what stands in the place of its answer. `answer` is what is printed there
    (a placeholder while `status` is not `answered`); it begins a further page of the post where
    `answer_on_next_page` (`<!--nextpage-->`). The other fields are the facts a reader finds in the
    printed text, None where it does not say."""

    question_label: str
    question: tuple[Block, ...]
    answer_label: str
    answer: tuple[Block, ...]
    status: PairStatus
    type: QuestionType | None = None
    number: str | None = None
    legislature: int | None = None
    author: str | None = None
    addressee: str | None = None
    asked_on: str | None = None
    answered_on: str | None = None
    demand: str | None = None
    answer_on_next_page: bool = False


@dataclass(frozen=True, slots=True)
class Comment:
    """One approved comment or pingback; `parent` is 0 for the root of a thread."""

    id: int
    parent: int
    author: str
    written_at: datetime
    text: str
    pingback: bool = False


@dataclass(frozen=True, slots=True)
class Translation:
    """English title, labels and texts; `texts` replaces the body's texts from the first on."""

    title: str
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Post:
    """One post as its editors keep it. `date` and `modified` are aware, in Europe/Paris."""

    id: int
    slug: str
    title: str
    date: datetime
    modified: datetime
    categories: tuple[str, ...]
    tags: tuple[str, ...] = ()
    status: PostStatus = "publish"
    password: bool = False
    author: str = "claire-vasseur"
    editor: Editor = "classic"
    form: Form = "line"
    before: tuple[Block, ...] = ()
    pairs: tuple[Pair, ...] = ()
    after: tuple[Block, ...] = ()
    comments: tuple[Comment, ...] = ()
    comments_open: bool = True
    comments_paged: bool = False
    votes: int = 0
    rating: float = 0.0
    translation: Translation | None = None
    image: str = ""

    @property
    def kind(self) -> Literal["question", "news"]:
        """A post that prints a question is one; everything else, narratives included, is news."""
        return "question" if self.pairs else "news"

    @property
    def listed(self) -> bool:
        """Whether visitors find it in the site's lists; protected posts are listed."""
        return self.status == "publish"


@dataclass(frozen=True, slots=True)
class Page:
    """A WordPress page (biography, legal notice …), which is no article."""

    id: int
    slug: str
    title: str
    body: tuple[Block, ...]
    modified: datetime


@dataclass(frozen=True, slots=True)
class Term:
    """A category, a tag or an author."""

    id: int
    slug: str
    name: str
    name_en: str


@dataclass(slots=True)
class Content:
    """The whole site at one moment; editing replaces posts in it. `clock` is the instant that the
    next edit takes as its own, so that edits are ordered without a real clock."""

    title: str
    tagline: str
    categories: dict[str, Term]
    tags: dict[str, Term]
    authors: dict[str, Term]
    pages: dict[str, Page]
    posts: dict[int, Post]
    clock: datetime
    next_comment: int
    old_slugs: dict[str, int] = field(default_factory=dict)
    _order: list[Post] | None = None
    _by_slug: dict[str, Post] = field(default_factory=dict)

    def put(self, post: Post) -> None:
        """Add a post or replace the one with its ID."""
        self.posts[post.id] = post
        self._order = None

    def drop(self, post_id: int) -> None:
        """Remove a post."""
        del self.posts[post_id]
        self._order = None

    def listed(self) -> list[Post]:
        """The posts visitors find, newest first, as every list of the site orders them."""
        if self._order is None:
            found = [post for post in self.posts.values() if post.listed]
            self._order = sorted(found, key=lambda post: (post.date, post.id), reverse=True)
            self._by_slug = {post.slug: post for post in found}
        return self._order

    def by_slug(self, slug: str) -> Post | None:
        """The post at `/<slug>/`, spelt in any case, or None."""
        self.listed()
        return self._by_slug.get(slug.casefold())
