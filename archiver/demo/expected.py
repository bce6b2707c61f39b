"""What an archive of the sample site must hold, derived from the same data as its pages."""

from dataclasses import dataclass
from typing import Literal

from archiver.demo.compose import blocks_text, body_text
from archiver.demo.model import Content, Pair, PairStatus, Post, QuestionType
from archiver.demo.states import load
from archiver.demo.text import slug_path
from archiver.instants import format_instant


@dataclass(frozen=True, slots=True)
class ExpectedQuestion:
    """One question; `answer` is None while nothing but a placeholder is printed. Days are ISO 8601
    local days; `addressee` and `demand` are as printed."""

    position: int
    question: str
    answer: str | None
    status: PairStatus
    type: QuestionType | None
    number: str | None
    legislature: int | None
    author: str | None
    addressee: str | None
    asked_on: str | None
    answered_on: str | None
    demand: str | None


@dataclass(frozen=True, slots=True)
class ExpectedArticle:
    """One article. `path` is its canonical path (lower-case escapes, no host). Blocks of a text are
    parted by an empty line, list items and table cells by a line end.

    `modified_at` is what REST says, `page_modified_at` what the page says: None while the post was
    never edited. `comment_count` is the site's own count (feed, JSON-LD), `page_comment_count` what
    the comment block of the page says; it, `vote_count` and `rating` are None where the page prints
    no such block (protected post, comments closed without any). `rating` is 0.0 where there are no
    votes, as printed."""

    post_id: int
    path: str
    slug: str
    title: str
    kind: Literal["question", "news"]
    published_on: str
    published_at: str
    modified_at: str
    page_modified_at: str | None
    author: str
    categories: tuple[str, ...]
    tags: tuple[str, ...]
    protected: bool
    body_text: str | None
    comment_count: int
    page_comment_count: int | None
    vote_count: int | None
    rating: float | None
    questions: tuple[ExpectedQuestion, ...]
    translated_title: str | None = None


def expected(state: int) -> list[ExpectedArticle]:
    """The articles of state 1 or 2, newest first; drafts, private and future posts are absent."""
    return expected_of(load(state))


def expected_of(content: Content) -> list[ExpectedArticle]:
    """The articles of the site as it stands, edits included, newest first."""
    return [_article(content, post) for post in content.listed()]


def _article(content: Content, post: Post) -> ExpectedArticle:
    counted = not post.password and (post.comments_open or bool(post.comments))
    return ExpectedArticle(
        post_id=post.id,
        path=f"/{slug_path(post.slug)}/",
        slug=post.slug,
        title=post.title,
        kind="news" if post.password else post.kind,
        published_on=post.date.date().isoformat(),
        published_at=format_instant(post.date),
        modified_at=format_instant(post.modified),
        page_modified_at=format_instant(post.modified) if post.modified != post.date else None,
        author=content.authors[post.author].name,
        categories=tuple(content.categories[slug].name for slug in post.categories),
        tags=tuple(content.tags[slug].name for slug in post.tags),
        protected=post.password,
        body_text=None if post.password else body_text(post),
        comment_count=len(post.comments),
        page_comment_count=len(post.comments) if counted else None,
        vote_count=post.votes if counted else None,
        rating=post.rating if counted else None,
        questions=()
        if post.password
        else tuple(_question(pair, place) for place, pair in enumerate(post.pairs, 1)),
        translated_title=post.translation.title if post.translation else None,
    )


def _question(pair: Pair, position: int) -> ExpectedQuestion:
    answered = pair.status == "answered"
    return ExpectedQuestion(
        position=position,
        question=blocks_text(pair.question),
        answer=blocks_text(pair.answer) if answered and pair.answer else None,
        status=pair.status,
        type=pair.type,
        number=pair.number,
        legislature=pair.legislature,
        author=pair.author,
        addressee=pair.addressee,
        asked_on=pair.asked_on,
        answered_on=pair.answered_on,
        demand=pair.demand,
    )
