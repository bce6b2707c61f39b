"""How complete the archive is beside what a site lists of itself."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from archiver.extract.urls import url_key
from archiver.store.connection import Connection
from archiver.store.listed import LISTED, listed_in
from archiver.store.outages import MANY, lost_in


@dataclass(frozen=True, slots=True)
class Tally:
    """What a crawl found. `captures` are all that it made, `listed` counts the addresses of
    articles by the source that named them, `protected` those named as closed by a password;
    `missing` are listed URLs that the archive does not hold, `found` tells whether any page that
    the crawl captured was an article; if none was, `lost` counts those that once were."""

    archived: int
    found: bool
    lost: int
    questions: int
    new_articles: int
    changed_articles: int
    listed: Mapping[str, int]
    protected: int
    missing: tuple[str, ...]
    captures: int


def present_articles(connection: sqlite3.Connection, site_id: str) -> list[str]:
    """URLs of a site's articles that are not known to be gone, in order."""
    rows = connection.execute(
        "SELECT url FROM articles WHERE site_id = ? AND gone_at IS NULL ORDER BY url", (site_id,)
    )
    return [url for (url,) in rows]


class Coverage:
    """Questions about the articles of a site and one of its crawls."""

    connection: Connection

    def tally(self, site_id: str, crawl_id: int) -> Tally:
        """What the crawl found, and what it did not."""
        found = listed_in(self.connection, crawl_id)
        return Tally(
            archived=self.article_count(site_id),
            found=self.has_shown_articles(crawl_id),
            lost=lost_in(self.connection, crawl_id),
            questions=self._count(
                "questions JOIN articles ON articles.id = article_id WHERE site_id = ?", site_id
            ),
            new_articles=self._changed(crawl_id, "kind = 'new'"),
            changed_articles=self._changed(
                crawl_id, "kind IN ('answered', 'edited', 'retitled', 'renamed')"
            ),
            listed=found.named,
            protected=self.connection.execute(
                f"{LISTED} SELECT count(DISTINCT url_key) FROM held WHERE protected", (crawl_id,)
            ).fetchone()[0],
            missing=found.missing,
            captures=self._count("captures WHERE crawl_id = ?", crawl_id),
        )

    def article_count(self, site_id: str) -> int:
        """How many articles of a site the archive holds, gone ones included."""
        return self._count("articles WHERE site_id = ?", site_id)

    def warc_files_of(self, crawl_id: int) -> list[str]:
        """The names of the WARC files that hold captures of a crawl."""
        rows = self.connection.execute(
            "SELECT DISTINCT warc_file FROM captures WHERE crawl_id = ? ORDER BY 1", (crawl_id,)
        )
        return [name for (name,) in rows]

    def unseen_articles(self, site_id: str, crawl_id: int) -> list[str]:
        """URLs of the site's articles, but for those that are gone, for which this crawl has no
        answer yet."""
        asked = self._keys(crawl_id, "1")
        return [
            url for url in present_articles(self.connection, site_id) if url_key(url) not in asked
        ]

    def missing_articles(self, site_id: str, crawl_id: int) -> list[str]:
        """URLs of articles that are not known to be gone and that this crawl did not find."""
        lost = self._keys(crawl_id, "role = 'missing'")
        return [url for url in present_articles(self.connection, site_id) if url_key(url) in lost]

    def has_shown_articles(self, crawl_id: int) -> bool:
        """Whether any page that the crawl captured was an article."""
        return bool(self._keys(crawl_id, "role = 'article' LIMIT 1"))

    def asked_in_vain(self, crawl_id: int) -> bool:
        """Whether the crawl asked for several addresses of articles, and was not shown any."""
        return lost_in(self.connection, crawl_id) >= MANY

    def newest_articles(self, site_id: str, crawl_id: int, count: int) -> list[str]:
        """The `count` URLs of a site's articles that were captured last, but for those that are
        gone, or for which this crawl was shown something else."""
        lost = self._keys(crawl_id, "own_key IS NULL")
        rows = self.connection.execute(
            "SELECT url FROM articles WHERE site_id = ? AND gone_at IS NULL"
            " ORDER BY last_captured_at DESC, url",
            (site_id,),
        )
        return list(islice((url for (url,) in rows if url_key(url) not in lost), count))

    def _keys(self, crawl_id: int, condition: str) -> set[str]:
        rows = self.connection.execute(
            "SELECT url_key FROM observations JOIN captures ON captures.id = capture_id"
            f" WHERE crawl_id = ? AND {condition}",
            (crawl_id,),
        )
        return {key for (key,) in rows}

    def _changed(self, crawl_id: int, condition: str) -> int:
        (number,) = self.connection.execute(
            "SELECT count(DISTINCT article_id) FROM events JOIN captures"
            f" ON captures.id = events.capture_id WHERE crawl_id = ? AND {condition}",
            (crawl_id,),
        ).fetchone()
        return int(number)

    def _count(self, source: str, owner: str | int) -> int:
        return int(
            self.connection.execute(f"SELECT count(*) FROM {source}", (owner,)).fetchone()[0]
        )
