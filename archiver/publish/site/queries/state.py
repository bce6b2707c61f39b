"""The SQL of the page on the archive's own state: what it holds, the last crawls, what is doubtful;
how it stands beside its sites is `archiver.publish.standing`.
"""

import sqlite3
from dataclasses import dataclass, replace
from datetime import datetime

from archiver.folder import DataFolder
from archiver.publish.standing import Standing, read_note, standing_of
from archiver.store.standing import Disk, disk_of

_CRAWLS = 15


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
class Held:
    """What the archive holds: captures, their compressed bytes, the WARC files they lie in."""

    captures: int
    bytes: int
    files: int


@dataclass(frozen=True, slots=True)
class State:
    """All of the page, from one snapshot. `standing` of a published copy is that of the archive
    when it was published; `disk` is None there."""

    held: Held
    crawls: tuple[Crawl, ...]
    doubts: tuple[Doubt, ...]
    standing: Standing | None
    disk: Disk | None


def state(connection: sqlite3.Connection, folder: DataFolder, now: datetime) -> State:
    """The state of the archive in `folder` at `now`."""
    own = standing_of(connection, now)
    return State(
        held=_held(connection),
        crawls=_crawls(connection),
        doubts=_doubts(connection),
        standing=own or _noted(connection, folder),
        disk=disk_of(connection, folder, now) if own else None,
    )


def _noted(connection: sqlite3.Connection, folder: DataFolder) -> Standing | None:
    """The standing noted at publication, with the articles that this copy has."""
    noted = read_note(folder.root)
    if noted is None:
        return None
    counts = {
        site: (articles, gone)
        for site, articles, gone in connection.execute(
            "select site_id, count(*), count(gone_at) from articles group by site_id"
        )
    }
    sites = []
    for site in noted.sites:
        articles, gone = counts.get(site.site, (0, 0))
        sites.append(replace(site, articles=articles, gone=gone))
    return replace(noted, sites=tuple(sites))


def _held(connection: sqlite3.Connection) -> Held:
    row = connection.execute(
        "select count(*), coalesce(sum(warc_length), 0), count(distinct nullif(warc_file, ''))"
        " from captures"
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
