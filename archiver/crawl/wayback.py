"""`archiver import wayback:SITE`: what the Internet Archive holds of a site, into this archive.

The captures are listed by its CDX server, fetched as it received them, one at a time, and kept as
WARC records with their own address and instant. They then go through the same waist as a live
crawl's, so that their place in an article's history is that of their instant. Interrupted at any
moment, the import is taken up where it was.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from scrapy import Spider
from scrapy.settings import Settings

from archiver.counting import counted
from archiver.crawl import engine
from archiver.crawl.report import CrawlReport, report_of
from archiver.crawl.session import CrawlOptions
from archiver.crawl.wayback_session import WaybackSession
from archiver.errors import BadInput
from archiver.folder import DataFolder
from archiver.profiles import load, names
from archiver.profiles.model import Profile
from archiver.store.frontier import Frontier
from archiver.store.model import Outcome
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
    contact = contact or profile.contact
    settings = _settings(profile, options, base, progress=progress)
    given = {"archive": base, "delay": delay}
    with engine.held(profile.site_id, folder, "import") as store:
        if not contact:
            logger.warning("no contact is given: name one, for the Internet Archive's staff")
        resumed = store.resumable_crawl(profile.site_id, "wayback")
        begun = engine.begin(store, profile, "wayback", given, contact, resumed)

        def session_of(close: Callable[[str], None]) -> WaybackSession:
            return WaybackSession(
                profile=profile,
                options=options,
                store=store,
                writer=WarcWriter(folder.warcs, prefix=profile.site_id, info=begun.fields()),
                warcs=folder.warcs,
                frontier=Frontier(store, begun.crawl_id),
                crawl_id=begun.crawl_id,
                close=close,
                exact=False,
                archive=base,
                hosts=hosts_of(profile),
            )

        session, reason = engine.run(settings, spider, session_of)
        return engine.finish(session, begun, _report(session, reason))


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


def _settings(profile: Profile, options: CrawlOptions, archive: str, *, progress: bool) -> Settings:
    settings = Settings()
    settings.setmodule("archiver.crawl.settings", priority="project")
    settings.setmodule("archiver.crawl.wayback_settings", priority="project")
    own = {
        "USER_AGENT": engine.user_agent(options.contact or profile.contact),
        "DOWNLOAD_DELAY": options.delay,
        "ARCHIVER_SEED": archive,
        "ARCHIVER_PROGRESS": progress,
    }
    settings.update(own, priority="cmdline")
    return settings


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
        captures = counted(len(session.left), "capture was", "captures were")
        return "incomplete", f"{captures} not given: run the command again later."
    if not kept and not session.store.article_count(session.profile.site_id):
        return "failed", f"The Internet Archive lists no page of {session.profile.site_id}."
    return "complete", None
