"""The ministers' page: one row an office, for all years or one, and the same rows as CSV."""

import re
import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

from datasette.utils.asgi import Response

from archiver.publish.site.addresses import with_query
from archiver.publish.site.clock import today
from archiver.publish.site.out import tables
from archiver.publish.site.queries.ministers import Minister, ministers, years
from archiver.publish.site.reading import Chrome, page, read
from archiver.publish.site.tabular import respond

_YEAR = re.compile(r"\d{4}", re.ASCII)
_ORDERS: Mapping[str, tuple[str, Callable[[Minister], float]]] = {
    "questions": ("Questions", lambda m: -m.questions),
    "attente": ("Attente médiane", lambda m: -(m.median if m.median is not None else -1)),
    "retard": ("En retard", lambda m: -m.overdue),
    "part": ("Part répondue", lambda m: m.answered / m.decided if m.decided else 2.0),
}


async def view(datasette: Any, request: Any) -> Response:
    """`/ministres`, with `annee` and `tri`"""
    rows, known, chosen, chrome = await _gather(datasette, request)
    order = request.args.get("tri")
    order = order if order in _ORDERS else "questions"
    ordered = sorted(rows, key=lambda m: (_ORDERS[order][1](m), m.name or "~"))
    return await page(
        datasette,
        request,
        "ministers.html",
        chrome,
        {
            "ministers": ordered,
            "year": chosen,
            "years": known,
            "order": order,
            "orders": [
                (key, name, with_query("/ministres", {"annee": chosen or "", "tri": key}))
                for key, (name, _) in _ORDERS.items()
            ],
            "most": max((m.questions for m in rows), default=1),
            "totals": _total(rows),
            "canonical": datasette.absolute_url(
                request, with_query("/ministres", {"annee": chosen or ""})
            ),
        },
    )


async def export(datasette: Any, request: Any) -> Response:
    """`/ministres.<format>`"""
    rows, _, chosen, _ = await _gather(datasette, request)
    suffix = f"-{chosen}" if chosen else ""
    return respond(tables.ministers(rows), request.url_vars["format"], f"ministres{suffix}")


async def _gather(
    datasette: Any, request: Any
) -> tuple[tuple[Minister, ...], tuple[str, ...], str | None, Chrome]:
    asked = request.args.get("annee") or ""
    year = asked if _YEAR.fullmatch(asked) else None

    def question(connection: sqlite3.Connection) -> tuple[tuple[Minister, ...], tuple[str, ...]]:
        return ministers(connection, today(), year), years(connection)

    (rows, known), chrome = await read(datasette, question)
    return rows, known, year, chrome


def _total(rows: tuple[Minister, ...]) -> dict[str, int]:
    return {
        name: sum(getattr(row, name) for row in rows)
        for name in ("questions", "answered", "pending", "overdue")
    }
