"""A crawl from beginning to end: lock, database, WARC writer, Scrapy, closing report."""

from __future__ import annotations

import asyncio
import gc
import logging
from dataclasses import asdict
from typing import Any

from scrapy import Spider, signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from archiver import __version__, instants
from archiver.closing import write_closing
from archiver.crawl.report import CrawlReport, log_of, report_of
from archiver.crawl.session import CrawlOptions, Session
from archiver.errors import BadInput
from archiver.folder import DataFolder
from archiver.ingest import site_of
from archiver.profiles.model import Profile
from archiver.provenance import Provenance
from archiver.store.database import Store
from archiver.store.frontier import Frontier
from archiver.store.model import CrawlStart
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
    folder.prepare()
    rebuilding = "The database is being rebuilt: wait for that to end, then crawl."
    busy = f"{profile.site_id} is being crawled already: wait for that crawl to end."
    with (
        folder.lock("archive", rebuilding, shared=True),
        folder.lock(f"crawl-{profile.site_id}", busy),
    ):
        if not (options.contact or profile.contact):
            logger.warning("no contact is given: name one with --contact, for the site's owner")
        store = Store.open(folder.database)
        try:
            return _crawl(profile, options, folder, spider, store, progress=progress)
        finally:
            store.close()


def _crawl(
    profile: Profile,
    options: CrawlOptions,
    folder: DataFolder,
    spider: type[Spider],
    store: Store,
    *,
    progress: bool,
) -> CrawlReport:
    settings = settings_for(profile, options, progress=progress)
    provenance = _begin(profile, options, store, settings["USER_AGENT"])
    writer = WarcWriter(folder.warcs, prefix=profile.site_id, info=provenance.fields())
    process = AsyncCrawlerProcess(settings)
    # What the retries give up on is told by the outcome, once.
    logging.getLogger("scrapy.downloadermiddlewares.retry").setLevel(logging.CRITICAL)
    crawler = process.create_crawler(spider)

    def close(reason: str) -> None:
        engine = crawler.engine
        if engine is not None:
            asyncio.get_event_loop().create_task(engine.close_spider_async(reason=reason))

    session = Session(
        profile=profile,
        options=options,
        store=store,
        writer=writer,
        warcs=folder.warcs,
        frontier=Frontier(store, provenance.crawl_id),
        crawl_id=provenance.crawl_id,
        close=close,
        incremental=_is_incremental(store, profile.site_id, provenance.crawl_id, options),
    )
    reasons: list[str] = []

    def note(reason: str) -> None:
        reasons.append(reason)

    crawler.signals.connect(note, signals.spider_closed)
    running = process.crawl(crawler, session=session, only=options.only)
    gc.freeze()  # what was imported lives to the end: the collector need not walk it each time
    process.start()
    if running.done() and running.exception():
        raise running.exception()  # type: ignore[misc]
    if session.error:
        raise session.error
    session.frontier.settle()
    store.derive_pending()
    report = report_of(session, reasons[-1] if reasons else "shutdown")
    end = report.end(instants.now())
    files = store.warc_files_of(session.crawl_id)
    write_closing(writer, provenance, end, asdict(report), log_of(session.frontier), files)
    for finished in writer.close():
        store.add_warc_file(finished.name, finished.sha256, finished.size, instants.now())
    if report.outcome != "interrupted":
        store.finish_crawl(session.crawl_id, end)
    return report


def settings_for(profile: Profile, options: CrawlOptions, *, progress: bool) -> Settings:
    """Scrapy's settings for this crawl: the house's, then the profile's pace and contact."""
    settings = Settings()
    settings.setmodule("archiver.crawl.settings", priority="project")
    contact = options.contact or profile.contact
    own: dict[str, Any] = {
        "USER_AGENT": user_agent(contact),
        "DOWNLOAD_DELAY": profile.delay if options.delay is None else options.delay,
        "ARCHIVER_SEED": profile.home_url,
        "ARCHIVER_PROGRESS": progress,
    }
    if options.unhurried:
        own["CONCURRENT_REQUESTS_PER_DOMAIN"] = OWN_SERVER_CONNECTIONS
    settings.update(own, priority="cmdline")
    return settings


def user_agent(contact: str | None) -> str:
    """How the crawler presents itself: what it is, and whom to write to.

    Raises BadInput for a contact that no header can hold (RFC 9110 section 5.5).
    """
    if contact and not contact.isprintable():
        raise BadInput(
            "The contact holds a line break or another control character: write a URL or an e-mail "
            "address."
        )
    purpose = "archives what elected representatives publish"
    return f"archiver/{__version__} ({purpose}{f'; +{contact}' if contact else ''})"


def _begin(profile: Profile, options: CrawlOptions, store: Store, agent: str) -> Provenance:
    """Resume the site's unfinished crawl, unless told not to, or begin one."""
    store.describe_site(site_of(profile, instants.now()))
    now = instants.now()
    start = CrawlStart(
        site_id=profile.site_id,
        source="live",
        started_at=now,
        user_agent=agent,
        version=__version__,
        options=asdict(options),
    )
    resumed = _resumed(store, profile.site_id, options)
    return Provenance(
        crawl_id=resumed or store.begin_crawl(start),
        site_id=profile.site_id,
        source="live",
        started_at=store.started_at(resumed) if resumed else now,
        resumed_at=now if resumed else None,
        version=__version__,
        profile=profile,
        user_agent=agent,
        operator=options.contact or profile.contact,
        options=asdict(options),
    )


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
