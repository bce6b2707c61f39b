"""Random lives of the sample site: edits, answers, comments, deletions, renames, addresses taken
over, passwords and outages, with incremental crawls in between.

After each crawl the archive agrees with the site on all that an incremental crawl sees
(`docs/watching.md`), after a full one on everything; no change of these is without its event, and
every event is true of the site as it was at two crawls.
"""

import json
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from archiver.demo.expected import ExpectedArticle
from archiver.demo.server import DemoSite
from archiver.demo.switches import Switches
from archiver.demo.text import slug_path
from tests.incremental.archives import age, rows
from tests.incremental.quick import Crawling

SEQUENCES = 200
KEPT = 24
"""Articles of the sample site; the others are taken down before the first crawl."""

HELD = (
    "SELECT url, title, body_text, comment_count, vote_count, rating FROM articles"
    " WHERE gone_at IS NULL"
)
EVENTS = (
    "SELECT crawl_id, e.kind, a.post_id, before, after FROM events e"
    " JOIN articles a ON a.id = e.article_id JOIN captures c ON c.id = e.capture_id ORDER BY e.id"
)
ANSWER = "Réponse de test, du {}."
LISTS = {"all": (200, 200), "no REST": (404, 200), "no sitemap": (200, 404), "feeds": (404, 404)}
"""The answers of REST and of the sitemaps."""


State = dict[int, ExpectedArticle]
"""What visitors see of the site at one crawl, by post ID."""


@dataclass(frozen=True, slots=True)
class Event:
    """A row of `events`, with the crawl that showed it."""

    crawl: int
    kind: str
    post: int
    before: str | None
    after: str | None


@dataclass
class Life:
    """The site, what was done to it since the last crawl, and how it was at each, by its number."""

    site: DemoSite
    chance: random.Random
    rest: bool
    states: dict[int, State] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    touched: set[int] = field(default_factory=set)
    number: int = 0

    def post(self) -> int:
        """A post that was left alone since the last crawl, so that each event stands alone."""
        free = [a.post_id for a in self.site.expected() if not a.protected]
        chosen = self.chance.choice([number for number in free if number not in self.touched])
        self.touched.add(chosen)
        return chosen

    def retitle(self) -> None:
        self.site.edit(self.post(), title=f"Titre changé pour la {self.number}e fois")

    def answer(self) -> None:
        """An answer arrives where none was, or replaces another."""
        post = self.post()
        if any(a.post_id == post and a.questions for a in self.site.expected()):
            self.site.answer(post, ANSWER.format(self.number))

    def comment(self) -> None:
        """Without REST, no more at a time than the feed of comments lists."""
        self.site.comment(self.post(), self.chance.randint(1, 12 if self.rest else 2))

    def vote(self) -> None:
        self.site.vote(self.post(), self.chance.randint(1, 9), self.chance.randint(2, 10) / 2)

    def delete(self) -> None:
        self.site.delete(self.post())

    def replace(self) -> None:
        """A post is deleted, and another one takes its address."""
        old = self.post()
        (slug,) = [a.slug for a in self.site.expected() if a.post_id == old]
        self.site.delete(old)
        self.publish(slug)

    def swap(self) -> None:
        """Two posts exchange their addresses. Where no list tells of it, an address that one of
        them leaves later may be taken for the other's."""
        if not self.rest:
            return
        posts = [self.post(), self.post()]
        slugs = {a.post_id: a.slug for a in self.site.expected() if a.post_id in posts}
        for post, slug in zip(posts, (f"entre-deux-{self.number}", slugs[posts[0]]), strict=True):
            self.site.rename(post, slug)
        self.site.rename(posts[0], slugs[posts[1]])

    def rename(self) -> None:
        self.site.rename(self.post(), f"adresse-changee-{self.number}")

    def publish(self, slug: str | None = None) -> None:
        post = 9000 + self.number
        self.touched.add(post)
        entry = {
            "id": post,
            "slug": slug or f"nouvel-article-{self.number}",
            "title": f"Nouvel article n° {self.number}",
            "in": ["actualite"],
            "before": [f"Texte du nouvel article n° {self.number}."],
        }
        if self.chance.random() < 0.3:
            entry["date"] = "2019-03-04 09:00"
        self.site.publish(entry)

    def hide(self) -> None:
        post = self.post()
        self.hidden.add(post)
        self.site.edit(post, status="private")

    def show(self) -> None:
        if ready := sorted(self.hidden - self.touched):
            post = self.chance.choice(ready)
            self.hidden.remove(post)
            self.touched.add(post)
            self.site.edit(post, status="publish")

    def lock(self) -> None:
        self.site.edit(self.post(), password=True)

    def unlock(self) -> None:
        closed = [a.post_id for a in self.site.expected() if a.protected]
        if ready := [post for post in closed if post not in self.touched]:
            post = self.chance.choice(ready)
            self.touched.add(post)
            self.site.edit(post, password=False)

    def live(self) -> None:
        """One to five things happen."""
        deeds: list[Callable[[], None]] = [
            *(self.retitle, self.answer, self.comment, self.vote, self.delete, self.rename),
            *(self.publish, self.hide, self.show, self.lock, self.unlock, self.replace, self.swap),
        ]
        self.touched.clear()
        for _ in range(self.chance.randint(1, 5)):
            self.number += 1
            self.chance.choice(deeds)()

    def note(self, data: Path) -> None:
        """Remember how the site was at the crawl that has just ended."""
        ((crawl,),) = rows(data, "SELECT max(id) FROM crawls")
        self.states[crawl] = {article.post_id: article for article in self.site.expected()}


