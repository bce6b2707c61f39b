"""The batch search: a pasted list, one search a line, as a matrix of lines and years.

The list is in the address, so that the page keeps nothing and can be sent to a colleague. It is
bounded by MOST_LINES and by time: what was not counted is said, with a link that goes on.
"""

import sqlite3
from dataclasses import dataclass
from itertools import islice
from time import thread_time
from typing import Any

from datasette.utils.asgi import Response

from archiver.publish.site.addresses import with_query
from archiver.publish.site.clock import today
from archiver.publish.site.formats import KIND_NAMES, STATUS_NAMES
from archiver.publish.site.queries.batch import Counted, count_lines
from archiver.publish.site.reading import Chrome, page, read
from archiver.publish.site.search.filters import KIND_SLUGS, STATUS_SLUGS
from archiver.publish.site.search.request import Request, read_request
from archiver.publish.site.tabular import KINDS, Table, Value, respond

MOST_LINES = 200
LONGEST_LINE = 200
MOST_SHADES = 5
SECONDS = 2.0
_EXPORTED = "lot"


@dataclass(frozen=True, slots=True)
class Pasted:
    """What the address asks: the lines, each once, those beyond the bound counted in `beyond`;
    `exact` takes each line as one phrase, `genre` and `statut` are filters of all of them."""

    lines: tuple[str, ...]
    beyond: int
    exact: bool
    wide: bool
    genre: str
    statut: str

    def address(self, path: str = "/lot", lines: tuple[str, ...] | None = None) -> str:
        """A path that asks the same, of other lines where given."""
        pairs = {
            "termes": "\n".join(self.lines if lines is None else lines),
            "exact": "1" if self.exact else "",
            "elargir": "1" if self.wide else "",
            "genre": self.genre,
            "statut": self.statut,
        }
        return with_query(path, pairs)

    def searches(self, day: str) -> tuple[Request, ...]:
        """The search of each line on a day."""
        return tuple(
            read_request(
                {
                    "q": f'"{line.replace(chr(34), " ")}"' if self.exact else line,
                    "elargir": "1" if self.wide else "",
                    "genre": self.genre,
                    "statut": self.statut,
                },
                day,
            )
            for line in self.lines
        )


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of the matrix; `shade` is from 0 to MOST_SHADES, the most for the largest."""

    count: int
    link: str
    shade: int


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the matrix; without cells when it asks for nothing."""

    term: str
    total: Cell | None
    cells: tuple[Cell, ...]
    undated: int


def read_pasted(args: Any) -> Pasted:
    """Read a query string; nothing in it is an error."""
    kept = dict.fromkeys(
        " ".join(line.split())[:LONGEST_LINE] for line in (args.get("termes") or "").splitlines()
    )
    kept.pop("", None)
    return Pasted(
        lines=tuple(islice(kept, MOST_LINES)),
        beyond=max(0, len(kept) - MOST_LINES),
        exact=args.get("exact") == "1",
        wide=args.get("elargir") == "1",
        genre=(args.get("genre") or "")[:LONGEST_LINE],
        statut=(args.get("statut") or "")[:LONGEST_LINE],
    )


async def view(datasette: Any, request: Any) -> Response:
    """`/lot`, with `termes`"""
    pasted = read_pasted(request.args)
    counted, chrome = await _gather(datasette, pasted)
    years = _years(counted)
    left = pasted.lines[len(counted) :]
    return await page(
        datasette,
        request,
        "batch.html",
        chrome,
        {
            "pasted": pasted,
            "typed": "\n".join(pasted.lines),
            "years": years,
            "rows": rows(pasted, counted, years),
            "has_undated": any(line.undated for line in counted),
            "left": left,
            "next": pasted.address(lines=left) if left else None,
            "exports": tuple(
                (name, pasted.address(f"/{_EXPORTED}.{kind}")) for kind, name in KINDS.items()
            ),
            "most_lines": MOST_LINES,
            "kinds": [(slug, KIND_NAMES[kind]) for kind, slug in KIND_SLUGS.items()],
            "statuses": [(slug, STATUS_NAMES[status]) for status, slug in STATUS_SLUGS.items()],
        },
    )


async def export(datasette: Any, request: Any) -> Response:
    """`/lot.<format>`: one row a line, one column a year; those not counted follow elsewhere."""
    pasted = read_pasted(request.args)
    counted, _ = await _gather(datasette, pasted)
    kind = request.url_vars["format"]
    years = _years(counted)
    left = pasted.lines[len(counted) :]
    following = pasted.address(f"/{_EXPORTED}.{kind}", left) if left else None
    table = Table(
        columns=("terme", "articles", *years, "sans_date", "recherche"),
        rows=tuple(
            _exported(datasette, request, line, found, years)
            for line, found in zip(pasted.lines, counted, strict=False)
        ),
        total=len(pasted.lines),
        following=datasette.absolute_url(request, following) if following else None,
    )
    return respond(table, kind, "recherche-par-lot")


async def _gather(datasette: Any, pasted: Pasted) -> tuple[tuple[Counted, ...], Chrome]:
    searches = pasted.searches(today())

    def gather(connection: sqlite3.Connection) -> tuple[Counted, ...]:
        # The first line makes the words ready, once for all; the time begins after it.
        end: float | None = None

        def in_time() -> bool:
            nonlocal end
            if end is None:
                end = thread_time() + SECONDS
            return thread_time() < end

        return count_lines(connection, searches, in_time)

    return await read(datasette, gather)


def _years(counted: tuple[Counted, ...]) -> tuple[str, ...]:
    """Every year from the first to the last in which something was found."""
    found = [int(year) for line in counted for year in line.years or {} if year.isdecimal()]
    return tuple(str(year) for year in range(min(found), max(found) + 1)) if found else ()


def rows(pasted: Pasted, counted: tuple[Counted, ...], years: tuple[str, ...]) -> tuple[Row, ...]:
    """The matrix, shaded by the largest number of a line and year."""
    most = max((n for line in counted for n in (line.years or {}).values()), default=0) or 1
    made = []
    for term, line in zip(pasted.lines, counted, strict=False):
        search, found = line.search, line.years
        if found is None or line.total is None:
            made.append(Row(term, None, (), 0))
            continue
        cells = tuple(
            Cell(found.get(year, 0), search.link(annee=year), _shade(found.get(year, 0), most))
            for year in years
        )
        made.append(Row(term, Cell(line.total, search.link(), 0), cells, line.undated))
    return tuple(made)


def _shade(number: int, most: int) -> int:
    return -(-MOST_SHADES * number // most)


def _exported(
    datasette: Any, request: Any, term: str, line: Counted, years: tuple[str, ...]
) -> tuple[Value, ...]:
    numbers = tuple(None if line.years is None else line.years.get(year, 0) for year in years)
    undated = None if line.years is None else line.undated
    link = datasette.absolute_url(request, line.search.link())
    return (term, line.total, *numbers, undated, link)
