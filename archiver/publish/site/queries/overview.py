"""The SQL of the home page: what is held, what is new, by month, and how long answers take.

Numbers come from the store's tallies, rows by an index: no article is read that is not shown.
"""

import json
import sqlite3
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import NamedTuple

from archiver.publish.site.queries.rows import (
    ARTICLE_COLUMNS,
    EVENTS,
    NEWEST_EVENTS,
    TIES,
    ArticleLine,
    article_line,
    marks,
)
from archiver.publish.site.search.filters import DEADLINE, STATUS_SLUGS

WAIT_BOUNDS = (0, 31, 61, 92, 183, 365)
"""First days of the waits that are counted together; the last class has no end."""

_NEWS = 5


@dataclass(frozen=True, slots=True)
class Figures:
    """What is held. Days and instants are None while nothing is."""

    articles: int
    questions: int
    answered: int
    pending: int
    overdue: int
    edited: int
    gone: int
    first_day: str | None
    last_day: str | None


class Month(NamedTuple):
    """Questions of articles published in one month (`YYYY-MM`), by status. A tuple, because the
    drawing that is kept for some hundred of them is found by their values."""

    month: str
    answered: int
    pending: int
    other: int


@dataclass(frozen=True, slots=True)
class Waits:
    """Days from question to answer where both are known: how many per class of WAIT_BOUNDS, the
    median and the 90th percentile; `unknown` answers lack a date."""

    classes: tuple[int, ...]
    known: int
    unknown: int
    median: int | None
    ninth_decile: int | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """An unanswered question and the days it has waited."""

    article: ArticleLine
    position: int
    addressee: str | None
    since: str
    days: int


@dataclass(frozen=True, slots=True)
class News:
    """A change the archive has seen."""

    article: ArticleLine
    at: str
    kind: str
    before: str | None
    after: str | None


def figures(connection: sqlite3.Connection, today: str) -> Figures:
    """What is held on `today` (a day)."""
    tallied = dict(
        connection.execute(
            "select what, sum(number) from tallies"
            f" where what in ('articles', 'edited', {marks(STATUS_SLUGS)}) group by what",
            tuple(STATUS_SLUGS),
        )
    )
    row = connection.execute(
        # The days since the deadline are few, those before it are years.
        f"""
        select
          coalesce((select sum(number) from tallies where what = 'pending'), 0)
          - coalesce((select number from tallies where what = 'waiting' and value = ''), 0)
          - coalesce((select sum(number) from tallies
            where what = 'waiting' and value >= {DEADLINE}), 0) as overdue,
          (select count(*) from articles where gone_at is not null) as gone,
          (select min(published_on) from articles) as first_day,
          (select max(published_on) from articles) as last_day
        """,
        {"today": today},
    ).fetchone()
    return Figures(
        articles=tallied.get("articles", 0),
        questions=sum(tallied.get(status, 0) for status in STATUS_SLUGS),
        answered=tallied.get("answered", 0),
        pending=tallied.get("pending", 0),
        edited=tallied.get("edited", 0),
        **dict(row),
    )


def by_month(connection: sqlite3.Connection) -> tuple[Month, ...]:
    """The months that have questions, in order."""
    rows = connection.execute(
        f"""
        select value as month, sum(number * (what = 'answered')) as answered,
          sum(number * (what = 'pending')) as pending,
          sum(number * (what not in ('answered', 'pending'))) as other
        from tallies where what in ({marks(STATUS_SLUGS)}) and value > ''
        group by value order by value
        """,
        tuple(STATUS_SLUGS),
    ).fetchall()
    return tuple(Month(*row) for row in rows)


def waits(connection: sqlite3.Connection) -> Waits:
    """How long the answers took."""
    # One row of two lists: a thousand rows take three times as long.
    each = connection.execute(
        "select json_group_array(cast(value as integer)), json_group_array(number)"
        " from (select value, number from tallies where what = 'waited')"
    ).fetchone()
    days = sorted(zip(*map(json.loads, each), strict=True))
    (answered,) = connection.execute(
        "select coalesce(sum(number), 0) from tallies where what = 'answered'"
    ).fetchone()
    values = [wait for wait, _ in days]
    until = (0, *accumulate(number for _, number in days))
    ends = (*(until[bisect_left(values, bound)] for bound in WAIT_BOUNDS), until[-1])
    classes = tuple(end - start for start, end in pairwise(ends))
    known = until[-1]
    return Waits(classes, known, answered - known, percentile(days, 50), percentile(days, 90))


def percentile(ordered: Sequence[tuple[int, int]], rank: int) -> int | None:
    """The nearest-rank percentile of (value, how many) in order; None of none."""
    total = sum(number for _, number in ordered)
    wanted = max(1, -(-rank * total // 100))
    for value, number in ordered:
        wanted -= number
        if wanted <= 0:
            return value
    return None


def longest_waiting(
    connection: sqlite3.Connection, today: str, limit: int = 6
) -> tuple[Waiting, ...]:
    """The unanswered questions that have waited longest, to `today`."""
    rows = connection.execute(
        f"""
        select {ARTICLE_COLUMNS}, f.position, f.addressee, f.since,
          cast(julianday(:today) - julianday(f.since) as integer) as days
        from (
          select f.article_id, f.position, f.addressee, f.since from facets f
          where f.status = 'pending' and f.since is not null
          order by f.since, {TIES.format("f")}, f.position limit :limit
        ) f join articles a on a.id = f.article_id
        order by f.since, {TIES.format("a")}, f.position
        """,
        {"today": today, "limit": limit},
    )
    return tuple(
        Waiting(article_line(row), row["position"], row["addressee"], row["since"], row["days"])
        for row in rows
    )


def news(connection: sqlite3.Connection, *kinds: str) -> tuple[News, ...]:
    """The newest changes of some kinds; an article whose title and text changed at once is there
    once."""
    newest = " union all ".join(
        f"select * from (select e.id from {EVENTS} where e.kind = ?"
        f" order by {NEWEST_EVENTS.format('n')} limit {_NEWS})"
        for _ in kinds
    )
    rows = connection.execute(
        f"""
        select {ARTICLE_COLUMNS}, e.at, e.kind as change, e.before, e.after
        from events e join articles a on a.id = e.article_id
        where e.id in ({newest}) order by {NEWEST_EVENTS.format("a")}
        """,
        kinds,
    )
    found = {(row["id"], row["at"]): row for row in rows}
    return tuple(
        News(article_line(row), row["at"], row["change"], row["before"], row["after"])
        for row in list(found.values())[:_NEWS]
    )
