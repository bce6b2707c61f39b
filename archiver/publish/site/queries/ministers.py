"""The SQL of the ministers' page: who was asked, who answered, how long it took; all of it from
the store's narrow rows of questions.

Addressees are counted by office (`site.offices`). Waits count where both days are known; a share
is of the questions whose fate is known (answered or pending).
"""

import sqlite3
from collections import Counter, defaultdict
from dataclasses import dataclass, replace

from archiver.publish.site.offices import office
from archiver.publish.site.queries.overview import percentile
from archiver.publish.site.queries.rows import marks
from archiver.publish.site.search.filters import (
    DEADLINE,
    LEGISLATURES,
    STATUS_SLUGS,
    UNKNOWN_LEGISLATURE,
    Filters,
    conditions,
)

EVER = Filters()


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
        f"select distinct substr(value, 1, 4) from tallies where what in ({marks(STATUS_SLUGS)})"
        " and value > '' order by 1 desc",
        tuple(STATUS_SLUGS),
    )
    return tuple(year for (year,) in rows)


def legislatures(connection: sqlite3.Connection) -> tuple[str, ...]:
    """The legislatures of questions, newest first; then UNKNOWN_LEGISLATURE, where others have
    one."""
    known = [str(number) for (number,) in connection.execute(LEGISLATURES)]
    unknown = connection.execute(
        "select 1 from facets where legislature is null and status > '' limit 1"
    ).fetchone()
    return (*reversed(known), *([UNKNOWN_LEGISLATURE] if known and unknown else []))


def ministers(
    connection: sqlite3.Connection, today: str, filters: Filters = EVER
) -> tuple[Minister, ...]:
    """One row an office, most asked first; of the questions that the filters let pass."""
    found = conditions(filters, today)
    period = " and ".join(("1", *found.on_article, *found.on_question))
    values = {"today": today, **found.values}
    made: dict[str | None, Minister] = {}
    for row in connection.execute(
        f"""
        select addressee, count(*) as questions,
          sum(status = 'answered') as answered, sum(status = 'pending') as pending,
          coalesce(sum(status = 'pending' and since < {DEADLINE}), 0) as overdue,
          min(published_on) as first, max(published_on) as last
        from facets f where status is not null and {period} group by addressee
        """,
        values,
    ):
        addressee, questions, answered, pending, overdue, first, last = row
        name = office(addressee)
        figures = Minister(name, questions, answered, pending, overdue, None, None, first, last)
        known = made.get(name)
        made[name] = _joined(known, figures) if known else figures
    waits: defaultdict[str | None, Counter[int]] = defaultdict(Counter)
    for addressee, wait, number in connection.execute(
        f"select addressee, wait, count(*) from facets f where wait is not null and {period}"
        " group by addressee, wait",
        values,
    ):
        waits[office(addressee)][wait] += number
    for name, counted in waits.items():
        ordered = sorted(counted.items())
        made[name] = replace(
            made[name], median=percentile(ordered, 50), ninth_decile=percentile(ordered, 90)
        )
    return tuple(sorted(made.values(), key=lambda row: (-row.questions, row.name or "")))


def _joined(one: Minister, other: Minister) -> Minister:
    """The figures of two ways to write one office together."""
    first = [day for day in (one.first, other.first) if day is not None]
    last = [day for day in (one.last, other.last) if day is not None]
    return Minister(
        one.name,
        one.questions + other.questions,
        one.answered + other.answered,
        one.pending + other.pending,
        one.overdue + other.overdue,
        None,
        None,
        min(first, default=None),
        max(last, default=None),
    )
