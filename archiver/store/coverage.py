"""How complete the archive is beside what a site lists of itself."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from archiver.extract.urls import url_key
from archiver.store.connection import Connection


@dataclass(frozen=True, slots=True)
class Tally:
    """What a crawl found. `captures` are all that it made, `listed` counts the addresses of
    articles by the source that named them, `protected` those named as closed by a password;
    `missing` are listed URLs that the archive does not hold."""

    archived: int
    questions: int
    new_articles: int
    changed_articles: int
    listed: Mapping[str, int]
    protected: int
    missing: tuple[str, ...]
    captures: int


LISTED = (
    "WITH listed AS (SELECT source, url_key, min(statements.url) AS url,"
    " max(protected) AS protected FROM statements JOIN captures ON captures.id = last_capture_id"
    " WHERE crawl_id = ? AND source <> 'comments'"
    " GROUP BY source, url_key), held AS (SELECT listed.*,"
    " EXISTS (SELECT 1 FROM observations o WHERE o.url_key = listed.url_key"
    " AND (o.own_key IS NOT NULL OR o.redirect_key IS NOT NULL)) AS article,"
    " EXISTS (SELECT 1 FROM observations o WHERE o.url_key = listed.url_key AND o.alive = 1)"
    " AS answered FROM listed)"
)
"""The lines of lists in a crawl: `article` when the address leads to one, `answered` when it gave
any page; a page that is no article, such as those in a sitemap, is `answered` only."""


def listed_in(
    connection: sqlite3.Connection, crawl_id: int
) -> tuple[Mapping[str, int], tuple[str, ...]]:
    """How many articles each list named in a crawl, and the listed URLs that the archive does not
    hold."""
    listed = connection.execute(
        f"{LISTED} SELECT source, count(*) FROM held WHERE article OR NOT answered GROUP BY source",
        (crawl_id,),
    )
    missing = connection.execute(
        f"{LISTED} SELECT min(url) FROM held WHERE NOT article AND NOT answered"
        " GROUP BY url_key ORDER BY 1",
        (crawl_id,),
    )
    return dict(listed.fetchall()), tuple(url for (url,) in missing)


class Coverage:
    """Questions about the articles of a site and one of its crawls."""

    connection: Connection

    def tally(self, site_id: str, crawl_id: int) -> Tally:
        """What the crawl found, and what it did not."""
        listed, missing = listed_in(self.connection, crawl_id)
        return Tally(
            archived=self.article_count(site_id),
            questions=self._count(
                "questions JOIN articles ON articles.id = article_id WHERE site_id = ?", site_id
            ),
            new_articles=self._changed(crawl_id, "kind = 'new'"),
            changed_articles=self._changed(
                crawl_id, "kind IN ('answered', 'edited', 'retitled', 'renamed')"
            ),
            listed=listed,
            protected=self.connection.execute(
                f"{LISTED} SELECT count(DISTINCT url_key) FROM held WHERE protected", (crawl_id,)
            ).fetchone()[0],
            missing=missing,
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
        return [url for url in self._present(site_id) if url_key(url) not in asked]

    def missing_articles(self, site_id: str, crawl_id: int) -> list[str]:
        """URLs of articles that are not known to be gone and that this crawl did not find."""
        lost = self._keys(crawl_id, "role = 'missing'")
        return [url for url in self._present(site_id) if url_key(url) in lost]

    def _present(self, site_id: str) -> list[str]:
        rows = self.connection.execute(
            "SELECT url FROM articles WHERE site_id = ? AND gone_at IS NULL ORDER BY url",
            (site_id,),
        )
        return [url for (url,) in rows]

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
