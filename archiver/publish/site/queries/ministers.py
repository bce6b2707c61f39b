"""The SQL of the ministers' page: who was asked, who answered, how long it took.

Addressees are counted by office (`site.offices`). Waits count where both days are known; a share
is of the questions whose fate is known (answered or pending).
"""

import sqlite3
from collections import defaultdict
from dataclasses import dataclass

from archiver.publish.site.queries.overview import percentile
from archiver.publish.site.search.filters import OVERDUE


@dataclass(frozen=True, slots=True)
class Minister:
    """The questions to one office; `name` is None for those that name none."""

    name: str | None
    questions: int
    answered: int
    pending: int
    overdue: int
    median: int | None
    ninth_decile: int | None
    first: str | None
    last: str | None

    @property
    def decided(self) -> int:
        """Questions whose fate is known."""
        return self.answered + self.pending


def years(connection: sqlite3.Connection) -> tuple[str, ...]:
    """The years in which articles with questions were published, newest first."""
    rows = connection.execute(
        "select distinct substr(a.published_on, 1, 4) from articles a"
        " join questions q on q.article_id = a.id where a.published_on is not null order by 1 desc"
    )
    return tuple(year for (year,) in rows)


def ministers(
    connection: sqlite3.Connection, today: str, year: str | None = None
) -> tuple[Minister, ...]:
    """One row an office, most asked first; of the articles published in `year` where given."""
    period = "a.published_on >= :year and a.published_on < :end" if year else "1"
    values = {"today": today, "year": year, "end": f"{year}~"}
    waits: defaultdict[str | None, list[int]] = defaultdict(list)
    for name, wait in connection.execute(
        f"""
        select office(q.addressee),
          cast(julianday(q.answered_on) - julianday(q.asked_on) as integer) as wait
        from questions q join articles a on a.id = q.article_id
        where q.status = 'answered' and q.answered_on >= q.asked_on and {period} order by wait
        """,
        values,
    ):
        waits[name].append(wait)
    rows = connection.execute(
        f"""
        select office(q.addressee) as name, count(*) as questions,
          sum(q.status = 'answered') as answered, sum(q.status = 'pending') as pending,
          sum({OVERDUE}) as overdue,
          min(a.published_on) as first, max(a.published_on) as last
        from questions q join articles a on a.id = q.article_id
        where {period} group by office(q.addressee) order by questions desc, name
        """,
        values,
    )
    return tuple(
        Minister(
            **{**dict(row), "overdue": row["overdue"] or 0},
            median=percentile(waits[row["name"]], 50),
            ninth_decile=percentile(waits[row["name"]], 90),
        )
        for row in rows
    )
