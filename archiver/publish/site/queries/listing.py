"""The SQL of a search as a list to take away: all columns of the articles or questions it finds.

The conditions and the order are those of the search page (`queries.searching`): rows are found
among the narrow ones of `facets`, and read whole only then.
"""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from archiver.publish.site.queries.rows import ARTICLE_COLUMNS, TIES, ArticleLine, article_line
from archiver.publish.site.queries.searching import Asked, Order, SearchSql, found_ids

_CAPTURE = "c.captured_at, c.payload_digest, c.record_id"


@dataclass(frozen=True, slots=True)
class Found:
    """How many articles a search finds, and how many of their questions."""

    articles: int
    questions: int


@dataclass(frozen=True, slots=True)
class Rows:
    """Which rows of a list: at most `limit`, from number `offset`."""

    limit: int
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Proof:
    """The newest good capture of an article."""

    captured_at: str
    digest: str | None
    record_id: str


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """A found article. `questions` counts those the search finds, `statuses` and `addressees` are
    theirs, in order and each once; `categories` is a JSON array."""

    article: ArticleLine
    author: str | None
    categories: str
    votes: int | None
    questions: int
    statuses: tuple[str, ...]
    addressees: tuple[str, ...]
    proof: Proof


@dataclass(frozen=True, slots=True)
class ListedQuestion:
    """A found question, whole; `wait` is days from question to answer, where both are known."""

    article: ArticleLine
    position: int
    type: str | None
    number: str | None
    legislature: int | None
    author: str | None
    addressee: str | None
    asked_on: str | None
    answered_on: str | None
    wait: int | None
    status: str
    question: str | None
    answer: str | None
    demand: str | None
    proof: Proof


def found(connection: sqlite3.Connection, asked: Asked) -> Found:
    """The totals of a search."""
    sql = SearchSql(asked)
    row = connection.execute(
        f"select count(distinct f.article_id), count(f.status) from facets f where {sql.facets()}",
        sql.values,
    ).fetchone()
    return Found(*row)


def articles(
    connection: sqlite3.Connection, asked: Asked, order: Order, found: Found, rows: Rows
) -> tuple[ListedArticle, ...]:
    """Some of the found articles, in the order of the search page."""
    sql = SearchSql(asked)
    ids = found_ids(connection, sql, order, rows.limit, rows.offset, found.articles)
    by_id = {
        row["id"]: row
        for row in connection.execute(
            f"select {ARTICLE_COLUMNS}, a.author, a.categories, a.vote_count, {_CAPTURE}"
            " from articles a join captures c on c.id = a.capture_id"
            " where a.id in (select value from json_each(?))",
            (json.dumps(ids),),
        )
    }
    asking = _found_questions(connection, sql, ids)
    listed = []
    for key in ids:
        row, own = by_id[key], asking.get(key, [])
        listed.append(
            ListedArticle(
                article_line(row),
                row["author"],
                row["categories"],
                row["vote_count"],
                len(own),
                tuple(dict.fromkeys(status for status, _ in own)),
                tuple(dict.fromkeys(name for _, name in own if name is not None)),
                _proof(row),
            )
        )
    return tuple(listed)


def questions(
    connection: sqlite3.Connection, asked: Asked, order: Order, rows: Rows
) -> tuple[ListedQuestion, ...]:
    """Some of the found questions, in the order of their articles."""
    sql = SearchSql(asked)
    ranks, terms = sql.ordering(order)
    places = connection.execute(
        f"select f.article_id, f.position from facets f {ranks}"
        f" where {sql.facets(ranked=bool(ranks))} and f.status is not null"
        f" order by {terms}, f.position limit :limit offset :offset",
        {**sql.values, "limit": rows.limit, "offset": rows.offset},
    )
    return _at(connection, places)


def awaited(
    connection: sqlite3.Connection, asked: Asked, oral: tuple[str, ...], limit: int
) -> tuple[int, tuple[ListedQuestion, ...]]:
    """How many of the found questions wait for an answer and have a day, those of the types `oral`
    left out; and these questions, the latest first."""
    sql = SearchSql(asked)
    waiting = (
        f"from facets f where {sql.facets()} and f.status = 'pending' and f.since is not null"
        " and coalesce(f.type, '') not in (select value from json_each(:oral))"
    )
    values = {**sql.values, "oral": json.dumps(oral)}
    (total,) = connection.execute(f"select count(*) {waiting}", values).fetchone()
    places = connection.execute(
        f"select f.article_id, f.position {waiting}"
        f" order by f.since desc, {TIES.format('f')}, f.position limit :limit",
        {**values, "limit": limit},
    )
    return total, _at(connection, places)


def _at(
    connection: sqlite3.Connection, places: Iterable[sqlite3.Row]
) -> tuple[ListedQuestion, ...]:
    """The questions at some (article, position), in that order."""
    rows = connection.execute(
        f"""
        select {ARTICLE_COLUMNS}, q.position, q.type, q.number, q.legislature, q.author,
          q.addressee, q.asked_on, q.answered_on, q.status, q.question, q.answer, q.demand,
          case when q.answered_on >= q.asked_on
            then cast(julianday(q.answered_on) - julianday(q.asked_on) as integer) end as wait,
          {_CAPTURE}
        from json_each(?) place
        join questions q on q.article_id = place.value ->> 0 and q.position = place.value ->> 1
        join articles a on a.id = q.article_id
        join captures c on c.id = a.capture_id
        order by place.key
        """,
        (json.dumps([tuple(place) for place in places]),),
    )
    return tuple(_question(row) for row in rows)


def _question(row: sqlite3.Row) -> ListedQuestion:
    return ListedQuestion(
        article=article_line(row),
        position=row["position"],
        type=row["type"],
        number=row["number"],
        legislature=row["legislature"],
        author=row["author"],
        addressee=row["addressee"],
        asked_on=row["asked_on"],
        answered_on=row["answered_on"],
        wait=row["wait"],
        status=row["status"],
        question=row["question"],
        answer=row["answer"],
        demand=row["demand"],
        proof=_proof(row),
    )


def _found_questions(
    connection: sqlite3.Connection, sql: SearchSql, ids: list[int]
) -> dict[int, list[tuple[str, str | None]]]:
    """Status and addressee of the found questions of some articles, by article."""
    by_article: dict[int, list[tuple[str, str | None]]] = {}
    for article, status, addressee in connection.execute(
        "select f.article_id, f.status, f.addressee from facets f"
        f" where f.article_id in (select value from json_each(:ids)) and {sql.facets()}"
        " and f.status is not null order by f.article_id, f.position",
        {**sql.values, "ids": json.dumps(ids)},
    ):
        by_article.setdefault(article, []).append((status, addressee))
    return by_article


def _proof(row: sqlite3.Row) -> Proof:
    return Proof(row["captured_at"], row["payload_digest"], row["record_id"])
