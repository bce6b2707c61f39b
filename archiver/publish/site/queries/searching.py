"""The SQL of a search: its conditions, the articles of one page and their extracts.

Articles are found among the narrow rows of `facets` and read only then. Beyond MOST_RANKED hits the
order is by day and no longer by rank, which costs too much on common words; the page says so.
"""

import sqlite3
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Literal

from archiver.publish.site.queries.rows import (
    ARTICLE_COLUMNS,
    TIES,
    TIES_DESCENDING,
    ArticleLine,
    article_line,
    marks,
)
from archiver.publish.site.search.filters import Filters, conditions
from archiver.publish.site.search.marking import CLOSE, OPEN
from archiver.publish.site.search.match import any_term, everything, on_questions
from archiver.publish.site.search.typed import Typed

EVERYTHING = "1"
"""The condition of a search that asks for nothing."""

_MATCHING = "f.article_id in (select rowid from articles_fts where articles_fts match :text)"
MOST_RANKED = 20_000
MOST_SORTED = 5_000
"""So many hits are sorted; of more, the index that has them in order is followed."""
_EXTRACT_WORDS = 36
_TITLE_WEIGHT = 8.0

Order = Literal["pertinence", "recent", "ancien", "commentaires"]
_ORDERS = {
    "recent": f"{{0}}.published_on desc, {TIES_DESCENDING}",
    "ancien": f"{{0}}.published_on asc nulls last, {TIES}",
    "commentaires": f"{{0}}.comment_count desc, {{0}}.published_on desc, {TIES_DESCENDING}",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A whole search on one day: what was typed, its filters, whether widened."""

    typed: Typed
    filters: Filters
    today: str
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Totals:
    """How many articles and questions, and per facet the counts of articles by value, most first;
    `months` counts articles by month of publication, in order of time."""

    articles: int
    questions: int
    facets: dict[str, tuple[tuple[str, int], ...]]
    months: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class QuestionHit:
    """A question of a found article; extracts carry the marks of `search.marking`."""

    position: int
    status: str
    type: str | None
    addressee: str | None
    asked_on: str | None
    answered_on: str | None
    question: str | None
    answer: str | None


@dataclass(frozen=True, slots=True)
class Hit:
    """A found article; `title` and `extract` (of its text, when it has no question) are marked."""

    article: ArticleLine
    title: str
    extract: str | None
    questions: tuple[QuestionHit, ...] = field(default=())


class SearchSql:
    """The conditions of one search on `facets f`, ready to be put into statements."""

    def __init__(self, asked: Asked) -> None:
        found = conditions(asked.filters, asked.today)
        self.values: dict[str, str | int] = dict(found.values)
        self.text = everything(asked.typed, wide=asked.wide)
        self._parts = [*found.on_article, *found.on_question]
        if self.text is not None:
            self.values["text"] = self.text
            self._parts.append(_MATCHING)
        without = any_term(asked.typed.without)
        if without is not None:
            self.values["without"] = without
            self._parts.append(
                "f.article_id not in"
                " (select rowid from articles_fts where articles_fts match :without)"
            )
        named = on_questions(asked.typed, wide=asked.wide)
        if named is not None:
            self.values["named"] = named
            self._parts.append(
                "(f.article_id, f.position) in (select article_id, position from questions"
                " where id in (select rowid from questions_fts where questions_fts match :named))"
            )

    def ordering(self, order: Order) -> tuple[str, str]:
        """What to join to `facets f`, and the terms to order by."""
        if order != "pertinence" or self.text is None:
            return "", _ORDERS["recent" if order == "pertinence" else order].format("f")
        ranks = f"""
          join (
            select rowid as id, rank from articles_fts
            where articles_fts match :text and rank match 'bm25({_TITLE_WEIGHT}, 1.0)'
          ) as ranks on ranks.id = f.article_id
        """
        return ranks, f"ranks.rank, {_ORDERS['recent'].format('f')}"

    def facets(self, *, ranked: bool = False) -> str:
        """The condition; `ranked` where the join of `ordering` matches the text already."""
        parts = [part for part in self._parts if not (ranked and part == _MATCHING)]
        return " and ".join(parts) or EVERYTHING


def find(
    connection: sqlite3.Connection,
    asked: Asked,
    order: Order,
    limit: int,
    offset: int = 0,
    *,
    total: int = 0,
) -> tuple[Hit, ...]:
    """The found articles of one page, in order, with their extracts; `total` is how many there are
    in all, where that is known."""
    sql = SearchSql(asked)
    ids = found_ids(connection, sql, order, limit, offset, total)
    places = {key: place for place, key in enumerate(ids)}
    rows = connection.execute(
        f"select {ARTICLE_COLUMNS} from articles a where a.id in ({marks(ids)})", ids
    )
    lines = sorted(map(article_line, rows), key=lambda line: places[line.id])
    titles, bodies = _article_extracts(connection, asked, sql.text, lines)
    questions = _question_extracts(connection, asked, ids)
    return tuple(
        Hit(
            line,
            titles.get(line.id, line.title),
            None if line.id in questions else bodies.get(line.id),
            questions.get(line.id, ()),
        )
        for line in lines
    )


def found_ids(
    connection: sqlite3.Connection,
    sql: SearchSql,
    order: Order,
    limit: int,
    offset: int,
    total: int,
) -> list[int]:
    """The IDs of the found articles from number `offset`, in order, of `total` in all."""
    ranked = order == "pertinence" and sql.text is not None
    many = total > MOST_SORTED and not ranked
    statement = _along_an_index(sql, order) if many else _sorted(sql, order)
    found = connection.execute(
        f"{statement} limit :limit offset :offset", {**sql.values, "limit": limit, "offset": offset}
    )
    return [row[0] for row in found]


def _sorted(sql: SearchSql, order: Order) -> str:
    """The IDs of the found articles, all of them found first."""
    ranks, terms = sql.ordering(order)
    return (
        f"select f.article_id from facets f {ranks} where {sql.facets(ranked=bool(ranks))}"
        f" group by f.article_id order by {terms}"
    )


def _along_an_index(sql: SearchSql, order: Order) -> str:
    """The IDs of the found articles, in the order of an index on articles, whose rows are looked at
    until the page is full; for searches that find many."""
    terms = _ORDERS["recent" if order == "pertinence" else order].format("a")
    return (
        # Any position will do: it makes SQLite take the primary key, for one article, rather than
        # the index of a filter.
        "select a.id from articles a where exists (select 1 from facets f"
        f" where f.article_id = a.id and f.position >= 0 and {sql.facets()}) order by {terms}"
    )


def _article_extracts(
    connection: sqlite3.Connection, asked: Asked, text: str | None, lines: list[ArticleLine]
) -> tuple[dict[int, str], dict[int, str]]:
    """Marked titles and extracts of bodies by article id."""
    ids = [line.id for line in lines]
    if text is None:
        bodies = connection.execute(
            f"select id, {_beginning('body_text', 260)} from articles where id in ({marks(ids)})",
            ids,
        ).fetchall()
        return {}, {key: body for key, body in bodies if body}
    rows = connection.execute(
        f"""
        select rowid, highlight(articles_fts, 0, ?, ?),
          snippet(articles_fts, 1, ?, ?, '…', {_EXTRACT_WORDS})
        from articles_fts where articles_fts match ? and rowid in ({marks(ids)})
        """,
        (OPEN, CLOSE, OPEN, CLOSE, any_term(asked.typed.terms, wide=asked.wide), *ids),
    ).fetchall()
    return {row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows if row[2]}


def _beginning(column: str, length: int) -> str:
    """The beginning of a text, which ends with « … » where it goes on."""
    cut = f"substr({column}, 1, {length}) || '…'"
    return f"case when length({column}) > {length} then {cut} else {column} end"


def _question_extracts(
    connection: sqlite3.Connection, asked: Asked, ids: list[int]
) -> dict[int, tuple[QuestionHit, ...]]:
    """The questions of the articles with extracts of both texts, by article id."""
    terms = any_term(asked.typed.terms, wide=asked.wide)
    extracts: dict[int, tuple[str | None, str | None]] = {}
    if terms is not None:
        found = connection.execute(
            f"""
            select rowid, snippet(questions_fts, 0, ?, ?, '…', {_EXTRACT_WORDS}),
              snippet(questions_fts, 1, ?, ?, '…', {_EXTRACT_WORDS})
            from questions_fts where questions_fts match ? and rowid in
              (select id from questions where article_id in ({marks(ids)}))
            """,
            (OPEN, CLOSE, OPEN, CLOSE, terms, *ids),
        )
        extracts = {row[0]: (row[1], row[2]) for row in found}
    rows = connection.execute(
        f"""
        select id, article_id, position, type, status, addressee, asked_on, answered_on,
          coalesce(demand, {_beginning("question", 260)}) as opening,
          {_beginning("answer", 200)} as reply
        from questions where article_id in ({marks(ids)}) order by article_id, position
        """,
        ids,
    )
    questions: dict[int, list[QuestionHit]] = defaultdict(list)
    for row in rows:
        question, answer = extracts.get(row["id"], (None, None))
        questions[row["article_id"]].append(
            QuestionHit(
                position=row["position"],
                status=row["status"],
                type=row["type"],
                addressee=row["addressee"],
                asked_on=row["asked_on"],
                answered_on=row["answered_on"],
                question=question or row["opening"],
                answer=answer or row["reply"],
            )
        )
    return {key: tuple(hits) for key, hits in questions.items()}
