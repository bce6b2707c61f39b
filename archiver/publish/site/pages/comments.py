"""The comments page: most commented articles, fastest rises over 7 and 30 days, and as CSV."""

import re
import sqlite3
from dataclasses import dataclass
from typing import Any

from datasette.utils.asgi import Response

from archiver.publish.site.addresses import linker
from archiver.publish.site.out import tables
from archiver.publish.site.out.links import MOST_COMMENTED, MOST_RISES
from archiver.publish.site.out.requests import DEEPEST_PART, Slice
from archiver.publish.site.queries import comments as queries
from archiver.publish.site.reading import page, read
from archiver.publish.site.search.request import page_number
from archiver.publish.site.tabular import respond

_PERIODS = (7, 30)
_DAYS = re.compile("[1-9][0-9]{0,2}")


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
    part = Slice(request.path, (), page_number(request.args, DEEPEST_PART), MOST_COMMENTED)

    def gather(connection: sqlite3.Connection) -> tuple[int, tuple[queries.Commented, ...]]:
        total = queries.how_many_commented(connection)
        return total, queries.most_commented(connection, part.size, part.offset)

    (total, most), _ = await read(datasette, gather)
    link = linker(datasette, request)
    table = part.of(tables.commented(most, link), total, link)
    return respond(table, request.url_vars["format"], "commentaires")


async def export_rises(datasette: Any, request: Any) -> Response:
    """`/hausses.<format>`: the largest rises over the last `jours` days before the newest reading,
    seven when none are given."""
    word = request.args.get("jours") or ""
    days = int(word) if _DAYS.fullmatch(word) else _PERIODS[0]

    def gather(connection: sqlite3.Connection) -> tuple[queries.Rise, ...]:
        newest = queries.newest_reading(connection)
        return queries.rises(connection, newest, days, MOST_RISES) if newest else ()

    found, _ = await read(datasette, gather)
    table = tables.rises(found, linker(datasette, request))
    return respond(table, request.url_vars["format"], f"hausses-{days}-jours")
