"""The ministers' page: one row an office, of all time, a year, any period or a legislature, and the
same rows as CSV. Periods are those of the search, of articles by the day of their publication; a
legislature is the question's own."""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from datasette.utils.asgi import Response

from archiver.publish.site.clock import today
from archiver.publish.site.out import tables
from archiver.publish.site.out.requests import named
from archiver.publish.site.periods import first_day, last_day
from archiver.publish.site.queries.ministers import Minister, legislatures, ministers, years
from archiver.publish.site.reading import Chrome, page, read
from archiver.publish.site.search.filters import Filters, legislature_key
from archiver.publish.site.search.naming import value_name
from archiver.publish.site.search.request import Request, read_request
from archiver.publish.site.tabular import respond

_PERIOD = ("annee", "du", "au", "legislature")
_ORDERS: Mapping[str, tuple[str, Callable[[Minister], float]]] = {
    "questions": ("Questions", lambda m: -m.questions),
    "attente": ("Attente médiane", lambda m: -(m.median if m.median is not None else -1)),
    "retard": ("En retard", lambda m: -m.overdue),
    "part": ("Part répondue", lambda m: m.answered / m.decided if m.decided else 2.0),
}


@dataclass(frozen=True, slots=True)
class Known:
    """The periods that the archive has questions of."""

    years: tuple[str, ...]
    legislatures: tuple[str, ...]


async def view(datasette: Any, request: Any) -> Response:
    """`/ministres`, with `annee`, `du`, `au`, `legislature` and `tri`"""
    period, rows, known, chrome = await _gather(datasette, request)
    chosen = period.asked.filters
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
            "year": chosen.annee,
            "first_day": first_day(chosen.du),
            "last_day": last_day(chosen.au),
            "period": dict(chosen.pairs()),
            "told": _told(chosen),
            "years": known.years,
            "legislature": legislature_key(chosen.legislature),
            "legislatures": [(key, value_name("legislature", key)) for key in known.legislatures],
            "order": order,
            "orders": [
                (key, name, period.link("/ministres", tri=key))
                for key, (name, _) in _ORDERS.items()
            ],
            "most": max((m.questions for m in rows), default=1),
            "totals": _total(rows),
            "canonical": datasette.absolute_url(request, period.link("/ministres")),
        },
    )


async def export(datasette: Any, request: Any) -> Response:
    """`/ministres.<format>`"""
    period, rows, _, _ = await _gather(datasette, request)
    name = named("ministres", period)
    return respond(tables.ministers(rows), request.url_vars["format"], name)


async def _gather(
    datasette: Any, request: Any
) -> tuple[Request, tuple[Minister, ...], Known, Chrome]:
    given = {name: request.args.get(name) for name in _PERIOD}
    period = read_request(given, today())

    def question(connection: sqlite3.Connection) -> tuple[tuple[Minister, ...], Known]:
        rows = ministers(connection, period.asked.today, period.asked.filters)
        return rows, Known(years(connection), legislatures(connection))

    (rows, known), chrome = await read(datasette, question)
    return period, rows, known, chrome


def _told(filters: Filters) -> str:
    """The period in words: « sous la 16e législature, dans les articles publiés en 2021 »."""
    words = {"annee": "en", "du": "depuis", "au": "jusqu’à"}
    published = []
    for name, value in filters.pairs():
        if name in words:
            article = "le " if value.count("-") == 2 else ""
            published.append(f"{words[name]} {article}{value_name(name, value)}")
    told = []
    if (key := legislature_key(filters.legislature)).isdigit():
        told.append(f"sous la {value_name('legislature', key)} législature")
    elif filters.legislature:
        told.append(f"de législature {key or filters.legislature}")
    if published:
        in_order = " ".join(published).replace("jusqu’à le ", "jusqu’au ")
        told.append(f"dans les articles publiés {in_order}")
    return ", ".join(told)


def _total(rows: tuple[Minister, ...]) -> dict[str, int]:
    return {
        name: sum(getattr(row, name) for row in rows)
        for name in ("questions", "answered", "pending", "overdue")
    }
