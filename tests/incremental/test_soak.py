"""Random lives of the sample site: edits, answers, comments, deletions, renames and outages, with
incremental crawls in between.

After each good crawl the archive agrees with the site on all that an incremental crawl sees
(`docs/watching.md`), after a full one on everything; and every event is true.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from archiver.demo.server import DemoSite
from archiver.demo.text import slug_path
from tests.cli import crawl
from tests.incremental.archives import rows

SITES, SEQUENCES, FULL_EVERY = 8, 25, 10
SEEN = "SELECT url, title, body_text, comment_count FROM articles WHERE gone_at IS NULL"
EVENTS = (
    "SELECT e.kind, a.post_id FROM events e JOIN articles a ON a.id = e.article_id"
    " WHERE e.kind NOT IN ('new', 'comments', 'votes')"
)
ANSWER = "Réponse de test, du {}."


@dataclass
class Life:
    """The site, and what was done to it: (kind of event, post ID) as the events must tell."""

    site: DemoSite
    chance: random.Random
    done: list[tuple[str, int]] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)
    number: int = 0

    def post(self) -> int:
        """A post that was left alone since the last crawl, so that each event stands alone."""
        free = [a.post_id for a in self.site.expected() if not a.protected]
        chosen = self.chance.choice([number for number in free if number not in self.touched])
        self.touched.add(chosen)
        return chosen

    def retitle(self) -> None:
        post = self.post()
        self.site.edit(post, title=f"Titre changé pour la {self.number}e fois")
        self.done.append(("retitled", post))

    def answer(self) -> None:
        """An answer arrives where none was, or replaces another."""
        asked = {a.post_id: a.questions[-1] for a in self.site.expected() if a.questions}
        post = self.post()
        if post in asked:
            before = asked[post].status
            self.site.answer(post, ANSWER.format(self.number))
            self.done.append(("edited" if before == "answered" else "answered", post))

    def comment(self) -> None:
        """Readers write fewer comments than the feed of comments lists."""
        self.site.comment(self.post(), self.chance.randint(1, 2))

    def delete(self) -> None:
        post = self.post()
        self.site.delete(post)
        self.done.append(("gone", post))

    def rename(self) -> None:
        post = self.post()
        self.site.rename(post, f"adresse-changee-{self.number}")
        self.done.append(("renamed", post))

    def publish(self) -> None:
        self.site.publish(
            {
                "id": 9000 + self.number,
                "slug": f"nouvel-article-{self.number}",
                "title": f"Nouvel article n° {self.number}",
                "in": ["actualite"],
                "before": [f"Texte du nouvel article n° {self.number}."],
            }
        )

    def live(self) -> None:
        """One to four things happen."""
        deeds: list[Callable[[], None]] = [
            *(self.retitle, self.answer, self.comment, self.delete, self.rename, self.publish)
        ]
        for _ in range(self.chance.randint(1, 4)):
            self.number += 1
            self.chance.choice(deeds)()


def differences(data: Path, site: DemoSite) -> list[object]:
    """Where the archive does not say what the site shows."""
    shown = {
        f"{site.base}/{slug_path(article.slug)}/".lower(): (
            article.title,
            article.body_text,
            article.comment_count,
        )
        for article in site.expected()
    }
    held = {url.lower(): tuple(rest) for url, *rest in rows(data, SEEN)}
    return [
        (url, held.get(url), shown.get(url))
        for url in sorted(shown.keys() | held.keys())
        if held.get(url) != shown.get(url)
    ]


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(SITES))
def test_the_archive_follows_the_site(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    with DemoSite() as site:
        life = Life(site, chance)
        run(site, tmp_path)
        for number in range(1, SEQUENCES + 1):
            life.live()
            if chance.random() < 0.3:
                site.switches.outage = chance.choice((500, 503))
                crawl(site.url, tmp_path, "--delay", "0.001", "--no-assets", code=2)
                site.switches.outage = None
            run(site, tmp_path, *(["--full"] if number % FULL_EVERY == 0 else []))
            life.touched.clear()
            assert differences(tmp_path, site) == []
        assert sorted(rows(tmp_path, EVENTS)) == sorted(life.done)


def run(site: DemoSite, data: Path, *words: str) -> None:
    crawl(site.url, data, "--delay", "0.001", "--no-assets", *words)
