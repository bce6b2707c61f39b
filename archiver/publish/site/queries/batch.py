"""The SQL of many searches at once: how many articles each finds, by year of publication.

Every line of the list is a search like any other, so that each number is that of its search page.
"""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from archiver.publish.site.queries.searching import SearchSql
from archiver.publish.site.search.request import Request


@dataclass(frozen=True, slots=True)
class Counted:
    """One line of the list. `years` counts articles by year of publication; `undated` those whose
    day is unknown. A line that asks for nothing finds None."""

    search: Request
    years: dict[str, int] | None
    undated: int

    @property
    def total(self) -> int | None:
        """All articles that it finds."""
        return None if self.years is None else sum(self.years.values()) + self.undated


def count_lines(
    connection: sqlite3.Connection, searches: Sequence[Request], in_time: Callable[[], bool]
) -> tuple[Counted, ...]:
    """Count the searches one by one while `in_time` says so; the first one always."""
    counted: list[Counted] = []
    for search in searches:
        if counted and not in_time():
            break
        counted.append(_count(connection, search))
    return tuple(counted)


def _count(connection: sqlite3.Connection, search: Request) -> Counted:
    typed = search.asked.typed
    if not (typed.clauses or typed.without or typed.fields):
        return Counted(search, None, 0)
    sql = SearchSql(search.asked)
    rows = connection.execute(
        "select substr(f.published_on, 1, 4), count(distinct f.article_id) from facets f"
        f" where {sql.facets()} group by 1",
        sql.values,
    )
    found = dict(rows.fetchall())
    return Counted(search, {y: n for y, n in found.items() if y is not None}, found.get(None, 0))
