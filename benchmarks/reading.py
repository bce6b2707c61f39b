"""The pages of the reading site beside stock Datasette's on the same database, in one run.

At 1,000 and 100,000 articles; `python -m benchmarks.reading 1000000 [FOLDER [ROUNDS]]` measures
one size, and keeps the archive in the folder. Each round asks each page once, of other articles
and for other words, so that nothing is asked twice but the home page, which is measured as it is
kept and as it is made after a change. Ratios are of the server's CPU, which neighbours on the
machine weigh less upon than on the clock; on an idle machine they are the same.
"""

import math
import shutil
import sqlite3
import statistics
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import filling
from benchmarks.measure import Line, show
from benchmarks.serving import Asked, Server, own, serving, stock

SIZES = (1_000, 100_000)
LARGEST_WRITTEN = 100_000
ROUNDS = 12
STARTS = 4
FACETS = "_facet=kind&_facet=lang&_facet=site_id"
CHANGE = (
    "UPDATE tallies SET number = number + 1 WHERE what = 'answered'"
    " AND value = (SELECT max(value) FROM tallies WHERE what = 'answered')"
)
"""What a crawl does that finds one more answer: a month of the home page's chart is another."""

WORDS = {
    "common": ("impot", "ministre", "question", "retraites", "hopital", "eleves"),
    "middling": ("ecole", "aides", "dispositif", "mesures", "refugies", "attention"),
    "rare": ("acces", "service", "public", "nationale", "medecins", "loi"),
}
"""Words by how many articles have them: about half, one in twenty, one in a hundred."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page to ask `of` one of the servers, its address in round number n; and, for ours, the
    stock page it is held against and the ratio it may reach."""

    name: str
    of: str
    path: Callable[[int], str]
    beside: str = ""
    target: float | None = None
    changed: bool = False


def _article(number: int) -> int:
    return 1 + number * 67 % 900


def _pages() -> Sequence[Page]:
    pages = [
        Page("table", "stock", lambda n: f"/archive/articles?_next={n + 1}"),
        Page("row", "stock", lambda n: f"/archive/articles/{_article(n)}"),
        Page("home", "own", lambda _: "/", "row", 1.0),
        Page("home after a change", "own", lambda _: "/", "row", 1.0, changed=True),
        Page("article", "own", lambda n: f"/article/{filling.SITE}/{_article(n)}", "row", 1.0),
    ]
    for name, words in WORDS.items():
        asked = _asking(words)
        pages += [
            Page(
                f"faceted search, {name} word",
                "stock",
                lambda n, asked=asked: f"/archive/articles?_search={asked(n)}&{FACETS}",  # type: ignore[misc]
            ),
            Page(
                f"search, {name} word",
                "own",
                lambda n, asked=asked: f"/recherche?q={asked(n)}",  # type: ignore[misc]
                f"faceted search, {name} word",
                0.5,
            ),
        ]
    return (
        *pages,
        Page("search, nothing typed", "own", lambda n: f"/recherche?annee={2013 + n}", "table"),
        Page("ministers", "own", lambda n: f"/ministres?annee={2013 + n}", "table"),
        Page("ministers, all years", "own", lambda _: "/ministres", "table", changed=True),
        Page("comments", "own", lambda _: "/commentaires", "table", changed=True),
    )


def _asking(words: Sequence[str]) -> Callable[[int], str]:
    """The word of a round; the second time round together with a number, another address."""
    return lambda n: words[n % len(words)] + ("" if n < len(words) else "+-1789")


def measure() -> list[Line]:
    """All sizes, each with a fresh archive."""
    lines = []
    for size in SIZES:
        with TemporaryDirectory() as folder:
            lines += measure_one(size, Path(folder))
    return lines


def measure_one(size: int, folder: Path, rounds: int = ROUNDS) -> list[Line]:
    """One archive, made in the folder unless it is there."""
    database = folder / str(size) / "archive.db"
    if not database.exists():
        make(database, size)
    starts: defaultdict[str, list[Asked]] = defaultdict(list)
    for _ in range(STARTS):
        for name, command in (("stock", stock(database)), ("own", own(database))):
            with serving(command) as server:
                starts[name].append(server.start)
    with serving(stock(database)) as plain, serving(own(database)) as site:
        taken = ask({"stock": plain, "own": site}, database, rounds)
    lines = [_line(page, taken) for page in _pages() if page.of == "own"]
    ready, beside = (min(starts[name], key=lambda one: one.cpu) for name in ("own", "stock"))
    lines.append(
        Line(
            "start to first answer",
            f"{ready.wall:.0f} ({ready.cpu:.0f})",
            f"datasette serve: {beside.wall:.0f} ({beside.cpu:.0f})",
            ready.cpu / beside.cpu,
            1.2,
            at_most=True,
        )
    )
    notes = (
        f"median / 95th percentile of {rounds} interleaved rounds, in milliseconds over HTTP,",
        "and in parentheses the median of the server's CPU, which the ratio is of.",
        f"database: {database.stat().st_size / 1e6:,.0f} MB; stock: datasette serve archive.db.",
        "stock pages: "
        + "; ".join(
            f"{page.name} {_of(taken[page.name])}" for page in _pages() if page.of == "stock"
        ),
    )
    show(f"Reading site, {size:,} articles", lines, notes)
    return lines


def make(database: Path, size: int) -> None:
    """An archive of so many articles; beyond 100,000 each is there several times."""
    database.parent.mkdir(parents=True, exist_ok=True)
    unfinished = database.with_suffix(".unfinished")
    filling.fill(unfinished, min(size, LARGEST_WRITTEN))
    if size > LARGEST_WRITTEN:
        filling.multiply(unfinished, size // LARGEST_WRITTEN)
    shutil.move(unfinished, database)


def ask(
    servers: Mapping[str, Server], database: Path, rounds: int
) -> Mapping[str, Sequence[Asked]]:
    """What each page took in each round; the first answers, which warm up, are left out."""
    taken: defaultdict[str, list[Asked]] = defaultdict(list)
    pages = _pages()
    for page in pages:
        servers[page.of].ask(page.path(ROUNDS))
    with closing(sqlite3.connect(database)) as writer:
        for number in range(rounds):
            unchanged = True
            for page in pages:
                if page.changed and unchanged:
                    with writer:
                        writer.execute(CHANGE)
                    unchanged = False
                taken[page.name].append(servers[page.of].ask(page.path(number)))
    return taken


def _line(page: Page, taken: Mapping[str, Sequence[Asked]]) -> Line:
    own, beside = taken[page.name], taken[page.beside]
    given = not any(one.gave_up for one in own)
    ratio = _median_cpu(own) / _median_cpu(beside) if given else math.inf
    return Line(
        page.name, _of(own), f"{page.beside}: {_of(beside)}", ratio, page.target, at_most=True
    )


def _median_cpu(asked: Sequence[Asked]) -> float:
    return statistics.median(one.cpu for one in asked)


def _of(asked: Sequence[Asked]) -> str:
    """The median and the 95th percentile as a reader waits, and the median of the CPU."""
    waits = sorted(one.wall for one in asked)
    high = waits[-(-95 * len(waits) // 100) - 1]
    lost = sum(one.gave_up for one in asked)
    told = f", gave up {lost} times" if lost else ""
    return f"{statistics.median(waits):.1f} / {high:.1f} ({_median_cpu(asked):.1f}){told}"


if __name__ == "__main__":
    if len(sys.argv) > 2:
        measure_one(int(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:]))
    else:
        with TemporaryDirectory() as made:
            measure_one(int(sys.argv[1]), Path(made))
