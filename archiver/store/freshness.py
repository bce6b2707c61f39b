"""What an incremental crawl asks the archive: which articles it need not fetch again.

The site's own words decide, never a clock of ours: an article is held as it is when its page was
captured after a list first said of it exactly what it says now.
"""

from archiver.extract.facts import Mention
from archiver.extract.urls import url_key
from archiver.store.connection import Connection
from archiver.store.coverage import present_articles
from archiver.store.keys import host_of, short_key
from archiver.store.model import TOO_LARGE
from archiver.store.observing import statement_of

__all__ = ["Freshness", "Mention"]

LAST_ANSWER = (
    "SELECT role, redirect_key, captured_at, comment_count FROM observations"
    " WHERE (url_key = ?1 OR own_key = ?1)"
    " AND (alive = 1 OR role IN ('article', 'missing') OR redirect_key IS NOT NULL)"
    " ORDER BY captured_at DESC LIMIT 1"
)
ANSWERS = (
    "SELECT o.url_key, max(o.captured_at) FROM observations o JOIN captures"
    " ON captures.id = o.capture_id JOIN crawls ON crawls.id = crawl_id"
    " WHERE crawls.site_id = ? AND source = 'live'"
    " AND (alive = 1 OR role IN ('article', 'missing') OR redirect_key IS NOT NULL)"
    " GROUP BY o.url_key"
)
ONLY_IN_SITEMAPS = (
    "WITH named AS (SELECT url_key, crawl_id FROM statements JOIN captures"
    " ON captures.id = last_capture_id JOIN crawls ON crawls.id = crawl_id"
    " WHERE statements.source = 'sitemap' AND site_id = ?)"
    " SELECT 1 FROM named WHERE crawl_id = (SELECT max(crawl_id) FROM named)"
    " AND EXISTS (SELECT 1 FROM observations o WHERE o.url_key = named.url_key"
    " AND o.own_key IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM statements r"
    " WHERE r.url_key = named.url_key AND r.source = 'rest') LIMIT 1"
)
WALKED = (
    "SELECT 1 FROM crawls WHERE site_id = ? AND source = 'live'"
    " AND json_extract(options, '$.only') IS NULL"
    " AND (outcome = 'complete' OR outcome = 'incomplete'"
    " AND EXISTS (SELECT 1 FROM frontier WHERE crawl_id = crawls.id AND state = 'failed')"
    " AND NOT EXISTS (SELECT 1 FROM frontier WHERE crawl_id = crawls.id AND state = 'pending'))"
    " LIMIT 1"
)
REPLACED = (
    "SELECT url, articles.post_id, (SELECT min(o.captured_at) FROM observations o"
    " WHERE o.own_key = held.own_key AND o.captured_at > last_captured_at) AS since"
    " FROM articles JOIN observations held USING (capture_id)"
    " WHERE articles.site_id = ? AND gone_at IS NULL AND url LIKE '%?p=' || articles.post_id"
    " AND since IS NOT NULL ORDER BY url"
)
ASKED_SINCE = "SELECT 1 FROM observations WHERE url_key = ? AND captured_at >= ? LIMIT 1"
ANY_LIST = (
    "SELECT 1 FROM statements JOIN captures ON captures.id = last_capture_id"
    " WHERE crawl_id = ? AND source IN ('rest', 'sitemap', 'feed') LIMIT 1"
)
NAMED = (
    "SELECT 1 FROM statements JOIN captures ON captures.id = last_capture_id"
    " WHERE crawl_id = ? AND url_key = ? AND source <> 'comments' LIMIT 1"
)
CUT = (
    "SELECT max(captured_at) FROM captures WHERE url = ?1 AND EXISTS (SELECT 1 FROM skipped"
    " WHERE skipped.crawl_id = captures.crawl_id AND url = ?1 AND reason = ?2)"
)
LISTINGS = (
    "SELECT via FROM frontier WHERE kind = 'listing' AND crawl_id IN"
    " (SELECT id FROM crawls WHERE site_id = ?1) AND via NOT IN (SELECT url FROM frontier"
    " WHERE kind = 'listing' AND via IS NOT NULL)"
    " GROUP BY via ORDER BY count(DISTINCT url) DESC, via LIMIT ?2"
)


