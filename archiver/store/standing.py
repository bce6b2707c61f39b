"""How watching the sites goes: their last crawls, what is missing, gaps in time, signs of a
redesign.

Read from a connection that need not write, so that the reading site and `archiver status` tell the
same; the sentences are theirs. A site that suddenly yields no article, date or count was probably
redesigned: that is told as such, not as an empty crawl.
"""

import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from archiver.folder import DataFolder
from archiver.instants import format_instant, parse_instant
from archiver.store.listed import ListedIn, listed_in
from archiver.store.model import TOO_LARGE
from archiver.store.outages import MANY, lost_in

LATE = timedelta(days=3)
"""How long a site may be without a complete crawl: longer is a gap."""

MONTH = timedelta(days=30)

LOW_DAYS, LOW_SHARE = 30, 0.05
"""When the disk is low: days left at the last month's growth, or the part that is free."""

MANY_ERRORS = 0.1
"""The error rate of a month that needs attention."""

WINDOWS = (4, 20)
"""Captures of articles that tell how a site is now; the earlier ones tell how it was. In the first
ones nothing is found that nearly all had, or in the more of them less than half as often."""

EARLIER = 1000
"""Captures of articles before these that tell how a site was."""

CRAWLS = (
    "SELECT id, started_at, finished_at, outcome, pages, errors FROM crawls"
    " WHERE site_id = ? AND source = 'live'{} ORDER BY started_at DESC, id DESC LIMIT 1"
)
CUT = "SELECT url FROM skipped JOIN crawls ON crawls.id = crawl_id WHERE site_id = ? AND reason = ?"
WHY = (
    "SELECT reason || ' (' || count(*) || ')' FROM (SELECT reason FROM frontier"
    " WHERE crawl_id = ?1 AND state = 'failed' UNION ALL SELECT reason FROM skipped"
    " WHERE crawl_id = ?1) GROUP BY reason ORDER BY count(*) DESC, reason LIMIT 1"
)
COMPLETE = (
    "SELECT started_at, finished_at FROM crawls WHERE site_id = ? AND source = 'live'"
    " AND outcome = 'complete' ORDER BY started_at, id"
)
ERRORS = (
    "SELECT sum(errors) * 1.0 / sum(pages + errors) FROM crawls"
    " WHERE site_id = ? AND source = 'live' AND started_at >= ?"
)
YIELD = (
    "SELECT count(*), count(own_key), count(json_extract(data, '$.published_on')),"
    " count(comment_count) FROM (SELECT o.own_key, o.comment_count, o.state_id FROM observations o"
    " JOIN captures ON captures.id = o.capture_id JOIN crawls ON crawls.id = crawl_id"
    " WHERE crawls.site_id = ? AND source = 'live' AND status = 200"
    " AND (own_key IS NOT NULL OR EXISTS (SELECT 1 FROM observations e"
    " WHERE e.url_key = o.url_key AND e.own_key IS NOT NULL))"
    " ORDER BY o.captured_at DESC LIMIT ? OFFSET ?) LEFT JOIN article_states ON id = state_id"
)
"""Of captures of addresses that ever were articles: how many, and how many gave an article, a date
and a count."""

ARTICLE_COUNTS = "SELECT count(*), count(gone_at) FROM articles WHERE site_id = ?"
QUESTION_COUNTS = (
    "SELECT count(*), coalesce(sum(status = 'pending'), 0) FROM questions"
    " JOIN articles ON articles.id = article_id WHERE site_id = ?"
)


Lacking = Literal["article", "date", "count"]
LACKING: tuple[Lacking, ...] = get_args(Lacking)


@dataclass(frozen=True, slots=True)
class CrawlStanding:
    """One crawl; `outcome` None means that it is running or was killed. `why` is the commonest
    reason for which it gave up addresses or left them aside, with their number."""

    id: int
    started_at: str
    finished_at: str | None
    outcome: str | None
    pages: int | None
    errors: int | None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """More than LATE without a complete crawl: from the end of one to the beginning of the next,
    `until` None while it lasts. What was put up and taken down in between was not seen."""

    since: str
    until: str | None


@dataclass(frozen=True, slots=True)
class Redesign:
    """What the newest captures of addresses of articles no longer give: on `found` of `pages`."""

    lacking: Lacking
    found: int
    pages: int


@dataclass(frozen=True, slots=True)
class SiteStanding:
    """One site. `listed` counts the articles that each of its lists named in the last finished
    crawl, `missing` those that the archive does not hold, but for the `too_large`, whose captures
    were cut. `error_rate` is the
    part of the last 30 days' requests that were given up, None without a crawl; `gaps` are in order
    of time. A site of which the archive has no crawl of its own is never late."""

    site: str
    articles: int
    gone: int
    questions: int
    pending: int
    last_crawl: CrawlStanding | None
    last_success_at: str | None
    late: bool
    gaps: tuple[Gap, ...]
    error_rate: float | None
    listed: Mapping[str, int]
    missing: int
    redesign: Redesign | None
    too_large: int = 0


