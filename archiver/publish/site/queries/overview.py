"""The SQL of the home page: what is held, what is new, by month, and how long answers take."""

import sqlite3
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from archiver.publish.site.queries.rows import ARTICLE_COLUMNS, ArticleLine, article_line
from archiver.publish.site.search.filters import OVERDUE

WAIT_BOUNDS = (0, 31, 61, 92, 183, 365)
"""First days of the waits that are counted together; the last class has no end."""

SINCE = "coalesce(q.asked_on, a.published_on)"
_WAIT = "cast(julianday(q.answered_on) - julianday(q.asked_on) as integer)"
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
    captures: int
    first_day: str | None
    last_day: str | None


@dataclass(frozen=True, slots=True)
class Month:
    """Questions of articles published in one month (`YYYY-MM`), by status."""

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
    row = connection.execute(
        f"""
        select
          (select count(*) from articles) as articles,
          (select count(*) from questions) as questions,
          (select count(*) from questions where status = 'answered') as answered,
          (select count(*) from questions where status = 'pending') as pending,
          (select count(*) from questions q join articles a on a.id = q.article_id
            where {OVERDUE}) as overdue,
          (select count(distinct article_id) from events where kind in ('edited', 'retitled'))
            as edited,
          (select count(*) from articles where gone_at is not null) as gone,
          (select count(*) from captures) as captures,
          (select min(published_on) from articles) as first_day,
          (select max(published_on) from articles) as last_day
        """,
        {"today": today},
    ).fetchone()
    return Figures(**dict(row))


def by_month(connection: sqlite3.Connection) -> tuple[Month, ...]:
    """The months that have questions, in order."""
    rows = connection.execute(
        """
        select substr(a.published_on, 1, 7) as month, sum(q.status = 'answered') as answered,
          sum(q.status = 'pending') as pending,
          sum(q.status not in ('answered', 'pending')) as other
        from questions q join articles a on a.id = q.article_id
        where a.published_on is not null group by month order by month
        """
    ).fetchall()
    return tuple(Month(**dict(row)) for row in rows)


def waits(connection: sqlite3.Connection) -> Waits:
    """How long the answers took."""
    days = [
        wait
        for (wait,) in connection.execute(
            f"""
            select {_WAIT} as wait from questions q
            where q.status = 'answered' and q.answered_on >= q.asked_on order by wait
            """
        )
    ]
    (answered,) = connection.execute(
        "select count(*) from questions where status = 'answered'"
    ).fetchone()
    classes = [0] * len(WAIT_BOUNDS)
    for wait in days:
        classes[bisect_right(WAIT_BOUNDS, wait) - 1] += 1
    return Waits(
        tuple(classes), len(days), answered - len(days), percentile(days, 50), percentile(days, 90)
    )


def percentile(ordered: Sequence[int], rank: int) -> int | None:
    """The nearest-rank percentile of values in order; None of none."""
    if not ordered:
        return None
    return ordered[max(0, -(-rank * len(ordered) // 100) - 1)]


def longest_waiting(
    connection: sqlite3.Connection, today: str, limit: int = 6
) -> tuple[Waiting, ...]:
    """The unanswered questions that have waited longest, to `today`."""
    rows = connection.execute(
        f"""
        select {ARTICLE_COLUMNS}, q.position, q.addressee, {SINCE} as since,
          cast(julianday(:today) - julianday({SINCE}) as integer) as days
        from questions q join articles a on a.id = q.article_id
        where q.status = 'pending' and {SINCE} is not null
        order by since, a.id, q.position limit :limit
        """,
        {"today": today, "limit": limit},
    )
    return tuple(
        Waiting(article_line(row), row["position"], row["addressee"], row["since"], row["days"])
        for row in rows
    )


def news(connection: sqlite3.Connection, *kinds: str) -> tuple[News, ...]:
    """The newest changes of some kinds, one per article and kind."""
    rows = connection.execute(
        f"""
        select {ARTICLE_COLUMNS}, e.at, e.kind as change, e.before, e.after
        from events e join articles a on a.id = e.article_id
        where e.kind in ({", ".join("?" for _ in kinds)}) order by e.at desc, e.id desc limit ?
        """,
        (*kinds, _NEWS),
    )
    return tuple(
        News(article_line(row), row["at"], row["change"], row["before"], row["after"])
        for row in rows
    )
