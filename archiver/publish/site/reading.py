"""From a request to a page: one hop to a reader thread, one snapshot, one template.

All the SQL of a page runs in one read transaction of one connection, so that its figures agree
even while a crawl writes; a query that takes too long ends in a page that says so.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from time import thread_time
from typing import Any, TypeVar

from datasette.utils.asgi import Response
from jinja2 import Environment

from archiver.publish.opening import DATABASE_NAME
from archiver.publish.site.addresses import linker

SECONDS = 3.0
_INSTRUCTIONS = 1000
T = TypeVar("T")
_CACHE = "max-age=5"


class Absent(Exception):
    """What the address names is not in the archive; the sentence is shown to the reader."""


class TooSlow(Exception):
    """A query ran out of time."""


@dataclass(frozen=True, slots=True)
class Chrome:
    """What every page's head and foot need: the sites as (id, name, home URL), and the instant of
    the newest capture; `chambers` says in which chamber a site's elected person sits."""

    sites: tuple[tuple[str, str, str], ...]
    newest_capture: str | None
    chambers: Mapping[str, str]


async def read(
    datasette: Any, question: Callable[[sqlite3.Connection], T], seconds: float = SECONDS
) -> tuple[T, Chrome]:
    """Run `question` on the archive, with what the page's frame needs, in one snapshot.

    Raises TooSlow after some seconds, and whatever `question` raises.
    """

    def snapshot(connection: sqlite3.Connection) -> tuple[T, Chrome]:
        with _time_limit(connection, seconds):
            connection.execute("begin")
            try:
                return question(connection), _chrome(connection)
            except sqlite3.OperationalError as error:
                if "interrupted" in str(error):
                    raise TooSlow from error
                raise
            finally:
                connection.rollback()

    answer: tuple[T, Chrome] = await datasette.get_database(DATABASE_NAME).execute_fn(snapshot)
    return answer


@contextmanager
def _time_limit(connection: sqlite3.Connection, seconds: float) -> Iterator[None]:
    """Interrupt statements that run on after some seconds, from the first that takes work: what is
    made ready before it (the words of a dictionary, once) is no fault of the query. The seconds are
    those that this thread works: what a busy machine does meanwhile is no fault of it either."""
    deadline: float | None = None

    def is_late() -> bool:
        nonlocal deadline
        if deadline is None:
            deadline = thread_time() + seconds
        return thread_time() >= deadline

    connection.set_progress_handler(is_late, _INSTRUCTIONS)
    try:
        yield
    finally:
        connection.set_progress_handler(None, _INSTRUCTIONS)


def _chrome(connection: sqlite3.Connection) -> Chrome:
    sites = connection.execute(
        "select id, coalesce(name, id), home_url, chamber from sites"
        " left join chambers on site_id = id order by 2, 1"
    ).fetchall()
    newest = connection.execute("select max(captured_at) from captures").fetchone()
    chambers = {row[0]: row[3] for row in sites if row[3] is not None}
    return Chrome(tuple((row[0], row[1], row[2]) for row in sites), newest[0], chambers)


async def page(
    datasette: Any,
    request: Any,
    template: str,
    chrome: Chrome,
    context: Mapping[str, object],
    *,
    status: int = 200,
) -> Response:
    """One of our own HTML pages."""
    site = synchronous(datasette.jinja_env)
    absolute = linker(datasette, request)
    canonical = absolute(request.path) if status == 200 else None
    named = {
        "absolute": absolute,
        "chrome": chrome,
        "path": request.path,
        "here": request.full_path,
        "request": request,
    }
    html = site.get_template(f"site/{template}").render(
        {"canonical": canonical, **context, **named}
    )
    return Response.html(html, status=status, headers={"cache-control": _CACHE})


@lru_cache(maxsize=8)
def synchronous(env: Environment) -> Environment:
    """Datasette's environment without its asynchronous rendering, which our pages do not need and
    which takes three times as long."""
    return env.overlay(enable_async=False)