@dataclass(frozen=True, slots=True)
class Disk:
    """Bytes. `month` is what the WARC files of the last 30 days hold; `days_left` what is free at
    that pace, None when nothing was added."""

    used: int
    free: int
    month: int
    days_left: int | None
    low: bool


def sites_standing(connection: sqlite3.Connection, now: datetime) -> tuple[SiteStanding, ...]:
    """Every site of the archive as of `now`, in the order of their names."""
    return tuple(site for site, _ in sites_beside_lists(connection, now))


def sites_beside_lists(
    connection: sqlite3.Connection, now: datetime
) -> tuple[tuple[SiteStanding, ListedIn], ...]:
    """Every site as `sites_standing` gives it, with what its lists named in the last crawl that
    ended: the articles that are missing by their URLs."""
    ids = connection.execute("SELECT id FROM sites ORDER BY id").fetchall()
    return tuple(_site(connection, name, now) for (name,) in ids)


def _site(
    connection: sqlite3.Connection, site: str, now: datetime
) -> tuple[SiteStanding, ListedIn]:
    last = connection.execute(CRAWLS.format(""), (site,)).fetchone()
    ended = connection.execute(CRAWLS.format(" AND outcome IS NOT NULL"), (site,)).fetchone()
    success = connection.execute(CRAWLS.format(" AND outcome = 'complete'"), (site,)).fetchone()
    articles, gone = connection.execute(ARTICLE_COUNTS, (site,)).fetchone()
    questions, pending = connection.execute(QUESTION_COUNTS, (site,)).fetchone()
    beside = listed_in(connection, ended[0]) if ended else ListedIn()
    cut = {url for (url,) in connection.execute(CUT, (site, TOO_LARGE))}
    too_large = len(cut.intersection(beside.missing))
    month = format_instant(now - MONTH)
    standing = SiteStanding(
        site=site,
        articles=articles,
        gone=gone,
        questions=questions,
        pending=pending,
        last_crawl=_crawl(connection, last) if last else None,
        last_success_at=success[2] if success else None,
        late=bool(last) and (not success or success[2] < format_instant(now - LATE)),
        gaps=tuple(_gaps(connection, site, now)),
        error_rate=connection.execute(ERRORS, (site, month)).fetchone()[0],
        listed=beside.named,
        missing=len(beside.missing) - too_large,
        too_large=too_large,
        redesign=_outage(connection, ended) or _redesign(connection, site),
    )
    return standing, beside


def _gaps(connection: sqlite3.Connection, site: str, now: datetime) -> Iterator[Gap]:
    ended: str | None = None
    for started_at, finished_at in connection.execute(COMPLETE, (site,)):
        if ended is not None and parse_instant(started_at) - parse_instant(ended) > LATE:
            yield Gap(ended, started_at)
        ended = finished_at
    if ended is not None and now - parse_instant(ended) > LATE:
        yield Gap(ended, None)


def _crawl(connection: sqlite3.Connection, row: tuple[Any, ...]) -> CrawlStanding:
    crawl = CrawlStanding(*row)
    why = connection.execute(WHY, (crawl.id,)).fetchone()
    return replace(crawl, why=why[0] if why else None)


def _outage(connection: sqlite3.Connection, last: tuple[int] | None) -> Redesign | None:
    """Where the last crawl that ended asked for articles and was shown none."""
    lost = lost_in(connection, last[0]) if last else 0
    return Redesign("article", 0, lost) if lost >= MANY else None


def _redesign(connection: sqlite3.Connection, site: str) -> Redesign | None:
    for window in WINDOWS:
        now = connection.execute(YIELD, (site, window, 0)).fetchone()
        before = connection.execute(YIELD, (site, EARLIER, window)).fetchone()
        for place, lacking in enumerate(LACKING, 1):
            never = now[place] == 0 and 10 * before[place] >= 9 * before[0]
            rarely = 2 * now[place] * before[0] < before[place] * now[0]
            if now[0] == window and before[0] and (never if window == WINDOWS[0] else rarely):
                return Redesign(lacking, now[place], now[0])
    return None


def disk_of(connection: sqlite3.Connection, folder: DataFolder, now: datetime) -> Disk:
    """What the archive takes and what is left on the disk of its folder."""
    month = format_instant(now - MONTH)
    (added,) = connection.execute(
        "SELECT coalesce(sum(bytes), 0) FROM warc_files WHERE finished_at >= ?", (month,)
    ).fetchone()
    disk = shutil.disk_usage(folder.root)
    days_left = disk.free * MONTH.days // added if added else None
    few_days = days_left is not None and days_left < LOW_DAYS
    return Disk(
        used=sum(path.stat().st_size for path in folder.root.rglob("*") if path.is_file()),
        free=disk.free,
        month=added,
        days_left=days_left,
        low=few_days or disk.free < disk.total * LOW_SHARE,
    )
