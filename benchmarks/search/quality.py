"""Recall and precision of the search beside stock FTS5, by class of query, in one run.

Both search the same index. A query's recall is the share of the right texts that it finds, its
precision the share of the found texts that are right; a class has the means of its queries.
"""

import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from datasette.utils import escape_fts
from rich.console import Console
from rich.table import Table

from archiver.extract.facts import Question
from archiver.publish.site.offices import register
from archiver.publish.site.queries.searching import find
from archiver.publish.site.search.forms import forms
from archiver.publish.site.search.lemmas import dictionary, forget
from archiver.publish.site.search.match import table_search
from archiver.publish.site.search.request import read_request
from archiver.store.database import Store
from archiver.store.derive import ArticleRow, Derived
from archiver.store.model import CaptureRow, CrawlStart, Site
from archiver.store.writing import Written, write
from benchmarks.measure import Line, show
from benchmarks.search.judging import Query, Text, corpus, queries

HOST = "claire-vasseur.example"
AT = "2024-01-01T00:00:00.000000Z"
DAY = "2024-01-01"
Search = Callable[[sqlite3.Connection, str], set[int]]


@dataclass(frozen=True, slots=True)
class Score:
    """How one query went; `precision` is None where nothing was found."""

    query: Query
    recall: float
    precision: float | None
    missed: frozenset[int]
    wrong: frozenset[int]


@dataclass(frozen=True, slots=True)
class Means:
    """The means over some queries, and the number of these; `precision` is that of the queries that
    found anything, None where none did."""

    recall: float
    precision: float | None
    queries: int

    def __str__(self) -> str:
        precise = "–" if self.precision is None else f"{self.precision:.3f}"
        return f"{self.recall:.3f} / {precise}"


def measure() -> list[Line]:
    """All classes, stock FTS5 beside the search as installed and with the dictionary."""
    with indexed() as connection:
        with as_installed():
            run = {"stock FTS5": scores(connection, as_stock)}
            run["as installed"] = scores(connection, as_site)
        if dictionary() is not None:
            run["with lemmas"] = scores(connection, as_site)
    _print_classes(run)
    stock = means(run["stock FTS5"])
    lines = []
    for name, precision in (("as installed", 0.85), ("with lemmas", 0.9)):
        if name not in run:
            continue
        found = means(run[name])
        for what, figure, beside, target in (
            ("recall", found.recall, stock.recall, 0.95),
            ("precision", found.precision or 0.0, stock.precision or 0.0, precision),
        ):
            lines.append(
                Line(
                    f"{what} {name}",
                    f"{figure:.3f}",
                    f"stock {beside:.3f}",
                    figure,
                    target,
                    unit="",
                )
            )
    notes = (
        f"{stock.queries} searches on {len(corpus())} texts; queries.toml says what is right.",
        "precision: of the searches that find anything; stock finds nothing for many.",
    )
    show("Search quality", lines, notes)
    return lines


def _print_classes(run: Mapping[str, Sequence[Score]]) -> None:
    table = Table(title="Recall / precision by class of search", title_justify="left")
    for heading in ("class", "searches", *run):
        table.add_column(heading)
    kinds = dict.fromkeys(score.query.kind for score in next(iter(run.values())))
    for kind in kinds:
        own = [means([s for s in found if s.query.kind == kind]) for found in run.values()]
        table.add_row(kind, str(own[0].queries), *map(str, own))
    Console(width=120).print(table)


def as_site(connection: sqlite3.Connection, text: str) -> set[int]:
    """The texts that the search page finds."""
    asked = read_request({"q": text}, DAY).asked
    return {hit.article.id for hit in find(connection, asked, "recent", 1000)}


def as_table(connection: sqlite3.Connection, text: str) -> set[int]:
    """The texts that the search box of the table of articles finds, with our expansion."""
    return _matched(connection, table_search(text))


def as_stock(connection: sqlite3.Connection, text: str) -> set[int]:
    """The texts that the same box finds in stock Datasette; an error finds nothing."""
    try:
        return _matched(connection, escape_fts(text))
    except sqlite3.OperationalError:
        return set()


def _matched(connection: sqlite3.Connection, expression: str) -> set[int]:
    rows = connection.execute(
        "select rowid from articles_fts where articles_fts match ?", (expression,)
    )
    return {row[0] for row in rows}


def scores(connection: sqlite3.Connection, search: Search) -> list[Score]:
    """How each query goes."""
    texts = corpus()
    made = []
    for query in queries():
        right = {number for number, text in enumerate(texts, 1) if query.is_right(text)}
        assert right, f"{query.text} has nothing to find"
        found = search(connection, query.text)
        hits = len(right & found)
        made.append(
            Score(
                query,
                hits / len(right),
                hits / len(found) if found else None,
                frozenset(right - found),
                frozenset(found - right),
            )
        )
    return made


def means(found: Sequence[Score]) -> Means:
    """The means of some scores."""
    precisions = [score.precision for score in found if score.precision is not None]
    return Means(
        sum(score.recall for score in found) / len(found),
        sum(precisions) / len(precisions) if precisions else None,
        len(found),
    )


@contextmanager
def as_installed() -> Iterator[None]:
    """Search without the optional dictionary, whether it is installed or not."""
    hidden = ("simplemma", "simplemma.strategies")
    kept = {name: sys.modules.get(name) for name in hidden}
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    _forget()
    try:
        yield
    finally:
        for name, module in kept.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module
        _forget()


def _forget() -> None:
    forget()
    forms.cache_clear()


@contextmanager
def indexed() -> Iterator[sqlite3.Connection]:
    """The corpus as an archive; text number n is the article with that ID."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "archive.db"
        with closing(Store.open(path)) as store, store.atomic():
            store.describe_site(Site(HOST, f"https://{HOST}/", AT, "Claire Vasseur"))
            crawl = store.begin_crawl(CrawlStart(HOST, "live", AT))
            for number, text in enumerate(corpus(), 1):
                url = f"https://{HOST}/{number}/"
                capture = store.add_capture(
                    CaptureRow(
                        crawl, url, AT, 200, "text/html", "sha256:0", "a.warc.gz", 0, 1, f"<{url}>"
                    )
                )
                rows = Written(_rows(text, url, capture), (), (), {})
                write(store.connection, [rows], set())
        with closing(sqlite3.connect(path)) as connection:
            connection.row_factory = sqlite3.Row
            register(connection)
            yield connection


def _rows(text: Text, url: str, capture: int) -> Derived:
    body = f"{text.question}\n\n{text.answer}".strip()
    asks = bool(text.addressee)
    article = ArticleRow(
        HOST, url, None, "fr", text.title, "question" if asks else "news", text.day, None, None,
        "[]", "[]", body, None, None, None, AT, AT, None, capture,
    )  # fmt: skip
    question = Question(
        1,
        text.question,
        text.answer or None,
        "answered" if text.answer else "pending",
        addressee=text.addressee,
        asked_on=text.day,
    )
    return Derived(article, (question,) if asks else (), (), (), ())
