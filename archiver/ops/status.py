"""What the archive holds and whether watching it works: read from the database and the disk.

A site that suddenly yields no article, date or count was probably redesigned: that is told as
something that needs attention, not as an empty crawl.
"""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from archiver.folder import DataFolder
from archiver.instants import format_instant
from archiver.store.connection import Connection
from archiver.store.database import Store

LATE = timedelta(days=3)
"""How long after its last success a site needs attention."""

LOW_DAYS, LOW_SHARE = 30, 0.05
"""When the disk needs attention: days left at the last month's growth, or the part that is free."""

CRAWLS = (
    "SELECT id, started_at, finished_at, outcome, pages, errors FROM crawls"
    " WHERE site_id = ? AND source = 'live'{} ORDER BY started_at DESC, id DESC LIMIT 1"
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

NEWEST = 20
"""Captures of articles that tell how a site is now; the earlier ones tell how it was."""


@dataclass(frozen=True, slots=True)
class CrawlStatus:
    """One crawl; `outcome` None means that it is running or was killed."""

    id: int
    started_at: str
    finished_at: str | None
    outcome: str | None
    pages: int | None
    errors: int | None


@dataclass(frozen=True, slots=True)
class SiteStatus:
    """One site. `listed` counts the articles that each of its lists named in the last finished
    crawl, `missing` those that the archive does not hold."""

    site: str
    articles: int
    gone: int
    questions: int
    pending: int
    last_crawl: CrawlStatus | None
    last_success_at: str | None
    listed: Mapping[str, int]
    missing: int


@dataclass(frozen=True, slots=True)
class Status:
    """`bytes_month` is what the WARC files of the last 30 days hold; `days_left` what is free at
    that pace, None when nothing was added. `last_verified_at` is of the last whole verification,
    `damages` what it found."""

    sites: tuple[SiteStatus, ...]
    captures: int
    problems: Mapping[str, int]
    recoveries: int
    open_files: tuple[str, ...]
    bytes_used: int
    bytes_free: int
    bytes_month: int
    days_left: int | None
    verify_runs: int
    last_verified_at: str | None
    damages: int | None
    attention: tuple[str, ...]


def status_of(folder: DataFolder, now: datetime) -> Status:
    """The state of the archive at `now`. BadInput when there is none."""
    store = Store.open(folder.database, create=False)
    try:
        return _status(folder, store, now)
    finally:
        store.close()


def _status(folder: DataFolder, store: Store, now: datetime) -> Status:
    connection = store.connection
    ids = [name for (name,) in connection.execute("SELECT id FROM sites ORDER BY id")]
    sites = tuple(_site(store, name) for name in ids)
    month = format_instant(now - timedelta(days=30))
    added = _number(connection, "sum(bytes) FROM warc_files WHERE finished_at >= ?", month)
    disk = shutil.disk_usage(folder.root)
    days_left = disk.free * 30 // added if added else None
    verified = connection.execute(
        "SELECT finished_at, damages FROM verify_runs WHERE finished_at IS NOT NULL"
        " ORDER BY started_at DESC LIMIT 1"
    ).fetchone()
    open_files = tuple(sorted(path.name for path in folder.warcs.glob("*.open")))
    damages = verified[1] if verified else None
    attention = [line for site in sites for line in _about(connection, site, now)]
    running = any(site.last_crawl and site.last_crawl.outcome is None for site in sites)
    if open_files and not running:
        attention.append(
            f"{len(open_files)} WARC files were left open by a crash: the next crawl repairs them."
        )
    if damages:
        attention.append(f"The last verification found {damages} damages: run `archiver verify`.")
    if disk.free < disk.total * LOW_SHARE or (days_left is not None and days_left < LOW_DAYS):
        left = "" if days_left is None else f", {days_left} days at this pace"
        attention.append(f"{_size(disk.free)} are free on the disk{left}: make room.")
    return Status(
        sites=sites,
        captures=_number(connection, "count(*) FROM captures"),
        problems=dict(
            connection.execute("SELECT kind, count(*) FROM problems GROUP BY kind ORDER BY kind")
        ),
        recoveries=_number(connection, "count(*) FROM recoveries"),
        open_files=open_files,
        bytes_used=sum(path.stat().st_size for path in folder.root.rglob("*") if path.is_file()),
        bytes_free=disk.free,
        bytes_month=added,
        days_left=days_left,
        verify_runs=_number(connection, "count(*) FROM verify_runs"),
        last_verified_at=verified[0] if verified else None,
        damages=damages,
        attention=tuple(attention),
    )


def _site(store: Store, site: str) -> SiteStatus:
    connection = store.connection
    last = connection.execute(CRAWLS.format(""), (site,)).fetchone()
    ended = connection.execute(CRAWLS.format(" AND outcome IS NOT NULL"), (site,)).fetchone()
    success = connection.execute(CRAWLS.format(" AND outcome = 'complete'"), (site,)).fetchone()
    tally = store.tally(site, ended[0]) if ended else None
    asked = "count(*) FROM questions JOIN articles ON articles.id = article_id WHERE site_id = ?"
    return SiteStatus(
        site=site,
        articles=store.article_count(site),
        gone=_number(connection, "count(gone_at) FROM articles WHERE site_id = ?", site),
        questions=_number(connection, asked, site),
        pending=_number(connection, f"{asked} AND status = 'pending'", site),
        last_crawl=CrawlStatus(*last) if last else None,
        last_success_at=success[2] if success else None,
        listed=dict(tally.listed) if tally else {},
        missing=len(tally.missing) if tally else 0,
    )


def _about(connection: Connection, site: SiteStatus, now: datetime) -> Iterator[str]:
    """What a person should look at, about one site that is crawled."""
    last = site.last_crawl
    if last is None:
        return
    if last.outcome in ("failed", "incomplete"):
        yield f"{site.site}: the last crawl is {last.outcome}, of {last.started_at[:16]}."
    late = site.last_success_at is None or site.last_success_at < format_instant(now - LATE)
    if late:
        since = f"since {site.last_success_at[:16]}" if site.last_success_at else "ever"
        yield f"{site.site}: no crawl was complete {since}."
    if site.missing:
        yield f"{site.site}: {site.missing} listed articles are not in the archive."
    for what in _redesigned(connection, site.site):
        yield f"{site.site}: {what}, probably a redesign: check the profile's rules."


def _redesigned(connection: Connection, site: str) -> Iterator[str]:
    """What the addresses of articles gave once, and the newest captures less than half as often: an
    article, a date, a count."""
    now = connection.execute(YIELD, (site, NEWEST, 0)).fetchone()
    before = connection.execute(YIELD, (site, -1, NEWEST)).fetchone()
    for place, name in enumerate(("article", "date", "count"), 1):
        if 2 * now[place] * before[0] < before[place] * now[0]:
            yield f"{name} found on {now[place]} of {now[0]} pages of articles"
            return


def _number(connection: Connection, what: str, *values: str | int) -> int:
    return int(connection.execute(f"SELECT {what}", values).fetchone()[0] or 0)


def _size(number: int) -> str:
    for unit in ("bytes", "KB", "MB", "GB"):
        if number < 1000:
            return f"{number:.0f} {unit}"
        number //= 1000
    return f"{number} TB"


def lines_of(status: Status) -> Iterator[str]:
    """The state as lines for a person, what needs attention last."""
    for site in status.sites:
        yield (
            f"{site.site}: {site.articles} articles ({site.gone} gone), {site.questions} questions"
            f" ({site.pending} pending)"
        )
        if site.last_crawl:
            crawl = site.last_crawl
            yield f"  last crawl {crawl.started_at[:16]}, {crawl.outcome or 'not ended'}"
        yield f"  last success {site.last_success_at[:16] if site.last_success_at else 'never'}"
        if site.listed:
            named = ", ".join(f"{source} {count}" for source, count in site.listed.items())
            yield f"  listed: {named}; not in the archive: {site.missing}"
    kinds = ", ".join(f"{kind} {count}" for kind, count in status.problems.items())
    yield f"problems: {kinds or 'none'}"
    verified = status.last_verified_at
    yield f"verifications: {status.verify_runs}, last {verified[:16] if verified else 'never'}"
    yield f"recoveries: {status.recoveries}; open WARC files: {len(status.open_files)}"
    left = "" if status.days_left is None else f" ({status.days_left} days at this pace)"
    yield f"disk: {_size(status.bytes_used)} used, {_size(status.bytes_free)} free{left}"
    for line in status.attention:
        yield f"Attention: {line}"
    if not status.attention:
        yield "Nothing needs attention."
