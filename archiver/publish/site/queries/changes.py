"""The SQL of the changes that the archive has seen: of all articles, of a search, or of one."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from archiver.publish.site.queries.rows import (
    ARTICLE_COLUMNS,
    EVENTS,
    NEWEST_EVENTS,
    ArticleLine,
    article_line,
)
from archiver.publish.site.queries.searching import EVERYTHING, Asked, SearchSql

KIND_SLUGS = {
    "new": "nouveau",
    "answered": "reponse",
    "edited": "texte",
    "retitled": "titre",
    "renamed": "adresse",
    "gone": "disparu",
    "back": "retour",
    "comments": "commentaires",
    "votes": "votes",
}
"""Kinds of change as addresses name them."""

TELLING = tuple(kind for kind in KIND_SLUGS if kind not in {"comments", "votes"})
"""The kinds shown when none is chosen: comments and votes change at nearly every crawl."""


@dataclass(frozen=True, slots=True)
class Opening:
    """The beginnings of a question's texts, as the article has them now."""

    position: int
    addressee: str | None
    status: str
    asked: str | None
    answered: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """A change, and the record of the capture that shows it. `ordinal` counts from 0 those of one
    kind that one capture shows of an article."""

    article: ArticleLine
    at: str
    kind: str
    before: str | None
    after: str | None
    ordinal: int
    record_id: str
    openings: tuple[Opening, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """Which changes: of the articles that a search finds, of some kinds; of one article only when
    `article_id` is given."""

    asked: Asked
    kinds: Sequence[str] = TELLING
    article_id: int | None = None


def how_many(connection: sqlite3.Connection, scope: Scope) -> int:
    """How many changes there are."""
    where, values = _where(scope)
    (total,) = connection.execute(f"select count(*) from events e where {where}", values).fetchone()
    return int(total)


def changes(
    connection: sqlite3.Connection, scope: Scope, limit: int, offset: int = 0
) -> tuple[Change, ...]:
    """The changes from number `offset`, newest first."""
    # `+` keeps SQLite on the index of instants, where the newest of all kinds come first.
    where, values = _where(scope, "+e.kind" if len(scope.kinds) > 1 else "e.kind")
    rows = connection.execute(
        f"""
        with listed as materialized (
          select e.id from {EVENTS} where {where}
          order by {NEWEST_EVENTS.format("n")} limit :limit offset :offset
        )
        select {ARTICLE_COLUMNS}, e.at, e.kind as change, e.before, e.after, c.record_id,
          (select count(*) from events o where o.article_id = e.article_id and o.at = e.at
            and o.kind = e.kind and o.id < e.id) as ordinal
        from listed join events e on e.id = listed.id join articles a on a.id = e.article_id
        join captures c on c.id = e.capture_id
        order by {NEWEST_EVENTS.format("a")}
        """,
        {**values, "limit": limit, "offset": offset},
    ).fetchall()
    openings = _openings(connection, sorted({row["id"] for row in rows}))
    return tuple(
        Change(
            article_line(row),
            row["at"],
            row["change"],
            row["before"],
            row["after"],
            row["ordinal"],
            row["record_id"],
            tuple(openings.get(row["id"], ())),
        )
        for row in rows
    )


def _where(scope: Scope, kind: str = "e.kind") -> tuple[str, dict[str, str | int]]:
    """A condition on `events e`, whose kind is named as `kind`, and the values it binds."""
    sql = SearchSql(scope.asked)
    values: dict[str, str | int] = {**sql.values, "kinds": json.dumps(scope.kinds)}
    parts = [f"{kind} in (select value from json_each(:kinds))"]
    if sql.facets() != EVERYTHING:
        parts.append(f"e.article_id in (select f.article_id from facets f where {sql.facets()})")
    if scope.article_id is not None:
        values["article_id"] = scope.article_id
        parts.append("e.article_id = :article_id")
    return " and ".join(parts), values


def _openings(connection: sqlite3.Connection, ids: list[int]) -> dict[int, list[Opening]]:
    by_article: dict[int, list[Opening]] = {}
    for row in connection.execute(
        "select article_id, position, addressee, status,"
        " coalesce(demand, substr(question, 1, 600)) as asked, substr(answer, 1, 600) as answered"
        " from questions where article_id in (select value from json_each(?))"
        " order by article_id, position",
        (json.dumps(ids),),
    ):
        by_article.setdefault(row["article_id"], []).append(
            Opening(row["position"], row["addressee"], row["status"], row["asked"], row["answered"])
        )
    return by_article
