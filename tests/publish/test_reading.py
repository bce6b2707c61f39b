"""The time that a page's SQL may take: it counts from the SQL's first work, and ends in a page; and
what a reader sees of a fault of the program.
"""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from datasette.app import Datasette

from archiver.publish.engine import build
from archiver.publish.site import reading
from archiver.publish.site.reading import SECONDS, TooSlow, read

COUNTING = "with recursive n(x) as (select 1 union all select x + 1 from n where x < {}) select {}"


class Clock:
    """Time that passes only when told."""

    now = 0.0

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> int:
        self.now += seconds
        return 1


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(reading, "thread_time", made)
    return made


@pytest.mark.asyncio
async def test_sql_that_runs_on_is_stopped(site: Datasette, clock: Clock) -> None:
    def endless(connection: sqlite3.Connection) -> object:
        connection.create_function("wait", 1, clock.wait)
        return connection.execute(COUNTING.format("1e12", "sum(wait(0.001)) from n")).fetchone()

    with pytest.raises(TooSlow):
        await read(site, endless)
    assert clock.now > SECONDS
    sites, _ = await read(site, lambda connection: connection.execute("select 1").fetchone()[0])
    assert sites == 1


@pytest.mark.asyncio
async def test_what_is_made_ready_before_the_sql_does_not_count(
    site: Datasette, clock: Clock
) -> None:
    def late(connection: sqlite3.Connection) -> int:
        clock.wait(60)
        return int(connection.execute(COUNTING.format(20_000, "count(*) from n")).fetchone()[0])

    found, _ = await read(site, late)
    assert found == 20_000


@pytest.mark.asyncio
async def test_a_fault_is_told_in_french_without_its_reason(database: Path, tmp_path: Path) -> None:
    harmed = Path(shutil.copy(database, tmp_path / "archive.db"))
    with closing(sqlite3.connect(harmed)) as connection:
        connection.execute("drop table comment_rises")
    site = build(harmed)
    page = await site.client.get("/commentaires")
    assert (page.status_code, '<html lang="fr">' in page.text) == (500, True)
    data = await site.client.get("/hausses.json")
    assert data.json()["status"] == data.status_code == 500
    with closing(sqlite3.connect(harmed)) as connection:
        connection.execute("drop table sites")
    bare = await site.client.get("/commentaires")
    assert (bare.status_code, bare.headers["content-type"]) == (500, "text/plain; charset=utf-8")
    for answer in (page, data, bare):
        assert "signalez cette adresse" in answer.text
        assert "no such table" not in answer.text
