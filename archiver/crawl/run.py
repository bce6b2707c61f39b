"""A crawl of a live site from beginning to end."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from scrapy import Spider
from scrapy.settings import Settings

from archiver.crawl import engine
from archiver.crawl.report import CrawlReport, report_of
from archiver.crawl.session import CrawlOptions, Session
from archiver.folder import DataFolder
from archiver.profiles.model import Profile
from archiver.store.database import Store
from archiver.store.frontier import Frontier
from archiver.warc.writer import WarcWriter

logger = logging.getLogger(__name__)

OWN_SERVER_CONNECTIONS = 8


def crawl(
    profile: Profile,
    options: CrawlOptions,
    folder: DataFolder,
    spider: type[Spider],
    *,
    progress: bool = True,
) -> CrawlReport:
    """Crawl one site in this process, which can run Scrapy's reactor only once.

    Raises BadInput when the site is being crawled already, StorageFailed when the disk refuses.
    """
    contact = options.contact or profile.contact
    settings = _settings(profile, options, progress=progress)
    with engine.held(profile.site_id, folder, "crawl") as store:
        if not contact:
            logger.warning("no contact is given: name one with --contact, for the site's owner")
        resumed = _resumed(store, profile.site_id, options)
        begun = engine.begin(store, profile, "live", asdict(options), contact, resumed)

        def session_of(close: Callable[[str], None]) -> Session:
            return Session(
                profile=profile,
                options=options,
                store=store,
                writer=WarcWriter(folder.warcs, prefix=profile.site_id, info=begun.fields()),
                warcs=folder.warcs,
                frontier=Frontier(store, begun.crawl_id),
                crawl_id=begun.crawl_id,
                close=close,
                incremental=_is_incremental(store, profile.site_id, begun.crawl_id, options),
            )

        session, reason = engine.run(settings, spider, session_of, only=options.only)
        return engine.finish(session, begun, report_of(session, reason))


def _settings(profile: Profile, options: CrawlOptions, *, progress: bool) -> Settings:
    """Scrapy's settings for this crawl: the house's, then the profile's pace and contact."""
    settings = Settings()
    settings.setmodule("archiver.crawl.settings", priority="project")
    own: dict[str, Any] = {
        "USER_AGENT": engine.user_agent(options.contact or profile.contact),
        "DOWNLOAD_DELAY": profile.delay if options.delay is None else options.delay,
        "ARCHIVER_SEED": profile.home_url,
        "ARCHIVER_PROGRESS": progress,
    }
    if options.unhurried:
        own["CONCURRENT_REQUESTS_PER_DOMAIN"] = OWN_SERVER_CONNECTIONS
    settings.update(own, priority="cmdline")
    return settings


def _resumed(store: Store, site_id: str, options: CrawlOptions) -> int | None:
    """The crawl to take up; `--full` does not take up one that is incremental."""
    left = store.resumable_crawl(site_id) if options.resume else None
    if left and options.full and _is_incremental(store, site_id, left, CrawlOptions()):
        return None
    return left


def _is_incremental(store: Store, site_id: str, crawl_id: int, options: CrawlOptions) -> bool:
    """Whether a crawl asks only for what may have changed: the site was crawled whole before, and
    nobody asked for all of it, now or when this crawl began."""
    return store.walked_whole(site_id) and not options.full and not store.was_full(crawl_id)
