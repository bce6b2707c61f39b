"""The search page: what was typed in French, filters, facets, months, and marked extracts.

An empty or odd query is a page like any other. Everything about a search is in its address.
"""

import sqlite3
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from datasette.utils.asgi import Response
from markupsafe import Markup

from archiver.publish.site import charts
from archiver.publish.site.clock import today
from archiver.publish.site.formats import count, period
from archiver.publish.site.periods import periods, year_labels
from archiver.publish.site.queries.counting import count as count_hits
from archiver.publish.site.queries.searching import MOST_RANKED, Hit, Order, Totals, find
from archiver.publish.site.reading import page, read
from archiver.publish.site.search.naming import slug_of, value_name
from archiver.publish.site.search.request import DEEPEST_PAGE, Request, read_request

PAGE_SIZE = 20
ORDER_NAMES: dict[Order, str] = {
    "pertinence": "Pertinence",
    "recent": "Plus récents",
    "ancien": "Plus anciens",
    "commentaires": "Plus commentés",
}
_FACETS = {
    "statut": "Statut",
    "annee": "Année",
    "ministre": "Destinataire",
    "categorie": "Catégorie",
    "genre": "Genre",
    "type": "Type",
    "legislature": "Législature",
    "langue": "Langue",
    "site": "Site",
}
_FILTER_TITLES = {
    **_FACETS,
    "mois": "Mois",
    "du": "Depuis",
    "au": "Jusqu’à",
    "attente": "Délai de réponse",
    "etat": "État",
}
_FACET_SHOWN = 8
_HISTOGRAM_HEIGHT = 150
MOST_READ = DEEPEST_PAGE * PAGE_SIZE
"""So many articles of a search are read page by page; the export gives all of them."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet."""

    text: str
    count: int
    link: str


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet's most frequent values; `others` how many more there are."""

    title: str
    choices: tuple[Choice, ...]
    others: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter in force, and the address without it."""

    title: str
    text: str
    link: str


@dataclass(frozen=True, slots=True)
class Brush:
    """What a form needs to keep a part of the histogram: its columns as the options of a list, with
    the `first` or the `last` one chosen, and the (name, value) parameters of the search without its
    limits in time."""

    first: Markup
    last: Markup
    kept: tuple[tuple[str, str], ...]


async def view(datasette: Any, request: Any) -> Response:
    """`/recherche`"""
    search = read_request(request.args, today())

    def gather(connection: sqlite3.Connection) -> tuple[Totals, tuple[Hit, ...]]:
        totals = count_hits(connection, search.asked)
        offset = (search.page - 1) * PAGE_SIZE
        order = effective_order(search, totals)
        return totals, find(
            connection, search.asked, order, PAGE_SIZE, offset, total=totals.articles
        )

    (totals, hits), chrome = await read(datasette, gather)
    last = min(-(-totals.articles // PAGE_SIZE), DEEPEST_PAGE)
    return await page(
        datasette,
        request,
        "search.html",
        chrome,
        {
            "search": search,
            "canonical": datasette.absolute_url(
                request, search.link(page=str(search.page) if search.page > 1 else "")
            ),
            "totals": totals,
            "hits": hits,
            "facets": facets(search, totals),
            "chosen": chosen(search),
            "hidden": [
                pair
                for pair in search.asked.filters.pairs()
                if pair not in search.asked.typed.fields
            ],
            "orders": [
                (name, search.link(tri=order), order == effective_order(search, totals))
                for order, name in ORDER_NAMES.items()
                if order != "pertinence" or search.asked.typed.clauses
            ],
            "too_many": totals.articles > MOST_RANKED and search.order == "pertinence",
            "histogram": histogram(search, totals),
            "brush": brush(search, totals),
            "previous": search.link(page=str(search.page - 1)) if search.page > 1 else None,
            "next": search.link(page=str(search.page + 1)) if search.page < last else None,
            "last": last,
            "last_page": search.link(page=str(last)),
            "most_read": MOST_READ,
            "query": "&".join(search.link().split("?")[1:]),
        },
    )


def effective_order(search: Request, totals: Totals) -> Order:
    """Rank needs words, and not too many hits; else the newest come first."""
    if search.order != "pertinence":
        return search.order
    ranked = search.asked.typed.clauses and totals.articles <= MOST_RANKED
    return "pertinence" if ranked else "recent"


def facets(search: Request, totals: Totals) -> tuple[Facet, ...]:
    """The facets worth showing: not those in force, nor those with one value only."""
    in_force = dict(search.asked.filters.pairs())
    made = []
    for name, title in _FACETS.items():
        counts = totals.facets.get(name, ())
        if name in in_force or len(counts) < (1 if name == "statut" else 2):
            continue
        choices = tuple(
            Choice(
                value_name(name, value),
                number,
                search.link(**{name: slug_of(name, value)}),
            )
            for value, number in counts
        )
        made.append(Facet(title, choices[:_FACET_SHOWN], choices[_FACET_SHOWN:]))
    return tuple(made)


def chosen(search: Request) -> tuple[Chosen, ...]:
    """The filters in force; removing one that was typed rewrites what was typed."""
    made = []
    for name, value in search.asked.filters.pairs():
        text = value_name(name, value)
        removed = {name: ""}
        if (name, value) in search.asked.typed.fields:
            removed["q"] = _untyped(search.text, value)
        made.append(Chosen(_FILTER_TITLES[name], text, search.link(**removed)))
    return tuple(made)


def _untyped(text: str, value: str) -> str:
    """What was typed, without the `field:value` of this value."""
    kept = [piece for piece in text.split() if not piece.endswith(f":{value}")]
    return " ".join(kept)


def histogram(search: Request, totals: Totals) -> charts.ColumnChart | None:
    """Found articles by month, years named below; None where there is one column only."""
    keys = periods(key for key, _ in totals.months)
    if len(totals.months) < 2:
        return None
    by_period: Counter[str] = Counter()
    for month, number in totals.months:
        by_period[month[: len(keys[0])]] += number
    name, other = ("mois", "annee") if "-" in keys[0] else ("annee", "mois")
    drawn = []
    for key in keys:
        number = by_period[key]
        hint = f"{period(key)} : {count(number, 'article')}"
        link = search.link(**{name: key, other: ""})
        drawn.append(charts.Column((charts.Part("hit", number),), link, hint, key))
    ends = [(0, period(keys[0])), (len(keys) - 1, period(keys[-1]))]
    return charts.columns(drawn, year_labels(keys) or ends, _HISTOGRAM_HEIGHT)


def brush(search: Request, totals: Totals) -> Brush:
    """The form that keeps a part of the histogram."""
    keys = periods(key for key, _ in totals.months)
    whole = {"annee": "", "mois": "", "du": "", "au": ""}
    kept = tuple((name, value) for name, value in search.pairs(**whole) if value)
    return Brush(_options(keys, keys[:1]), _options(keys, keys[-1:]), kept)


@lru_cache(maxsize=64)
def _options(keys: tuple[str, ...], chosen: tuple[str, ...]) -> Markup:
    """The options of a list of periods, which most searches share."""
    option = Markup('<option value="{}"{}>{}</option>')
    selected = Markup(" selected")
    return Markup().join(
        option.format(key, selected if key in chosen else "", period(key)) for key in keys
    )
