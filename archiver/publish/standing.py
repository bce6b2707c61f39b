"""How an archive stands beside what its sites list, and what verifications found: read from the
archive, or from the note of it that a published copy carries, which has none of those tables.

How watching goes is told by `archiver.store.standing`, as `archiver status` tells it.
"""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from archiver.instants import format_instant
from archiver.store.listed import Listed
from archiver.store.standing import CrawlStanding, Gap, Redesign, SiteStanding, sites_beside_lists

NOTE = "standing.json"
_RUNS = 5
_MISSING = 50
_NEEDED = ("statements", "observations", "verify_runs", "warc_files")


@dataclass(frozen=True, slots=True)
class Completeness:
    """A site's lists beside what the archive holds; the first URLs that it lacks."""

    lists: tuple[Listed, ...]
    missing: tuple[str, ...]


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
class Standing:
    """All of it as of one instant; `completeness` by site, the newest verification first."""

    as_of: str
    sites: tuple[SiteStanding, ...]
    completeness: Mapping[str, Completeness]
    verifications: tuple[Verification, ...]


def standing_of(connection: sqlite3.Connection, now: datetime) -> Standing | None:
    """How the archive of a connection stands at `now`; None in a published copy."""
    (found,) = connection.execute(
        "select count(*) from sqlite_master where type = 'table'"
        f" and name in ({', '.join('?' for _ in _NEEDED)})",
        _NEEDED,
    ).fetchone()
    if found < len(_NEEDED):
        return None
    sites = sites_beside_lists(connection, now)
    return Standing(
        as_of=format_instant(now),
        sites=tuple(site for site, _ in sites),
        completeness={
            site.site: Completeness(beside.lists, beside.missing[:_MISSING])
            for site, beside in sites
        },
        verifications=_verifications(connection),
    )


def write_note(folder: Path, standing: Standing) -> None:
    """Note the standing beside a copy of the database."""
    text = json.dumps(asdict(standing), ensure_ascii=False, indent=1)
    (folder / NOTE).write_text(f"{text}\n", encoding="utf-8")


def read_note(folder: Path) -> Standing | None:
    """The standing noted beside a copy of the database, if any."""
    try:
        noted = json.loads((folder / NOTE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Standing(
        as_of=noted["as_of"],
        sites=tuple(_site(one) for one in noted["sites"]),
        completeness={
            site: Completeness(
                tuple(Listed(**one) for one in held["lists"]), tuple(held["missing"])
            )
            for site, held in noted["completeness"].items()
        },
        verifications=tuple(Verification(**one) for one in noted["verifications"]),
    )


def _site(noted: dict[str, Any]) -> SiteStanding:
    last, redesign = noted["last_crawl"], noted["redesign"]
    return SiteStanding(
        **{
            **noted,
            "last_crawl": last and CrawlStanding(**last),
            "gaps": tuple(Gap(**gap) for gap in noted["gaps"]),
            "redesign": redesign and Redesign(**redesign),
        }
    )


def _verifications(connection: sqlite3.Connection) -> tuple[Verification, ...]:
    rows = connection.execute(
        "select started_at, finished_at, files, records, bytes, damages from verify_runs"
        " order by started_at desc limit ?",
        (_RUNS,),
    )
    return tuple(Verification(*row) for row in rows)
