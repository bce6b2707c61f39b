"""The comments page: most commented articles, fastest rises over 7 and 30 days, and as CSV."""

import sqlite3
from dataclasses import dataclass
from functools import partial
from typing import Any

from datasette.utils.asgi import Response

from archiver.publish.site.out import tables
from archiver.publish.site.queries import comments as queries
from archiver.publish.site.reading import page, read
from archiver.publish.site.tabular import respond

_PERIODS = (7, 30)
_EXPORTED = 10_000


@dataclass(frozen=True, slots=True)
class RisesOver:
    """The rises over some days."""

    days: int
    rises: tuple[queries.Rise, ...]


async def view(datasette: Any, request: Any) -> Response:
    """`/commentaires`"""

    def gather(
        connection: sqlite3.Connection,
    ) -> tuple[queries.Totals, tuple[queries.Commented, ...], str | None, tuple[RisesOver, ...]]:
        newest = queries.newest_reading(connection)
        rises = tuple(
            RisesOver(days, queries.rises(connection, newest, days) if newest else ())
            for days in _PERIODS
        )
        return queries.totals(connection), queries.most_commented(connection), newest, rises

    (totals, most, newest, rises), chrome = await read(datasette, gather)
    return await page(
        datasette,
        request,
        "comments.html",
        chrome,
        {"totals": totals, "most": most, "newest": newest, "rises": rises},
    )


async def export(datasette: Any, request: Any) -> Response:
    """`/commentaires.<format>`: every article with a known count above zero."""
    most, _ = await read(
        datasette, lambda connection: queries.most_commented(connection, _EXPORTED)
    )
    table = tables.commented(most, partial(datasette.absolute_url, request))
    return respond(table, request.url_vars["format"], "commentaires")
