"""The SQL of the comments page: most commented articles and fastest rises.

Counts of different sources are never compared: a rise is between two readings of one source, the
one the article's own count comes from first (page, then feed, then REST). Only articles with a rise
from one reading to the next, of which the store keeps a list, can have one over several days.
"""

import sqlite3
from dataclasses import dataclass
from datetime import timedelta

from archiver.instants import format_instant, parse_instant
from archiver.publish.site.queries.rows import (
    ARTICLE_COLUMNS,
    TIES_DESCENDING,
    ArticleLine,
    article_line,
)

_LIMIT = 25


@dataclass(frozen=True, slots=True)
class Commented:
    """An article with its newest count."""

    article: ArticleLine
    comments: int
    votes: int | None


@dataclass(frozen=True, slots=True)
class Rise:
    """A rise of the count between two readings of one source."""

    article: ArticleLine
    before: int
    after: int
    since: str
    until: str

    @property
    def gained(self) -> int:
        """How many more."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Totals:
    """Articles with a known count, their comments, articles whose count is unknown, readings."""

    known: int
    comments: int
    unknown: int
    readings: int


def totals(connection: sqlite3.Connection) -> Totals:
    """The counts as a whole."""
    row = connection.execute(
        "select count(comment_count) as known, coalesce(sum(comment_count), 0) as comments,"
        " count(*) - count(comment_count) as unknown,"
        " (select count(*) from comment_counts) as readings from articles"
    ).fetchone()
    return Totals(**dict(row))


def how_many_commented(connection: sqlite3.Connection) -> int:
    """How many articles have at least one comment."""
    (total,) = connection.execute(
        "select count(*) from articles where comment_count > 0"
    ).fetchone()
    return int(total)


def most_commented(
    connection: sqlite3.Connection, limit: int = _LIMIT, offset: int = 0
) -> tuple[Commented, ...]:
    """The articles with most comments, at least one, from number `offset`."""
    rows = connection.execute(
        f"select {ARTICLE_COLUMNS}, a.vote_count from articles a where a.comment_count > 0"
        " order by a.comment_count desc, a.published_on desc,"
        f" {TIES_DESCENDING.format('a')} limit ? offset ?",
        (limit, offset),
    )
    return tuple(
        Commented(article_line(row), row["comment_count"], row["vote_count"]) for row in rows
    )


def newest_reading(connection: sqlite3.Connection) -> str | None:
    """The instant of the newest reading, from which rises are counted back."""
    (newest,) = connection.execute("select max(observed_at) from comment_counts").fetchone()
    return str(newest) if newest is not None else None


def rises(
    connection: sqlite3.Connection, until: str, days: int, limit: int = _LIMIT
) -> tuple[Rise, ...]:
    """The largest rises over the `days` before the instant `until`. The earlier reading is the
    last one in the day before that period, or else the first within it: never an older one."""
    beginning = parse_instant(until) - timedelta(days=days)
    start, earliest = map(format_instant, (beginning, beginning - timedelta(days=1)))
    rows = connection.execute(
        f"""
        with recent as (
          select article_id, source, max(observed_at) as until from comment_counts
          where article_id in (select article_id from comment_rises
              where observed_at > :earliest and observed_at <= :until)
            and observed_at > :start and observed_at <= :until and comment_count is not null
          group by article_id, source
        ),
        spans as (
          select recent.*, coalesce(
            (select max(observed_at) from comment_counts c where c.article_id = recent.article_id
              and c.source = recent.source and c.observed_at <= :start
              and c.observed_at > :earliest and c.comment_count is not null),
            (select min(observed_at) from comment_counts c where c.article_id = recent.article_id
              and c.source = recent.source and c.observed_at > :start
              and c.comment_count is not null)
          ) as since,
          row_number() over (partition by article_id order by
            case source when 'page' then 0 when 'feed' then 1 else 2 end) as choice
          from recent
        )
        select {ARTICLE_COLUMNS}, spans.since, spans.until, b.comment_count as before_count,
          e.comment_count as after_count
        from spans
        join articles a on a.id = spans.article_id
        join comment_counts b on b.article_id = spans.article_id and b.source = spans.source
          and b.observed_at = spans.since
        join comment_counts e on e.article_id = spans.article_id and e.source = spans.source
          and e.observed_at = spans.until
        where spans.choice = 1 and e.comment_count > b.comment_count
        order by e.comment_count - b.comment_count desc, a.published_on desc,
          {TIES_DESCENDING.format("a")} limit :limit
        """,
        {"start": start, "earliest": earliest, "until": until, "limit": limit},
    )
    return tuple(
        Rise(article_line(row), row["before_count"], row["after_count"], row["since"], row["until"])
        for row in rows
    )
