"""`archiver import wayback:SITE`: what the Internet Archive holds of a site, into this archive.

The captures are listed by its CDX server, fetched as it received them, one at a time, and kept as
WARC records with their own address and instant. They then go through the same waist as a live
crawl's, so that their place in an article's history is that of their instant. Interrupted at any
moment, the import is taken up where it was.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Mapping
from dataclasses import asdict, replace
from urllib.parse import urlsplit

from scrapy import Spider, signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from archiver import __version__, instants
from archiver.closing import write_closing
from archiver.crawl.report import CrawlReport, log_of, report_of
from archiver.crawl.run import user_agent
from archiver.crawl.session import CrawlOptions
from archiver.crawl.wayback_session import WaybackSession
from archiver.errors import BadInput
from archiver.folder import DataFolder
from archiver.ingest import site_of
from archiver.profiles import load, names
from archiver.profiles.model import Profile
from archiver.provenance import Provenance
from archiver.store.database import Store
from archiver.store.frontier import Frontier
from archiver.store.model import CrawlStart, Outcome
from archiver.warc.writer import WarcWriter

logger = logging.getLogger(__name__)

PREFIX = "wayback:"
ARCHIVE = "https://web.archive.org"
DELAY = 1.5
"""Seconds between two requests."""


def import_wayback(
    source: str,
    folder: DataFolder,
    spider: type[Spider],
    *,
    delay: float = DELAY,
    contact: str | None = None,
    archive: str | None = None,
    progress: bool = True,
) -> CrawlReport:
    """Bring in what the Archive holds of `source`, `wayback:` and a profile's name, a TOML file, a
    host or a URL; one source a process, as Scrapy's reactor runs once.

    `archive` is the base URL of a server that speaks as the Internet Archive's does, by default
    `$ARCHIVER_WAYBACK`, else the Archive's own. Raises BadInput for a source that is no site and
    when the site is being crawled, StorageFailed when the disk refuses.
    """
    profile = profile_of(source)
    base = base_url(archive or os.environ.get("ARCHIVER_WAYBACK") or ARCHIVE)
    options = CrawlOptions(delay=delay, contact=contact)
    folder.prepare()
    rebuilding = "The database is being rebuilt: wait for that to end, then import."
    busy = f"{profile.site_id} is being crawled already: wait for that crawl to end."
    with (
        folder.lock("archive", rebuilding, shared=True),
        folder.lock(f"crawl-{profile.site_id}", busy),
    ):
        if not (contact or profile.contact):
            logger.warning("no contact is given: name one, for the Internet Archive's staff")
        store = Store.open(folder.database)
        try:
            return _import(profile, options, base, folder, spider, store, progress=progress)
        finally:
            store.close()


def profile_of(source: str) -> Profile:
    """The profile of the site that `source` names; raises BadInput when it names none."""
    site = source.removeprefix(PREFIX)
    if site in names() or "/" in site or site.endswith(".toml") or "." not in site:
        return load(site)
    return load(f"https://{site}/")


def base_url(text: str) -> str:
    """A base URL without a slash at its end; raises BadInput for what is none."""
    try:
        parts = urlsplit(text)
        is_usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        is_usable = False
    if not is_usable or parts.query or parts.fragment:
        raise BadInput(f"“{text}” is no address of a web archive: write it as {ARCHIVE}.")
    return text.rstrip("/")


def hosts_of(profile: Profile) -> tuple[str, ...]:
    """The hosts to ask the list for; it takes www and the host without it for one."""
    return tuple(dict.fromkeys((profile.site_id, *profile.hosts)))


def _import(
    profile: Profile,
    options: CrawlOptions,
    archive: str,
    folder: DataFolder,
    spider: type[Spider],
    store: Store,
    *,
    progress: bool,
) -> CrawlReport:
    settings = _settings(profile, options, archive, progress=progress)
    provenance = _begin(profile, options, archive, store, settings["USER_AGENT"])
    writer = WarcWriter(folder.warcs, prefix=profile.site_id, info=provenance.fields())
    process = AsyncCrawlerProcess(settings)
    # What the retries give up on is told by the outcome, once.
    logging.getLogger("scrapy.downloadermiddlewares.retry").setLevel(logging.CRITICAL)
    crawler = process.create_crawler(spider)

    def close(reason: str) -> None:
        engine = crawler.engine
        if engine is not None:
            asyncio.get_event_loop().create_task(engine.close_spider_async(reason=reason))

    session = WaybackSession(
        profile=profile,
        options=options,
        store=store,
        writer=writer,
        warcs=folder.warcs,
        frontier=Frontier(store, provenance.crawl_id),
        crawl_id=provenance.crawl_id,
        close=close,
        exact=False,
        archive=archive,
        hosts=hosts_of(profile),
    )
    reasons: list[str] = []

    def note(reason: str) -> None:
        reasons.append(reason)

    crawler.signals.connect(note, signals.spider_closed)
    running = process.crawl(crawler, session=session)
    process.start()
    if running.done() and running.exception():
        raise running.exception()  # type: ignore[misc]
    if session.error:
        raise session.error
    session.frontier.settle()
    store.derive_pending()
    report = _report(session, reasons[-1] if reasons else "shutdown")
    end = report.end(instants.now())
    files = store.warc_files_of(session.crawl_id)
    write_closing(writer, provenance, end, asdict(report), log_of(session.frontier), files)
    for finished in writer.close():
        store.add_warc_file(finished.name, finished.sha256, finished.size, instants.now())
    if report.outcome != "interrupted":
        store.finish_crawl(session.crawl_id, end)
    return report


def _settings(profile: Profile, options: CrawlOptions, archive: str, *, progress: bool) -> Settings:
    settings = Settings()
    settings.setmodule("archiver.crawl.settings", priority="project")
    settings.setmodule("archiver.crawl.wayback_settings", priority="project")
    own = {
        "USER_AGENT": user_agent(options.contact or profile.contact),
        "DOWNLOAD_DELAY": options.delay,
        "ARCHIVER_SEED": archive,
        "ARCHIVER_PROGRESS": progress,
    }
    settings.update(own, priority="cmdline")
    return settings


def _begin(
    profile: Profile, options: CrawlOptions, archive: str, store: Store, agent: str
) -> Provenance:
    """Take up the site's unfinished import, or begin one."""
    now = instants.now()
    store.describe_site(site_of(profile, now))
    given: Mapping[str, object] = {"archive": archive, "delay": options.delay}
    resumed = store.resumable_crawl(profile.site_id, "wayback")
    start = CrawlStart(profile.site_id, "wayback", now, agent, __version__, given)
    return Provenance(
        crawl_id=resumed or store.begin_crawl(start),
        site_id=profile.site_id,
        source="wayback",
        started_at=store.started_at(resumed) if resumed else now,
        resumed_at=now if resumed else None,
        version=__version__,
        profile=profile,
        user_agent=agent,
        operator=options.contact or profile.contact,
        options=given,
    )


def _report(session: WaybackSession, reason: str) -> CrawlReport:
    found = report_of(session, reason)
    outcome, sentence = _judge(session, reason, found.kept)
    return replace(
        found,
        outcome=outcome,
        sentence=sentence,
        pages=session.captures,
        failed={left.url: left.reason for left in session.left.values()},
    )


def _judge(session: WaybackSession, reason: str, kept: int) -> tuple[Outcome, str | None]:
    if reason == "shutdown":
        return "interrupted", "Interrupted: run the same command again to resume."
    if session.stopped:
        return "incomplete", f"Stopped early, {session.stopped}: run the command again later."
    if session.left:
        count = len(session.left)
        return "incomplete", f"{count} captures were not given: run the command again later."
    if not kept and not session.store.article_count(session.profile.site_id):
        return "failed", f"The Internet Archive lists no page of {session.profile.site_id}."
    return "complete", None
