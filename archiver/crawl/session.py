"""One crawl of one site: its profile and options, where its captures go, how far it has come.

Scrapy's components find it through the spider. Everything that is written during a crawl, WARC
first, is written here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from archiver.crawl.originals import original_of
from archiver.errors import ArchiverError
from archiver.ingest import Recorded, as_stored, ingest, recall
from archiver.instants import format_instant
from archiver.profiles.model import Profile
from archiver.store.database import Store
from archiver.store.freshness import Mention
from archiver.store.frontier import Frontier, Target
from archiver.warc.model import Exchange, Original
from archiver.warc.writer import WarcWriter

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

DERIVE_EVERY = 30.0
"""Seconds between two updates of the derived tables during a crawl: often enough for a reader,
seldom enough that an article is not derived again for each list that names it. What is pending
survives a kill, and it makes no difference to the rows when it is done."""

REFRESHED, REFRESHED_UNLISTED = 100, 20
"""One page in so many is asked for again by an incremental crawl because it is older than the
profile's limit: where REST or a sitemap tells of edits, and where nothing does."""

WITNESSES = 3
"""Articles asked for to learn whether a site that names or shows none has any left."""

LISTINGS = 1
"""Listings read by an incremental crawl where there is neither REST nor a sitemap."""


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """What the operator asked of a crawl. `delay` None is the profile's; 0 is for one's own server:
    no pause, no Crawl-delay, several connections."""

    full: bool = False
    only: str | None = None
    max_pages: int | None = None
    delay: float | None = None
    contact: str | None = None
    resume: bool = True
    assets: bool = True

    @property
    def unhurried(self) -> bool:
        """Whether the pause between requests was lifted."""
        return self.delay == 0


