"""The home page: what is held, how fresh, what is new, by month, and how long answers take."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from datasette.utils.asgi import Response
from jinja2 import Environment
from markupsafe import Markup

from archiver.publish.site import charts
from archiver.publish.site.addresses import with_query
from archiver.publish.site.clock import today
from archiver.publish.site.formats import count, number, period
from archiver.publish.site.periods import periods, year_labels
from archiver.publish.site.queries import overview
from archiver.publish.site.reading import Chrome, page, read, synchronous

_CLASS_LABELS = (
    "moins d’un mois",
    "1 à 2 mois",
    "2 à 3 mois",
    "3 à 6 mois",
    "6 mois à 1 an",
    "plus d’un an",
)
_NEWS = (
    ("answered", "Réponses arrivées", ("answered",)),
    ("edited", "Textes modifiés", ("edited", "retitled")),
    ("gone", "Articles disparus", ("gone",)),
    ("comments", "Commentaires en hausse", ("comments",)),
)
_OVERDUE_FROM = 61
_MOST_KEPT = 1024
"""Months whose drawing is kept, since a change of the archive alters few of them."""


@dataclass(frozen=True, slots=True)
class NewsGroup:
    """One column of changes."""

    kind: str
    title: str
    items: tuple[overview.News, ...]


@dataclass(frozen=True, slots=True)
class WaitClass:
    """One bar of the waits; `share` is its length, 100 for the longest."""

    label: str
    count: int
    share: float
    link: str
    late: bool


@dataclass(frozen=True, slots=True)
class Home:
    """All figures of the page, from one snapshot."""

    figures: overview.Figures
    months: tuple[overview.Month, ...]
    waits: overview.Waits
    waiting: tuple[overview.Waiting, ...]
    news: tuple[NewsGroup, ...]


def gather(connection: sqlite3.Connection, day: str) -> Home:
    """Read the page's figures as of `day`."""
    return Home(
        overview.figures(connection, day),
        overview.by_month(connection),
        overview.waits(connection),
        overview.longest_waiting(connection, day),
        tuple(
            NewsGroup(kind, title, overview.news(connection, *kinds))
            for kind, title, kinds in _NEWS
        ),
    )


async def view(datasette: Any, request: Any) -> Response:
    """`/`"""
    home, chrome = await read(datasette, lambda connection: gather(connection, today()))
    return await page(
        datasette,
        request,
        "home.html",
        chrome,
        {
            "headline": _headline(chrome),
            "figures": home.figures,
            "months_drawn": months_drawn(datasette.jinja_env, home.months),
            "waits": home.waits,
            "wait_classes": wait_classes(home.waits),
            "waiting": home.waiting,
            "news": home.news,
        },
    )


@lru_cache(maxsize=4)
def months_drawn(env: Environment, months: tuple[overview.Month, ...]) -> Markup:
    """The chart of the months and its table, which are half of the work for the page and change
    more seldom than the rest."""
    drawn = {
        "lines": Markup("".join(map(_line, months))),  # noqa: S704 (lines are escaped)
        "month_chart": month_chart(months),
        "has_other": any(month.other for month in months),
    }
    section = synchronous(env).get_template("site/months.html").render(drawn)
    return Markup(section)  # noqa: S704 (an autoescaped template)


def month_chart(months: Sequence[overview.Month]) -> charts.ColumnChart | None:
    """Questions by month (by year over a long time), answered below and pending above."""
    keys = periods(m.month for m in months)
    if not keys:
        return None
    sums = dict.fromkeys(keys, (0, 0, 0))
    for month in months:
        key = month.month[: len(keys[0])]
        if key in sums:
            answered, pending, other = sums[key]
            sums[key] = (answered + month.answered, pending + month.pending, other + month.other)
    drawn = [_column(key, *figures) for key, figures in sums.items()]
    return charts.columns(drawn, year_labels(keys) or [(0, period(keys[0]))])


@lru_cache(maxsize=_MOST_KEPT)
def _column(key: str, answered: int, pending: int, other: int) -> charts.Column:
    """The column of one month or year."""
    return charts.Column(
        (
            charts.Part("answered", answered),
            charts.Part("other", other),
            charts.Part("pending", pending),
        ),
        with_query("/recherche", {"mois" if "-" in key else "annee": key, "genre": "question"}),
        f"{period(key)} : {count(answered, 'répondue')}, {number(pending)} sans réponse"
        + (f", {count(other, 'autre')}" if other else ""),
    )


@lru_cache(maxsize=_MOST_KEPT)
def _line(month: overview.Month) -> Markup:
    """A month's line in the table below the chart."""
    cells = ((month.answered, "repondue"), (month.pending, "sans-reponse"), (month.other, "autre"))
    numbers = Markup().join(
        Markup('<td class="num"><a href="{}">{}</a></td>').format(
            with_query("/recherche", {"mois": month.month, "statut": status}), number(figure)
        )
        if figure
        else Markup('<td class="num">0</td>')
        for figure, status in cells
    )
    return Markup('<tr><th scope="row"><a href="{}">{}</a></th>{}</tr>').format(
        with_query("/recherche", {"mois": month.month, "genre": "question"}),
        period(month.month),
        numbers,
    )


def wait_classes(waits: overview.Waits) -> tuple[WaitClass, ...]:
    """The bars of the waits, as long as their count."""
    longest = max(waits.classes, default=0) or 1
    ends = (*(str(bound) for bound in overview.WAIT_BOUNDS[1:]), "")
    return tuple(
        WaitClass(
            label,
            number,
            round(100 * number / longest, 1),
            with_query("/recherche", {"attente": f"{start}-{end}"}),
            late=start >= _OVERDUE_FROM,
        )
        for label, number, start, end in zip(
            _CLASS_LABELS, waits.classes, overview.WAIT_BOUNDS, ends, strict=True
        )
    )


def _headline(chrome: Chrome) -> str:
    if len(chrome.sites) == 1:
        return f"Les questions de {chrome.sites[0][1]}, et ce qu’on leur a répondu"
    return "Les questions des députés, et ce qu’on leur a répondu"
