"""Our Datasette plug-in: the French reading site over the archive's tables.

Only the hooks are here; each page is a module of `pages`, its SQL one of `queries`.
"""

import sqlite3
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from datasette import hookimpl
from datasette.utils.asgi import NotFound, Response
from jinja2 import Environment

from archiver.publish.opening import DATABASE_NAME
from archiver.publish.site.environment import prepare
from archiver.publish.site.headers import App, with_security_headers
from archiver.publish.site.offices import register
from archiver.publish.site.replaying import replay_link
from archiver.publish.site.routes import View, no_such_page, routes
from archiver.publish.site.search.match import table_search


@hookimpl  # type: ignore[untyped-decorator]
def asgi_wrapper() -> Callable[[App], App]:
    """Security headers on every response."""
    return with_security_headers


@hookimpl  # type: ignore[untyped-decorator]
def prepare_jinja2_environment(env: Environment, datasette: Any) -> None:
    """Our filters and globals."""
    prepare(env)
    env.globals["replay_link"] = partial(replay_link, datasette)


@hookimpl(trylast=True)  # type: ignore[untyped-decorator]
def prepare_connection(conn: sqlite3.Connection) -> None:
    """The functions our SQL calls, and French in Datasette's own table search: that calls
    `escape_fts`, which core defines in the same hook, hence last."""
    register(conn)
    conn.create_function("escape_fts", 1, table_search, deterministic=True)


@hookimpl  # type: ignore[untyped-decorator]
def register_routes() -> list[tuple[str, View]]:
    """The reading site's pages."""
    return routes()


@hookimpl  # type: ignore[untyped-decorator]
def handle_exception(
    datasette: Any, request: Any, exception: Exception
) -> Awaitable[Response] | None:
    """Our own page where nothing is, but not for machines, nor within the tables."""
    path = request.path
    machine = path.endswith(".json") or path.startswith(("/-/", f"/{DATABASE_NAME}/"))
    if isinstance(exception, NotFound) and not machine:
        return no_such_page(datasette, request)
    return None
