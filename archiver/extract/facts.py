"""What extraction states about one response; data only, None where the response says nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from archiver.extract.blocks import Block
from archiver.profiles.model import Chamber


class Role(StrEnum):
    """What a response is. `ARTICLE` feeds articles, with `LEAF`, a further page of one; the lists
    and `REDIRECT`, `MISSING` feed counts, identity and the gone test; the rest is kept and not
    derived."""

    ARTICLE = "article"
    LEAF = "leaf"
    LISTING = "listing"
    PAGE = "page"
    FEED = "feed"
    COMMENTS_FEED = "comments_feed"
    SITEMAP = "sitemap"
    SITEMAP_INDEX = "sitemap_index"
    REST_POSTS = "rest_posts"
    REST_INDEX = "rest_index"
    ROBOTS = "robots"
    REDIRECT = "redirect"
    MISSING = "missing"
    REFUSED = "refused"
    CHALLENGE = "challenge"
    MAINTENANCE = "maintenance"
    LOGIN = "login"
    EMPTY = "empty"
    OTHER = "other"

    @property
    def is_withheld(self) -> bool:
        """Whether this stands in the place of a page, of which it tells nothing."""
        return self in (Role.REFUSED, Role.CHALLENGE, Role.MAINTENANCE, Role.LOGIN, Role.EMPTY)


Kind = Literal["question", "news"]
QuestionType = Literal["QE", "QG", "QOSD"]
Status = Literal["answered", "pending", "withdrawn", "lapsed", "unknown"]
ListSource = Literal["feed", "rest", "sitemap", "listing", "comments"]


@dataclass(frozen=True, slots=True)
class Response:
    """The input: `headers` by lower-case name, each with its values in order; `body` has transfer
    and content coding removed. `truncated` says that the body is known to be incomplete."""

    url: str
    status: int
    headers: Mapping[str, tuple[str, ...]]
    body: bytes
    truncated: bool = False

    def header(self, name: str) -> str | None:
        """The first value of a header, or None."""
        return next(iter(self.headers.get(name, ())), None)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a person should look at; `kind` is one of `extract.problems.KINDS`."""

    kind: str
    detail: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its answer, as the page gives them. Days are ISO 8601 local days."""

    position: int
    question: str | None
    answer: str | None
    status: Status
    type: QuestionType | None = None
    number: str | None = None
    legislature: int | None = None
    author: str | None = None
    addressee: str | None = None
    asked_on: str | None = None
    answered_on: str | None = None
    demand: str | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """Comments, votes and mean rating as one source states them."""

    comments: int | None = None
    votes: int | None = None
    rating: float | None = None


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of an article that is cut into several, counted from 1: its lines, and what a split
    of the whole text asks of the profile. `pages` is the number of pages that this one tells of."""

    number: int
    pages: int
    lines: tuple[Block, ...]
    question_labels: tuple[str, ...] = ()
    answer_labels: tuple[str, ...] = ()
    pending_phrases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """One article page. `url` is its canonical URL, normalised; `twin_of` the URL of the page in
    the site's main language when this one is a translation; `aliases` other URLs that the page
    itself declares as its own (shortlink). `body_text` is None when the post is protected. `leaf`
    is set where the article is on several pages: text and questions are then those of one."""

    url: str
    title: str
    kind: Kind
    post_id: int | None = None
    lang: str | None = None
    twin_of: str | None = None
    aliases: tuple[str, ...] = ()
    published_on: str | None = None
    modified_at: str | None = None
    author: str | None = None
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    body_text: str | None = None
    protected: bool = False
    counts: Counts = Counts()
    questions: tuple[Question, ...] = ()
    leaf: Leaf | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """An article as a list (feed, REST, sitemap, listing) states it; a line of a feed of comments
    states one comment, `published_at` then is the comment's."""

    source: ListSource
    url: str
    post_id: int | None = None
    title: str | None = None
    published_at: str | None = None
    modified_at: str | None = None
    comment_count: int | None = None
    protected: bool = False


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Addresses of the site's own machine-readable lists, where a page or header declares them."""

    rest: str | None = None
    feed: str | None = None
    comments_feed: str | None = None
    sitemaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """All that one response states. `links` are absolute, normalised, in document order, without
    duplicates; `next_pages` the further pages of this list (a listing past its end has none, since
    it shows no article) or of this article; `total` the number of articles the list says exist;
    `alternates` maps a language tag to the URL of this page in that language; `requisites` are what
    the page needs to look like itself (stylesheets, images, scripts, fonts); `site_name`,
    `platform` and `chamber` describe the site where the page says so."""

    role: Role
    article: Article | None = None
    mentions: tuple[Mention, ...] = ()
    redirect_to: str | None = None
    links: tuple[str, ...] = ()
    next_pages: tuple[str, ...] = ()
    total: int | None = None
    endpoints: Endpoints = Endpoints()
    alternates: Mapping[str, str] = field(default_factory=dict)
    site_name: str | None = None
    platform: str | None = None
    chamber: Chamber | None = None
    requisites: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
