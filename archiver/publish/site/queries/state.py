"""The SQL of the page on the archive's own state: what lists name and the archive lacks, the last
crawls, what is doubtful, and what verifications found.

How watching goes is told by `archiver.store.standing`, as `archiver status` tells it. A published
copy has none of the tables that say so: what it cannot know is None.
"""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from archiver.folder import DataFolder
from archiver.store.listed import LISTED
from archiver.store.standing import Disk, SiteStanding, disk_of, sites_standing

_CRAWLS = 15
_RUNS = 5
_MISSING = 50


@dataclass(frozen=True, slots=True)
class Listed:
    """What one of a site's lists named in its last finished crawl, and how many of these the
    archive lacks."""

    source: str
    named: int
    missing: int


@dataclass(frozen=True, slots=True)
class Completeness:
    """A site's lists beside what the archive holds; the first URLs that it lacks."""

    lists: tuple[Listed, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Crawl:
    """One crawl; `outcome` None while it runs, or when it was killed."""

    id: int
    site_id: str | None
    source: str
    started_at: str
    finished_at: str | None
    outcome: str | None
    pages: int | None
    new_articles: int | None
    changed_articles: int | None
    errors: int | None


@dataclass(frozen=True, slots=True)
class Doubt:
    """How many problems of one kind there are, and when the newest was seen."""

    kind: str
    number: int
    seen_at: str


@dataclass(frozen=True, slots=True)
class Verification:
    """One verification of the whole archive; `finished_at` None when it was interrupted."""

    started_at: str
    finished_at: str | None
    files: int | None
    records: int | None
    bytes: int | None
    damages: int | None


@dataclass(frozen=True, slots=True)
class Held:
    """What the archive holds: captures, their compressed bytes, the WARC files they lie in."""

    captures: int
    bytes: int
    files: int


@dataclass(frozen=True, slots=True)
class State:
    """All of the page, from one snapshot. `sites`, `completeness` (by site), `verifications` and
    `disk` are None in a published copy."""

    held: Held
    crawls: tuple[Crawl, ...]
    doubts: tuple[Doubt, ...]
    sites: tuple[SiteStanding, ...] | None
    completeness: dict[str, Completeness] | None
    verifications: tuple[Verification, ...] | None
    disk: Disk | None


def state(connection: sqlite3.Connection, folder: DataFolder, now: datetime) -> State:
    """The state of the archive in `folder` at `now`."""
    whole = _has_workings(connection)
    sites = sites_standing(connection, now) if whole else None
    return State(
        held=_held(connection),
        crawls=_crawls(connection),
        doubts=_doubts(connection),
        sites=sites,
        completeness={one.site: _completeness(connection, one.site) for one in sites}
        if sites is not None
        else None,
        verifications=_verifications(connection) if whole else None,
        disk=disk_of(connection, folder, now) if whole else None,
    )


def _has_workings(connection: sqlite3.Connection) -> bool:
    (found,) = connection.execute(
        "select count(*) from sqlite_master where type = 'table'"
        " and name in ('statements', 'observations', 'verify_runs', 'warc_files')"
    ).fetchone()
    return bool(found == 4)


def _held(connection: sqlite3.Connection) -> Held:
    row = connection.execute(
        "select count(*), coalesce(sum(warc_length), 0), count(distinct warc_file) from captures"
    ).fetchone()
    return Held(*row)


def _crawls(connection: sqlite3.Connection) -> tuple[Crawl, ...]:
    rows = connection.execute(
        "select id, site_id, source, started_at, finished_at, outcome, pages, new_articles,"
        " changed_articles, errors from crawls order by started_at desc, id desc limit ?",
        (_CRAWLS,),
    )
    return tuple(Crawl(*row) for row in rows)


def _doubts(connection: sqlite3.Connection) -> tuple[Doubt, ...]:
    rows = connection.execute(
        "select kind, count(*), max(seen_at) from problems group by kind order by 2 desc, 1"
    )
    return tuple(Doubt(*row) for row in rows)


def _completeness(connection: sqlite3.Connection, site: str) -> Completeness:
    ended = connection.execute(
        "select id from crawls where site_id = ? and source = 'live' and outcome is not null"
        " order by started_at desc, id desc limit 1",
        (site,),
    ).fetchone()
    if ended is None:
        return Completeness((), ())
    lists = connection.execute(
        f"{LISTED} select source, count(*), sum(not article) from held"
        " where article or not answered group by source order by source",
        (ended[0],),
    )
    missing = connection.execute(
        f"{LISTED} select min(url) from held where not article and not answered"
        " group by url_key order by 1 limit ?",
        (ended[0], _MISSING),
    )
    return Completeness(
        tuple(Listed(*row) for row in lists.fetchall()), tuple(url for (url,) in missing)
    )


def _verifications(connection: sqlite3.Connection) -> tuple[Verification, ...]:
    rows = connection.execute(
        "select started_at, finished_at, files, records, bytes, damages from verify_runs"
        " order by started_at desc limit ?",
        (_RUNS,),
    )
    return tuple(Verification(*row) for row in rows)
