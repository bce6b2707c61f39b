"""How watching a site goes, as the reading site and `archiver status` tell it."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.extract.facts import Facts, Role
from archiver.folder import DataFolder
from archiver.store.database import Store
from archiver.store.model import CrawlEnd, CrawlStart
from archiver.store.standing import Redesign, SiteStanding, disk_of, sites_standing
from tests.store.site import HOST, Step, at, build, open_store, page

NOW = datetime(2024, 6, 30, 12, tzinfo=UTC)
MONTHS = [page(hour, f"article-{hour}/", post_id=hour, comments=0) for hour in range(30)]
"""Thirty articles, as a site was before it was redesigned."""


def standing(path: Path, now: datetime = NOW) -> SiteStanding:
    """Read through a connection that cannot write."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        (site,) = sites_standing(connection, now)
        return site


def crawled(store: Store, *crawls: tuple[str, str, int, int]) -> None:
    """Crawls of an hour each: day, outcome, exchanges kept, addresses given up."""
    for day, outcome, pages, errors in crawls:
        crawl = store.begin_crawl(CrawlStart(HOST, "live", f"2024-{day}T06:00:00.000000Z"))
        end = f"2024-{day}T07:00:00.000000Z"
        store.finish_crawl(crawl, CrawlEnd(end, outcome, pages, 0, 0, errors))  # type: ignore[arg-type]


def test_gaps_are_the_times_without_a_complete_crawl(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    store, _ = open_store(path)
    days = ["06-01", "06-03", "06-10", "06-11", "06-20"]
    with closing(store):
        crawled(store, *((day, "complete", 9, 0) for day in days), ("06-15", "failed", 3, 1))
    found = standing(path)
    assert [(gap.since[5:10], gap.until and gap.until[5:10]) for gap in found.gaps] == [
        *(("06-03", "06-10"), ("06-11", "06-20"), ("06-20", None))
    ]
    assert found.late
    assert found.last_success_at == "2024-06-20T07:00:00.000000Z"
    soon = standing(path, datetime(2024, 6, 22, tzinfo=UTC))
    assert (soon.late, len(soon.gaps)) == (False, 2)


def test_the_error_rate_is_that_of_a_month(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    store, _ = open_store(path)
    with closing(store):
        crawled(store, ("04-01", "failed", 0, 50), ("06-20", "complete", 90, 10))
    assert standing(path).error_rate == pytest.approx(0.1)
    assert standing(path, datetime(2024, 8, 1, tzinfo=UTC)).error_rate is None


def test_a_site_never_crawled_is_not_late(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    build(path, MONTHS).close()
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE crawls SET source = 'import'")
    found = standing(path)
    assert (found.articles, found.last_crawl, found.late, found.gaps) == (30, None, False, ())


def again(number: int, step: Step) -> Step:
    return replace(step, hour=100 + number)


def plain(step: Step) -> Step:
    return replace(step, facts=Facts(Role.PAGE))


def undated(step: Step) -> Step:
    assert step.facts.article is not None
    return replace(
        step, facts=replace(step.facts, article=replace(step.facts.article, published_on=None))
    )


def uncounted(step: Step) -> Step:
    return page(step.hour, step.url.removeprefix(at("")), post_id=step.hour, comments=None)


@pytest.mark.parametrize(
    ("after", "found"),
    [
        ([plain] * 4, Redesign("article", 0, 4)),
        ([undated] * 4, Redesign("date", 0, 4)),
        ([uncounted] * 4, Redesign("count", 0, 4)),
        ([undated] * 3, None),
        ([plain, undated, uncounted] * 1, None),
        ([*[plain] * 3, None, *[plain] * 9, *[None] * 7], Redesign("article", 8, 20)),
        ([*[plain] * 3, None, *[plain] * 6, *[None] * 10], None),
    ],
    ids=["no article", "no date", "no count", "too few", "one each", "most of them", "a half"],
)
def test_what_is_suddenly_not_found_is_a_probable_redesign(
    tmp_path: Path, after: Sequence[object], found: Redesign | None
) -> None:
    path = tmp_path / "archive.db"
    newest = [
        again(len(after) - number, change(step) if callable(change) else step)
        for number, (change, step) in enumerate(zip(after, MONTHS, strict=False))
    ]
    build(path, [*MONTHS, *newest]).close()
    assert standing(path).redesign == found


def test_the_disk_is_low_when_a_month_would_fill_it(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    with closing(Store.open(folder.database)) as store:
        held = disk_of(store.connection, folder, NOW)
        assert (held.month, held.days_left) == (0, None)
        assert held.used >= folder.database.stat().st_size
        store.add_warc_file("a.warc.gz", "0" * 64, held.free // 20, "2024-06-20T00:00:00.000000Z")
        store.add_warc_file("b.warc.gz", "0" * 64, held.free, "2024-05-20T00:00:00.000000Z")
        assert not disk_of(store.connection, folder, NOW).low or held.low
        store.add_warc_file("c.warc.gz", "0" * 64, held.free * 2, "2024-06-21T00:00:00.000000Z")
        full = disk_of(store.connection, folder, NOW)
        assert full.low
        assert full.days_left is not None
        assert 10 < full.days_left < 20