@dataclass(slots=True)
class Session:
    """The crawl that is running; `close` stops the engine, `stopped` and `error` say why it did.

    The counts are of this run: `reached` tells whether a page was captured, `errors` counts the
    targets that failed, `left_aside` those that may not be."""

    profile: Profile
    options: CrawlOptions
    store: Store
    writer: WarcWriter
    warcs: Path
    frontier: Frontier
    crawl_id: int
    close: Callable[[str], None]
    incremental: bool = False
    captures: int = 0
    derived_at: float = field(default_factory=monotonic)
    articles: int = 0
    asked: int = 0
    pages: int = 0
    errors: int = 0
    left_aside: int = 0
    exact: bool | None = None
    reached: bool = False
    hint: str | None = None
    stopped: str | None = None
    error: Exception | None = None
    closed_hosts: dict[str, str] = field(default_factory=dict)

    def record(self, exchange: Exchange, request: Request) -> Recorded:
        """Make an exchange durable, then a row, then facts; the page's target is `captured` in the
        same transaction. Raises what went wrong, as StorageFailed, and
        then stops the crawl."""
        if self.error:
            raise self.error
        try:
            return self._record(exchange, request.meta.get("target"))
        except Exception as error:
            # Whatever it is: a response that cannot be kept must not be read, nor the next one.
            self._give_up(error)
            raise

    def _give_up(self, error: Exception) -> None:
        self.error = error
        self.close("capture failed")

    @contextmanager
    def stopping(self) -> Iterator[None]:
        """What the archive cannot note, or tell, stops the crawl; callers deep in Scrapy have
        nobody to raise it to."""
        try:
            yield
        except ArchiverError as error:
            if self.error is None:
                self._give_up(error)

    def _record(self, exchange: Exchange, target: int | None) -> Recorded:
        place = self.writer.write(exchange, self._original_of(exchange))
        stored = as_stored(exchange, place)
        with self.store.atomic():
            self.frontier.settle()
            recorded = ingest(self.store, stored, self.crawl_id, self.profile)
            # An answer to try again is kept, and is not the page: who resumes must ask the site.
            retried = recorded.status == 429 or recorded.status >= 500
            if target is not None and not exchange.truncated and not retried:
                self.frontier.captured(target, recorded.capture_id)
        self.captures += 1
        self.reached = self.reached or target is not None
        self.articles += recorded.facts.article is not None
        if monotonic() - self.derived_at >= DERIVE_EVERY:
            self.store.derive_pending()
            self.derived_at = monotonic()
        return recorded

    def _original_of(self, exchange: Exchange) -> Original | None:
        """What the capture of an exchange refers to; some sources have everything kept whole."""
        return original_of(self.store, self.warcs, exchange)

    def recall(self, capture_id: int) -> Recorded:
        """A capture of this crawl whose page the spider had not finished reading, from its WARC."""
        return recall(self.store, self.warcs, capture_id, self.profile)

    def finished(self, target: int | None, kind: str, asked: Sequence[Target]) -> None:
        """A page has been read: what it led to is in the frontier before it counts as done."""
        if self.error:
            return
        self.frontier.finish(target, asked)
        self.pages += target is not None and kind != "asset"

    def failed(self, target: int, url: str, reason: str) -> None:
        """A target was given up."""
        if self.error:
            return
        self.errors += 1
        logger.warning("%s was not captured: %s", url, reason)
        with self.stopping():
            self.frontier.failed(target, reason)

    def skipped(self, target: int, url: str, reason: str) -> None:
        """A target may not be fetched, for robots.txt or an address that is refused; or not to its
        end, for its size."""
        if self.error:
            return
        self.left_aside += 1
        reason = self.closed_hosts.get(urlsplit(url).netloc, reason)
        with self.stopping(), self.store.atomic():
            self.frontier.skipped(url, reason)
            self.frontier.done(target)

    def note_exactness(self, exact: bool) -> None:
        """Whether this crawl's captures hold the bytes of the wire."""
        self.exact = exact

    def unreachable(self, host: str, reason: str) -> None:
        """A host whose robots.txt cannot be read is closed (RFC 9309 section 2.3.1.4)."""
        self.closed_hosts[host] = reason

    def stop(self, reason: str) -> None:
        """End the crawl early, in good order; it can be resumed."""
        self.stopped = self.stopped or reason
        self.close(reason)

    def exhausted(self) -> bool:
        """Whether the page budget is used up."""
        budget = self.options.max_pages or self.profile.max_pages
        return self.asked >= budget

    def slot_of(self, url: str) -> str:
        """The downloader's slot: a host and its www twin are one server to be spared."""
        return (urlsplit(url).hostname or "").removeprefix("www.")

    def wants_asset(self, url: str) -> bool:
        """Whether to ask for what a page needs: once, or again in full crawls; never if so told."""
        if not self.options.assets:
            return False
        return self.options.full or not self.store.answered_before(url, self.crawl_id)

    def is_current(self, mention: Mention) -> bool:
        """Whether the archive holds the article as the list states it."""
        return self.store.is_current(mention)

    def needs_feeds(self) -> bool:
        """Whether the feeds must be read on: neither REST nor the sitemaps could be read whole."""
        return not self.store.has_complete_list(self.crawl_id)

    def further_feeds(self) -> list[str]:
        """The next pages of the feeds that this crawl has read; in an incremental one, of those
        that named an article to ask for."""
        return [
            url
            for capture_id in self.frontier.captures("feed")
            if (facts := self.recall(capture_id).facts).role == "feed"
            and (not self.incremental or any(map(self._was_asked, facts.mentions)))
            for url in facts.next_pages
        ]

    def _was_asked(self, mention: Mention) -> bool:
        return self.frontier.has_asked(mention.url)

    def listings(self) -> list[str]:
        """The site's own listings, for an incremental crawl that found neither REST nor sitemap."""
        whole = self.store.has_complete_list(self.crawl_id)
        return [] if whole else self.store.listings(self.profile.site_id, LISTINGS)

    def wants_sitemaps(self) -> bool:
        """Whether an incremental crawl needs the sitemaps, too."""
        if not self.incremental:
            return False
        whole = self.store.has_whole_rest(self.crawl_id)
        return not whole or self.store.sitemaps_tell_more(self.profile.site_id)

    def unseen(self) -> list[str]:
        """URLs of articles to ask for beside those that the lists led to: all that a full crawl has
        not captured; for an incremental one those no longer listed, those whose address shows
        another post, and those held longest."""
        site, crawl = self.profile.site_id, self.crawl_id
        with self.stopping():
            self.store.derive_pending()  # an article that was replaced has another address
        if not self.incremental:
            return self.store.unseen_articles(site, crawl)
        share = REFRESHED if self.store.has_complete_list(crawl) else REFRESHED_UNLISTED
        count = max(1, self.store.article_count(site) // share)
        old = format_instant(datetime.now(UTC) - timedelta(days=self.profile.refresh_days))
        unlisted = self.store.unlisted_articles(site, crawl)
        replaced = self.store.replaced_articles(site)
        stale = self.store.stalest_articles(site, crawl, old, count)
        return list(dict.fromkeys([*unlisted, *replaced, *stale]))

    def missing(self) -> list[str]:
        """URLs of articles, not known to be gone, that answered 404 or 410 in this crawl."""
        return self.store.missing_articles(self.profile.site_id, self.crawl_id)

    def witnesses(self) -> list[str]:
        """URLs of articles that a working site shows, those captured last: one that was in this
        crawl, to be asked for between two questions for what is missing; else several. Also where
        nothing is missing, and the crawl was not shown what it asked for, or named any article."""
        with self.stopping():
            self.store.derive_pending()
        shown = self.store.has_shown_articles(self.crawl_id)
        blind = self.incremental and not self.store.has_any_list(self.crawl_id)
        vain = blind or self.store.asked_in_vain(self.crawl_id)
        if not self.missing() and (shown or not vain):
            return []
        return self.store.newest_articles(
            self.profile.site_id, self.crawl_id, 1 if shown else WITNESSES
        )


def session_of(crawler: Crawler) -> Session:
    """The session that the crawler's spider was given."""
    return cast("Session", crawler.spider.session)  # type: ignore[union-attr]