class Freshness:
    """Questions about what the archive held before the crawl that is running."""

    connection: Connection

    def walked_whole(self, site_id: str) -> bool:
        """Whether a live crawl of the site has ended with everything asked for; an article that
        failed stays due, so that one page that always fails has not the whole site crawled each
        time."""
        return self.connection.execute(WALKED, (site_id,)).fetchone() is not None

    def was_full(self, crawl_id: int) -> bool:
        """Whether a crawl was told to ask for every page."""
        (full,) = self.connection.execute(
            "SELECT json_extract(options, '$.full') FROM crawls WHERE id = ?", (crawl_id,)
        ).fetchone()
        return bool(full)

    def is_current(self, mention: Mention) -> bool:
        """Whether the page that a line of a list names was captured after a list first said this
        line; a page that was not found, or never asked for, is not current.

        Listings are read after the pages they lead to: they need only show the page's own count.
        """
        held = self._held(url_key(mention.url)) or self._cut(mention.url)
        if held is None:
            return False
        held_at, count = held
        if mention.source == "listing" and mention.comment_count in (None, count):
            return True
        said = self.connection.execute(
            "SELECT first_seen_at FROM statements WHERE digest = ?", (statement_of(mention)[1],)
        ).fetchone()
        return said is not None and said[0] is not None and said[0] < held_at

    def _held(self, key: str) -> tuple[str, int | None] | None:
        """When the page was captured last, through one redirect, and its count of comments; None
        when it is not held or was not found since."""
        for _ in range(2):
            last = self.connection.execute(LAST_ANSWER, (key,)).fetchone()
            if last is None or last[0] == "missing":
                return None
            if last[1] is None:
                return str(last[2]), last[3]
            key = last[1]
        return None

    def _cut(self, url: str) -> tuple[str, None] | None:
        """When the page was captured last, if it is too large to be captured whole."""
        (cut_at,) = self.connection.execute(CUT, (url, TOO_LARGE)).fetchone()
        return None if cut_at is None else (cut_at, None)

    def unlisted_articles(self, site_id: str, crawl_id: int) -> list[str]:
        """URLs of articles that the site's list has ceased to name, and that have not answered
        since, be it with another page: those that were not found are asked for until they are gone.
        None when this crawl could not read REST or the sitemaps whole."""
        source = self._complete_list(crawl_id)
        if source is None:
            return []
        named = dict(
            self.connection.execute(
                "SELECT url_key, max(crawl_id) FROM statements JOIN captures"
                " ON captures.id = last_capture_id WHERE source = ? GROUP BY url_key",
                (source,),
            ).fetchall()
        )
        answered = dict(
            self.connection.execute(
                "SELECT coalesce(own_key, url_key), max(crawl_id) FROM observations JOIN captures"
                " ON captures.id = capture_id JOIN crawls ON crawls.id = crawl_id"
                " WHERE crawls.site_id = ? AND source = 'live'"
                " AND (alive = 1 OR status BETWEEN 300 AND 399) GROUP BY 1",
                (site_id,),
            ).fetchall()
        )
        keys = [(url_key(url), url) for url in present_articles(self.connection, site_id)]
        return [url for key, url in keys if answered.get(key, 0) <= named.get(key, -1) < crawl_id]

    def replaced_articles(self, site_id: str) -> list[str]:
        """The short addresses of articles whose own one shows another post since, and that nobody
        has asked for after that: only they can tell whether the article is gone."""
        return [
            url
            for url, post_id, since in self.connection.execute(REPLACED, (site_id,))
            if (key := url_key(url)) == short_key(host_of(key), post_id)
            and self.connection.execute(ASKED_SINCE, (key, since)).fetchone() is None
        ]

    def stalest_articles(self, site_id: str, crawl_id: int, before: str, count: int) -> list[str]:
        """URLs of articles that no crawl has had an answer for since the instant `before`, nor this
        crawl asked for: the `count` longest held ones. What a page answered does not matter: one
        that is no article any more has its turn like the others."""
        asked = {
            key
            for (key,) in self.connection.execute(
                "SELECT key FROM frontier WHERE crawl_id = ?", (crawl_id,)
            )
        }
        answered = dict(self.connection.execute(ANSWERS, (site_id,)).fetchall())
        held = [
            (answered.get(url_key(url), ""), url)
            for url in present_articles(self.connection, site_id)
        ]
        return [url for at, url in sorted(held) if at < before and url_key(url) not in asked][
            :count
        ]

    def has_whole_rest(self, crawl_id: int) -> bool:
        """Whether the crawl read REST whole."""
        return self._complete_list(crawl_id) == "rest"

    def sitemaps_tell_more(self, site_id: str) -> bool:
        """Whether the sitemaps, when they were last read, named articles that REST does not know,
        such as those of a type of its own."""
        return self.connection.execute(ONLY_IN_SITEMAPS, (site_id,)).fetchone() is not None

    def has_complete_list(self, crawl_id: int) -> bool:
        """Whether the crawl read REST or the sitemaps whole."""
        return self._complete_list(crawl_id) is not None

    def has_any_list(self, crawl_id: int) -> bool:
        """Whether REST, a sitemap or a feed named an article in the crawl."""
        return self.connection.execute(ANY_LIST, (crawl_id,)).fetchone() is not None

    def names(self, crawl_id: int, url: str) -> bool:
        """Whether a list named an article in the crawl."""
        row = self.connection.execute(NAMED, (crawl_id, url_key(url))).fetchone()
        return row is not None

    def listings(self, site_id: str, count: int) -> list[str]:
        """The first pages of the site's longest lists, as earlier crawls walked them."""
        rows = self.connection.execute(LISTINGS, (site_id, count))
        return [url for (url,) in rows]

    def _complete_list(self, crawl_id: int) -> str | None:
        """REST, else the sitemaps, when they named articles in this crawl and every page of theirs
        answered."""
        for source in ("rest", "sitemap"):
            found = self.connection.execute(
                "SELECT 1 FROM statements JOIN captures ON captures.id = last_capture_id"
                " WHERE crawl_id = ?1 AND source = ?2 AND NOT EXISTS (SELECT 1 FROM frontier"
                " WHERE crawl_id = ?1 AND kind = ?2 AND state <> 'done') LIMIT 1",
                (crawl_id, source),
            ).fetchone()
            if found is not None:
                return source
        return None
