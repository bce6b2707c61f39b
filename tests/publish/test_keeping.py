"""A page is made once as long as the database is as it was, and never shown when it is not."""

import sqlite3
from contextlib import closing
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from archiver.publish.engine import build
from archiver.publish.site import keeping
from archiver.publish.site.keeping import kept


class Counting:
    """A view that says how often it was asked, at some length."""

    def __init__(self, status: int = 200, length: int = 1) -> None:
        self.asked = 0
        self._status = status
        self._length = length

    async def __call__(self, datasette: Any, request: Any) -> Response:
        self.asked += 1
        body = f"{self.asked}".ljust(self._length)
        return Response.html(body, status=self._status, headers={"x-made": "yes"})


@pytest.fixture
def own(database: Path, tmp_path: Path) -> Path:
    return Path(copy(database, tmp_path / "archive.db"))


def change(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("update sites set name = 'Autre nom'")


async def ask(view: Any, site: Datasette, path: str = "/") -> Response:
    return await view(site, Request.fake(path))


@pytest.mark.asyncio
async def test_a_page_is_made_once_until_the_database_changes(own: Path) -> None:
    counting = Counting()
    view, site = kept(counting), build(own)
    first, second = await ask(view, site), await ask(view, site)
    assert (first.body, second.body, second.headers) == ("1", "1", {"x-made": "yes"})
    change(own)
    assert (await ask(view, site)).body == "2"
    assert (await ask(view, site)).body == "2"


@pytest.mark.asyncio
async def test_each_address_database_and_day_has_its_own(
    own: Path, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counting = Counting()
    view, site = kept(counting), build(own)
    for path in ("/", "/?a=1", "/?a=2"):
        await ask(view, site, path)
    await ask(view, build(database))
    assert counting.asked == 4
    monkeypatch.setattr(keeping, "today", lambda: "2031-01-01")
    await ask(view, site)
    assert counting.asked == 5


@pytest.mark.asyncio
async def test_what_a_reader_does_to_an_answer_stays_his(own: Path) -> None:
    view, site = kept(Counting()), build(own)
    for _ in range(2):
        answer = await ask(view, site)
        answer.body, answer.headers["etag"] = b"", "x"
    assert (await ask(view, site)).body == "1"
    assert (await ask(view, site)).headers == {"x-made": "yes"}


@pytest.mark.asyncio
async def test_only_good_pages_are_kept_and_not_more_than_the_bound(own: Path) -> None:
    counting, site = Counting(), build(own)
    for passing in (Counting(404), Counting(length=keeping.LARGEST + 1)):
        for _ in range(2):
            await ask(kept(passing), site, "/once")
        assert passing.asked == 2
    view = kept(counting)
    for number in range(keeping.MOST_KEPT + 1):
        await ask(view, site, f"/?n={number}")
    await ask(view, site, f"/?n={keeping.MOST_KEPT}")
    assert counting.asked == keeping.MOST_KEPT + 1
    await ask(view, site, "/?n=0")
    assert counting.asked == keeping.MOST_KEPT + 2


@pytest.mark.asyncio
async def test_the_home_page_follows_the_database(own: Path) -> None:
    site = build(own)
    assert "Autre nom" not in (await site.client.get("/")).text
    change(own)
    assert "Autre nom" in (await site.client.get("/")).text
