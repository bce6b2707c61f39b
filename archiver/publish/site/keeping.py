"""Pages that are kept until the database changes, so that a page asked for again costs nothing.

SQLite tells of each change that another connection has committed (`PRAGMA data_version`); the
version is asked for before a page reads anything, so that no page is ever shown that is older than
the database. Only whole HTML pages are kept, the newest within a bound.
"""

import sqlite3
from collections import OrderedDict
from dataclasses import dataclass
from functools import wraps
from typing import Any
from weakref import WeakKeyDictionary

from datasette.database import Database
from datasette.utils.asgi import Response

from archiver.publish.opening import DATABASE_NAME
from archiver.publish.site.clock import today
from archiver.publish.site.deferred import View

MOST_KEPT = 200
LARGEST = 400_000
"""Characters of a page that is worth keeping: all of them together stay below 80 MB."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was answered, when the database was at `version`."""

    version: int
    body: str
    headers: dict[str, str]
    content_type: str


class Shelf:
    """The pages of one database, by address and day."""

    def __init__(self, database: Database) -> None:
        self._pages: OrderedDict[tuple[str, str], Page] = OrderedDict()
        self._connection = database.connect()
        self._connection.execute("pragma busy_timeout = 0")

    def version(self) -> int | None:
        """A number that differs after each change; None while SQLite cannot say, be it that the
        database was closed for a newer one."""
        try:
            return int(self._connection.execute("pragma data_version").fetchone()[0])
        except sqlite3.Error:
            return None

    def find(self, key: tuple[str, str], version: int) -> Response | None:
        """The page kept under an address and day, if the database is as it was."""
        page = self._pages.get(key)
        if page is None or page.version != version:
            return None
        self._pages.move_to_end(key)
        return Response(page.body, 200, dict(page.headers), page.content_type)

    def keep(self, key: tuple[str, str], version: int, response: Response) -> None:
        """Keep a page that was read from the database at `version`, or later."""
        self._pages[key] = Page(
            version, response.body, dict(response.headers), response.content_type
        )
        self._pages.move_to_end(key)
        if len(self._pages) > MOST_KEPT:
            self._pages.popitem(last=False)


_SHELVES: WeakKeyDictionary[Database, Shelf] = WeakKeyDictionary()


def kept(view: View) -> View:
    """The view, asked only for pages that are not kept."""

    @wraps(view)
    async def looking(datasette: Any, request: Any) -> Response:
        database = datasette.get_database(DATABASE_NAME)
        shelf = _SHELVES.get(database)
        if shelf is None:
            shelf = _SHELVES[database] = Shelf(database)
        key, version = (request.url, today()), shelf.version()
        if version is None:
            return await view(datasette, request)
        found = shelf.find(key, version)
        if found is not None:
            return found
        response = await view(datasette, request)
        if response.status == 200 and len(response.body) <= LARGEST:
            shelf.keep(key, version, response)
        return response

    return looking
