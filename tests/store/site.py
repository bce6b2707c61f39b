"""Captures of a fictional site, written as a reader would tell them: at what hour which address
answered what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archiver.extract.blocks import Block, body_text
from archiver.extract.facts import (
    Article,
    Counts,
    Facts,
    Kind,
    Leaf,
    ListSource,
    Mention,
    Problem,
    Question,
    Role,
    Status,
)
from archiver.instants import format_instant
from archiver.store.database import Store
from archiver.store.model import CaptureRow, CrawlStart, Site

HOST = "claire-vasseur.example"
HOME = f"https://{HOST}/"


@dataclass(frozen=True, slots=True)
class Step:
    """One capture: `hour` counts from the first of January 2024."""

    hour: int
    url: str
    facts: Facts
    status: int = 200

    @property
    def captured_at(self) -> str:
        return format_instant(datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=self.hour))

    @property
    def record_id(self) -> str:
        return f"urn:test:{self.hour:04}:{self.url}:{self.status}"


def at(path: str) -> str:
    return HOME + path.lstrip("/")


def question(position: int = 1, answer: str | None = None, text: str = "Question ?") -> Question:
    status: Status = "pending" if answer is None else "answered"
    return Question(position, text, answer, status, "QE", f"{1000 + position}", 15)


def page(
    hour: int,
    path: str,
    *,
    post_id: int | None = 1,
    title: str = "Titre",
    text: str | None = "Texte",
    canonical: str | None = None,
    twin_of: str | None = None,
    comments: int | None = None,
    votes: int | None = None,
    rating: float | None = None,
    questions: Sequence[Question] = (),
    protected: bool = False,
    modified_at: str | None = None,
    problems: Sequence[Problem] = (),
    lang: str = "fr-FR",
    published_on: str = "2024-01-01",
) -> Step:
    kind: Kind = "question" if questions else "news"
    article = Article(
        url=at(canonical if canonical is not None else path),
        title=title,
        kind=kind,
        post_id=post_id,
        lang=lang,
        twin_of=at(twin_of) if twin_of else None,
        published_on=published_on,
        modified_at=modified_at,
        categories=("Actualité",),
        body_text=None if protected else text,
        protected=protected,
        counts=Counts(comments, votes, rating),
        questions=() if protected else tuple(questions),
    )
    return Step(hour, at(path), Facts(Role.ARTICLE, article, problems=tuple(problems)))


def leaf(hour: int, path: str, number: int, pages: int, *lines: str, post_id: int = 1) -> Step:
    """One page of an article on several."""
    blocks = tuple(map(Block, lines))
    article = Article(
        url=at(path),
        title="Titre",
        kind="news",
        post_id=post_id,
        lang="fr-FR",
        published_on="2024-01-01",
        body_text=body_text(blocks),
        leaf=Leaf(number, pages, blocks),
    )
    first = number == 1
    facts = Facts(Role.ARTICLE if first else Role.LEAF, article)
    return Step(hour, at(path if first else f"{path}{number}/"), facts)


def lost(hour: int, path: str, status: int = 404) -> Step:
    return Step(hour, at(path), Facts(Role.MISSING), status)


def moved(hour: int, path: str, target: str, status: int = 301) -> Step:
    return Step(hour, at(path), Facts(Role.REDIRECT, redirect_to=at(target)), status)


def failed(hour: int, path: str, status: int = 503) -> Step:
    return Step(hour, at(path), Facts(Role.MAINTENANCE), status)


def home(hour: int) -> Step:
    return Step(hour, HOME, Facts(Role.LISTING, site_name="Claire Vasseur", platform="WordPress"))


def line(
    path: str,
    *,
    source: ListSource = "feed",
    post_id: int | None = None,
    comments: int | None = None,
    modified_at: str | None = None,
    protected: bool = False,
) -> Mention:
    return Mention(
        source,
        at(path),
        post_id=post_id,
        comment_count=comments,
        modified_at=modified_at,
        protected=protected,
    )


def listing(hour: int, *lines: Mention) -> Step:
    """A feed, a REST page or a sitemap, after the source of its lines."""
    roles = {
        "feed": (Role.FEED, "feed/"),
        "rest": (Role.REST_POSTS, "wp-json/wp/v2/posts"),
        "sitemap": (Role.SITEMAP, "post-sitemap.xml"),
        "listing": (Role.LISTING, "actualites/"),
    }
    role, path = roles[lines[0].source]
    return Step(hour, at(path), Facts(role, mentions=lines))


def open_store(path: Path) -> tuple[Store, int]:
    """A store with one site and one crawl."""
    store = Store.open(path)
    store.describe_site(
        Site(
            HOST,
            HOME,
            "2024-01-01T00:00:00.000000Z",
            "Claire Vasseur",
            None,
            "Claire Vasseur",
            "AN",
        )
    )
    start = CrawlStart(HOST, "live", "2024-01-01T00:00:00.000000Z")
    return store, store.restore_crawl(1, start)


def capture_row(step: Step, crawl_id: int) -> CaptureRow:
    return CaptureRow(
        crawl_id=crawl_id,
        url=step.url,
        captured_at=step.captured_at,
        status=step.status,
        content_type="text/html",
        payload_digest=f"sha256:{step.record_id}",
        warc_file="test.warc.gz",
        warc_offset=0,
        warc_length=1,
        record_id=step.record_id,
    )


def add(store: Store, crawl_id: int, step: Step) -> int:
    with store.atomic():
        capture_id = store.add_capture(capture_row(step, crawl_id))
        store.add_facts(capture_id, step.url, step.facts)
    return capture_id


def build(path: Path, steps: Iterable[Step], *, every: int | None = None) -> Store:
    """A store of these captures, derived once at the end, or after every so many captures."""
    store, crawl_id = open_store(path)
    for number, step in enumerate(steps, 1):
        add(store, crawl_id, step)
        if every and number % every == 0:
            store.derive_pending()
    store.derive_pending()
    return store


def later(step: Step, hours: int) -> Step:
    return replace(step, hour=step.hour + hours)
