"""One run of Scrapy over a site, whichever spider: what is locked, begun, run and closed."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict
from typing import TypeVar

from scrapy import Spider, signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from archiver import __version__, instants
from archiver.closing import write_closing
from archiver.crawl.report import CrawlReport, log_of
from archiver.crawl.session import Session
from archiver.errors import BadInput
from archiver.folder import DataFolder
from archiver.ingest import site_of
from archiver.profiles.model import Profile
from archiver.provenance import Provenance, Source
from archiver.store.database import Store
from archiver.store.model import CrawlStart

OneSession = TypeVar("OneSession", bound=Session)

STOPPED = "shutdown"
"""Scrapy's reason for a crawl that a signal ended."""

PATIENCE = 2.0
"""Seconds that a crawl that is told to stop waits for what it has asked for; what is not answered
by then stays in the frontier."""


class _Process(AsyncCrawlerProcess):
    """Stops in good order at the first signal, without waiting for a server that is silent, or for
    the pause that it has asked for."""

    async def stop(self) -> None:
        from twisted.internet import reactor

        def halt() -> None:
            with suppress(RuntimeError):  # it has come to its end
                reactor.stop()  # type: ignore[misc]

        asyncio.get_running_loop().call_later(PATIENCE, halt)
        await super().stop()


@contextmanager
def held(site_id: str, folder: DataFolder, then: str) -> Iterator[Store]:
    """The database, while nobody else crawls this site and nothing is rebuilt; `then` is what to
    do after a rebuild. Raises BadInput for the one and the other."""
    folder.prepare()
    rebuilding = f"The database is being rebuilt: wait for that to end, then {then}."
    busy = f"{site_id} is being crawled already: wait for that crawl to end."
    with (
        folder.lock("archive", rebuilding, shared=True),
        folder.lock(f"crawl-{site_id}", busy),
        closing(Store.open(folder.database)) as store,
    ):
        yield store


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


def begin(
    store: Store,
    profile: Profile,
    source: Source,
    options: Mapping[str, object],
    contact: str | None,
    resumed: int | None,
) -> Provenance:
    """Take up the crawl `resumed`, or begin one."""
    now, agent = instants.now(), user_agent(contact)
    store.describe_site(site_of(profile, now))
    start = CrawlStart(profile.site_id, source, now, agent, __version__, options)
    return Provenance(
        crawl_id=resumed or store.begin_crawl(start),
        site_id=profile.site_id,
        source=source,
        started_at=store.started_at(resumed) if resumed else now,
        resumed_at=now if resumed else None,
        version=__version__,
        profile=profile,
        user_agent=agent,
        operator=contact,
        options=options,
    )


def run(
    settings: Settings,
    spider: type[Spider],
    session_of: Callable[[Callable[[str], None]], OneSession],
    **given: str | None,
) -> tuple[OneSession, str]:
    """Run Scrapy to its end, once a process: the session and why the spider was closed.

    `session_of` makes the session from the function that stops the engine for a reason, `given`
    goes to the spider. Raises what the spider's start or a writer raised.
    """
    process = _Process(settings)
    # What the retries give up on is told by the outcome, once.
    logging.getLogger("scrapy.downloadermiddlewares.retry").setLevel(logging.CRITICAL)
    crawler = process.create_crawler(spider)

    def close(reason: str) -> None:
        engine = crawler.engine
        if engine is not None:
            asyncio.get_event_loop().create_task(engine.close_spider_async(reason=reason))

    session = session_of(close)
    reasons: list[str] = []

    def note(reason: str) -> None:
        reasons.append(reason)

    crawler.signals.connect(note, signals.spider_closed)
    running = process.crawl(crawler, session=session, **given)
    gc.freeze()  # what was imported lives to the end: the collector need not walk it each time
    process.start()
    if not reasons:
        crawler.signals.send_catch_log(signals.spider_closed, spider=crawler.spider, reason=STOPPED)
    if running.done() and running.exception():
        raise running.exception()  # type: ignore[misc]
    if session.error:
        raise session.error
    session.frontier.settle()
    session.store.derive_pending()
    return session, reasons[-1]


def finish(session: Session, provenance: Provenance, report: CrawlReport) -> CrawlReport:
    """Write the crawl's log into its WARC and close that; end the crawl unless it can go on."""
    store, end = session.store, report.end(instants.now())
    files = store.warc_files_of(session.crawl_id)
    log = log_of(session.frontier)
    write_closing(session.writer, provenance, end, asdict(report), log, files)
    for finished in session.writer.close():
        store.add_warc_file(finished.name, finished.sha256, finished.size, instants.now())
    if report.outcome != "interrupted":
        store.finish_crawl(session.crawl_id, end)
    return report