def shown(site: DemoSite) -> dict[str, tuple[object, ...]]:
    return {
        f"{site.base}/{slug_path(a.slug)}/".lower(): (
            *(a.title, a.body_text, a.comment_count, a.vote_count, a.rating),
        )
        for a in site.expected()
    }


def differences(data: Path, site: DemoSite, *, wholly: bool) -> list[object]:
    """Where the archive does not say what the site shows; votes only where a full crawl saw them,
    and where no password hides them."""
    held = {url.lower(): tuple(rest) for url, *rest in rows(data, HELD)}
    found = []
    for url, facts in shown(site).items():
        seen = 5 if wholly and facts[1] is not None else 3
        if held.get(url, ())[:seen] != facts[:seen]:
            found.append((url, held.get(url), facts))
    return found + [(url, held[url], None) for url in held.keys() - shown(site).keys()]


def told(before: State, after: State) -> Iterator[tuple[str, int]]:
    """The events of the changes between two crawls, but for comments and votes."""
    for post, new in after.items():
        old = before.get(post)
        if old is None:
            yield "new or back", post
            continue
        if old.title != new.title:
            yield "retitled", post
        if old.slug != new.slug:
            yield "renamed", post
        if old.protected != new.protected:
            yield "edited", post
        elif old.body_text != new.body_text:
            arrived = [q.status for q in old.questions] != [q.status for q in new.questions]
            yield ("answered" if arrived else "edited"), post
    for post in before.keys() - after.keys():
        yield "gone", post


def is_true(event: Event, old: State, new: State) -> bool:
    """Whether an event that a crawl of `new` showed is a change from `old`."""
    was, now = old.get(event.post), new.get(event.post)
    if event.kind in ("new", "back"):
        return was is None and now is not None
    if was is None or now is None:
        return event.kind == "gone" and now is None
    match event.kind:
        case "comments":
            ends = [str(was.comment_count), str(now.comment_count)]
        case "votes":
            stated = [json.loads(str(text)) for text in (event.before, event.after)]
            return stated == [{"votes": a.vote_count, "rating": a.rating} for a in (was, now)]
        case "retitled":
            ends = [was.title, now.title]
        case "renamed":
            paths = [slug_path(a.slug) for a in (was, now)]
            urls = [str(url).lower().split("/")[-2] for url in (event.before, event.after)]
            return urls == [path.lower() for path in paths]
        case "answered":
            place = json.loads(event.after or "")["position"] - 1
            pair = [a.questions[place].status for a in (was, now)]
            return bool(pair[0] != "answered" and pair[1] == "answered")
        case _:
            return event.kind == "edited" and was.body_text != now.body_text
    return [event.before, event.after] == ends


def assert_events(data: Path, states: dict[int, State], *, completely: bool) -> None:
    """Every event is true; no change has none, where lists tell of every change."""
    found = [Event(*row) for row in rows(data, EVENTS)]
    crawls = sorted(states)
    for place, crawl in enumerate(crawls):
        earlier = crawls[place - 1] if place else 0
        # What an outage left undone is taken up under the same number.
        own = [event for event in found if earlier < event.crawl <= crawl]
        known = [{}, *(states[other] for other in crawls[:place])]
        for event in own:
            assert any(is_true(event, old, states[crawl]) for old in known), event
        if completely and place:
            plain = [e for e in own if e.kind not in ("comments", "votes")]
            kinds = [("new or back" if e.kind in ("new", "back") else e.kind) for e in plain]
            assert sorted(zip(kinds, (e.post for e in plain), strict=True)) == sorted(
                told(states[earlier], states[crawl])
            )


@pytest.fixture(scope="module")
def crawling() -> Iterator[Crawling]:
    with Crawling() as ready:
        yield ready


@pytest.fixture(scope="module", params=LISTS)
def first(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, crawling: Crawling
) -> Iterator[tuple[DemoSite, Path, str]]:
    """A site with some of its lists, and the archive of a first crawl of it."""
    data = tmp_path_factory.mktemp("first") / "data"
    rest, sitemap = LISTS[request.param]
    with DemoSite(switches=Switches(rest_status=rest, sitemap_status=sitemap)) as site:
        shrink(site)
        crawling.requests_of(site, data)
        yield site, data, request.param


def shrink(site: DemoSite) -> None:
    site.state = 1
    for article in random.Random(0).sample(site.expected(), len(site.expected()) - KEPT):
        site.delete(article.post_id)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(SEQUENCES // len(LISTS)))
def test_the_archive_follows_the_site(
    first: tuple[DemoSite, Path, str], tmp_path: Path, crawling: Crawling, seed: int
) -> None:
    site, archive, lists = first
    data = shutil.copytree(archive, tmp_path / "data")
    shrink(site)
    listed = lists != "feeds"
    life = Life(site, random.Random(f"{seed} {lists}"), rest=LISTS[lists][0] == 200)
    life.note(data)
    for full in (False, False, False, True):
        life.live()
        if life.chance.random() < 0.3:
            site.switches.outage = life.chance.choice((404, 500, 503))
            crawling.requests_of(site, data, outcome="failed")
            site.switches.outage = None
        if life.chance.random() < 0.3:
            age(data, 10)
        crawling.requests_of(site, data, full=full)
        life.note(data)
        if listed or full:
            assert differences(data, site, wholly=full) == []
    assert_events(data, life.states, completely=listed)
