"""What the archive holds and whether watching it works, as lines and as JSON; what is known of each
site is read by `archiver.store.standing`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from archiver.counting import counted
from archiver.folder import DataFolder
from archiver.store.connection import Connection
from archiver.store.database import Store
from archiver.store.model import TOO_LARGE
from archiver.store.standing import (
    MANY_ERRORS,
    Disk,
    Gap,
    SiteStanding,
    disk_of,
    sites_standing,
)

GAPS_SHOWN = 3
FORESEEABLE = 3650
"""Days; the pace of one month tells nothing of what comes after ten years."""


@dataclass(frozen=True, slots=True)
class Status:
    """`last_verified_at` is of the last whole verification, `damages` what it found; `attention`
    are sentences, of which a healthy archive has none."""

    sites: tuple[SiteStanding, ...]
    captures: int
    problems: Mapping[str, int]
    recoveries: int
    open_files: tuple[str, ...]
    disk: Disk
    verify_runs: int
    last_verified_at: str | None
    damages: int | None
    attention: tuple[str, ...]


def status_of(folder: DataFolder, now: datetime) -> Status:
    """The state of the archive at `now`. BadInput when there is none."""
    store = Store.open_to_read(folder.database)
    try:
        return _status(folder, store.connection, now)
    finally:
        store.close()


def _status(folder: DataFolder, connection: Connection, now: datetime) -> Status:
    sites = sites_standing(connection, now)
    disk = disk_of(connection, folder, now)
    verified = connection.execute(
        "SELECT finished_at, damages FROM verify_runs WHERE finished_at IS NOT NULL"
        " ORDER BY started_at DESC LIMIT 1"
    ).fetchone()
    open_files = tuple(sorted(path.name for path in folder.warcs.glob("*.open")))
    damages = verified[1] if verified else None
    attention = [line for site in sites for line in _about(site)]
    running = any(site.last_crawl and site.last_crawl.outcome is None for site in sites)
    if open_files and not running:
        left = counted(len(open_files), "WARC file was", "WARC files were")
        attention.append(f"{left} left open by a crash: the next crawl repairs that.")
    if damages:
        attention.append(
            f"The last verification found {counted(damages, 'damage')}: run `archiver verify`."
        )
    if disk.low and not folder.is_read_only:
        left = "" if disk.days_left is None else f", {counted(disk.days_left, 'day')} at this pace"
        attention.append(f"{_size(disk.free)} are free on the disk{left}: make room.")
    return Status(
        sites=sites,
        captures=_number(connection, "captures"),
        problems=dict(
            connection.execute("SELECT kind, count(*) FROM problems GROUP BY kind ORDER BY kind")
        ),
        recoveries=_number(connection, "recoveries"),
        open_files=open_files,
        disk=disk,
        verify_runs=_number(connection, "verify_runs"),
        last_verified_at=verified[0] if verified else None,
        damages=damages,
        attention=tuple(attention),
    )


def _about(site: SiteStanding) -> Iterator[str]:
    """What a person should look at, about one site."""
    last = site.last_crawl
    if last and last.outcome in ("failed", "incomplete"):
        why = f": {last.why}" if last.why else ""
        yield f"{site.site}: the last crawl is {last.outcome}, of {last.started_at[:16]}{why}."
    if site.late:
        since = f"since {site.last_success_at[:16]}" if site.last_success_at else "yet"
        yield f"{site.site}: no crawl was complete {since}."
    if site.missing:
        missing = counted(site.missing, "listed article is", "listed articles are")
        yield f"{site.site}: {missing} not in the archive."
    if site.error_rate is not None and site.error_rate > MANY_ERRORS:
        yield f"{site.site}: {site.error_rate:.0%} of the month's requests were given up."
    if site.redesign:
        lacks = site.redesign
        yield (
            f"{site.site}: {lacks.lacking} found on {lacks.found} of {lacks.pages} pages of "
            "articles, probably a redesign or an outage: look at the site, then check the "
            "profile's rules."
        )


def _number(connection: Connection, table: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def _size(number: int) -> str:
    for unit in ("bytes", "KB", "MB", "GB"):
        if number < 1000:
            return f"{number:.0f} {unit}"
        number //= 1000
    return f"{number} TB"


def _lasting(days: int) -> str:
    return counted(days, "day") if days <= FORESEEABLE else "more than ten years"


def lines_of(status: Status) -> Iterator[str]:
    """The state as lines for a person, what needs attention last."""
    for site in status.sites:
        yield from _lines_about(site)
    kinds = ", ".join(f"{kind} {count}" for kind, count in status.problems.items())
    yield f"problems: {kinds or 'none'}"
    verified = status.last_verified_at
    yield f"verifications: {status.verify_runs}, last {verified[:16] if verified else 'never'}"
    yield f"recoveries: {status.recoveries}; open WARC files: {len(status.open_files)}"
    disk = status.disk
    left = "" if disk.days_left is None else f" ({_lasting(disk.days_left)} at this pace)"
    yield f"disk: {_size(disk.used)} used, {_size(disk.free)} free{left}"
    for line in status.attention:
        yield f"Attention: {line}"
    if not status.attention:
        yield "Nothing needs attention."


def _lines_about(site: SiteStanding) -> Iterator[str]:
    yield (
        f"{site.site}: {counted(site.articles, 'article')} ({site.gone} gone),"
        f" {counted(site.questions, 'question')}"
        f" ({site.pending} pending)"
    )
    if site.last_crawl:
        crawl = site.last_crawl
        yield f"  last crawl {crawl.started_at[:16]}, {crawl.outcome or 'not ended'}"
    yield f"  last success {site.last_success_at[:16] if site.last_success_at else 'never'}"
    if site.error_rate is not None:
        yield f"  errors: {site.error_rate:.1%} of the requests of 30 days"
    if site.gaps:
        newest = "; ".join(_span(gap) for gap in site.gaps[-GAPS_SHOWN:])
        yield f"  gaps: {len(site.gaps)}, the newest {newest}"
    if site.listed:
        named = ", ".join(f"{source} {count}" for source, count in site.listed.items())
        cut = f"; {site.too_large} {TOO_LARGE}" if site.too_large else ""
        yield f"  listed: {named}; not in the archive: {site.missing}{cut}"


def _span(gap: Gap) -> str:
    return f"{gap.since[:10]} to {gap.until[:10] if gap.until else 'now'}"
