"""Our Datasette plug-in: the French reading site over the archive's tables.

Only the hooks are here; each page is a module of `pages`, its SQL one of `queries`.
"""

import sqlite3
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from datasette import hookimpl
from datasette.database import QueryInterrupted
from datasette.utils.asgi import Base400, Forbidden, NotFound, Response
from datasette.views.base import DatasetteError
from jinja2 import Environment
from markupsafe import Markup

from archiver.publish.bounds import limit, noting_readers_sql
from archiver.publish.opening import DATABASE_NAME
from archiver.publish.site import stock
from archiver.publish.site.deferred import View
from archiver.publish.site.environment import prepare
from archiver.publish.site.headers import App, refusing_no_hosts, with_security_headers
from archiver.publish.site.offices import register
from archiver.publish.site.replaying import replay_link
from archiver.publish.site.routes import MISREAD, failed, misread, no_such_page, refused, routes
from archiver.publish.site.search.match import table_search


@hookimpl  # type: ignore[untyped-decorator]
def asgi_wrapper() -> Callable[[App], App]:
    """Security headers on every response, no Host that is none, and bounds on readers' own SQL."""
    return lambda app: with_security_headers(refusing_no_hosts(noting_readers_sql(app)))


@hookimpl  # type: ignore[untyped-decorator]
def prepare_jinja2_environment(env: Environment, datasette: Any) -> None:
    """Our filters and globals."""
    prepare(env)
    env.globals["replay_link"] = partial(replay_link, datasette)


@hookimpl(trylast=True)  # type: ignore[untyped-decorator]
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Limits, the functions our SQL calls, and French in Datasette's own table search: that calls
    `escape_fts`, which core defines in the same hook, hence last."""
    limit(conn)
    register(conn)
    conn.create_function("escape_fts", 1, table_search, deterministic=True)


@hookimpl  # type: ignore[untyped-decorator]
def register_routes() -> list[tuple[str, View]]:
    """The reading site's pages."""
    return routes()


@hookimpl  # type: ignore[untyped-decorator]
def extra_template_vars(datasette: Any, request: Any, template: str) -> Any:
    """What our templates of the stock pages use."""
    return stock.variables(datasette, request) if template in stock.TEMPLATES else {}


@hookimpl  # type: ignore[untyped-decorator]
def render_cell(row: sqlite3.Row, value: Any, column: str, table: str | None) -> Markup | None:
    """Links from the tables to the pages that readers see."""
    return stock.cell(row, value, column, table)


@hookimpl  # type: ignore[untyped-decorator]
def forbidden(datasette: Any, request: Any, message: str) -> Awaitable[Response]:
    """Our own page for what is not open to readers."""
    return refused(datasette, request, Forbidden(message))


@hookimpl  # type: ignore[untyped-decorator]
def handle_exception(
    datasette: Any, request: Any, exception: Exception
) -> Awaitable[Response] | None:
    """Our own words where nothing is or what was asked is refused, but in Datasette's tools."""
    if request.path.startswith("/-/"):
        return None
    if isinstance(exception, NotFound):
        return no_such_page(datasette, request)
    if isinstance(exception, (DatasetteError, Base400, Forbidden, QueryInterrupted)):
        return refused(datasette, request, exception)
    if isinstance(exception, MISREAD) and request.path.startswith(f"/{DATABASE_NAME}"):
        return misread(datasette, request)
    return failed(datasette, request)
