"""The SQL of the search page: how many, which ones, and their extracts.

One materialised list of hits serves the totals and all facets. Beyond MOST_RANKED hits the order
is by day and no longer by rank, which costs too much on common words; the page says so.
"""

import sqlite3
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Literal

from archiver.publish.site.queries.rows import ARTICLE_COLUMNS, ArticleLine, article_line, marks
from archiver.publish.site.search.filters import Filters, conditions
from archiver.publish.site.search.marking import CLOSE, OPEN
from archiver.publish.site.search.match import any_term, everything, on_questions
from archiver.publish.site.search.typed import Typed

MOST_RANKED = 20_000
MOST_WITH_CATEGORIES = 20_000
_EXTRACT_WORDS = 36
_TITLE_WEIGHT = 8.0

Order = Literal["pertinence", "recent", "ancien", "commentaires"]
_ORDERS = {
    "recent": "a.published_on desc, a.id desc",
    "ancien": "a.published_on is null, a.published_on, a.id",
    "commentaires": "a.comment_count desc, a.published_on desc, a.id desc",
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
    """The conditions of one search, ready to be put into statements: `on_question` on
    `questions q`, the methods say on what theirs are."""

    def __init__(self, asked: Asked) -> None:
        found = conditions(asked.filters, asked.today)
        self.values: dict[str, str | int] = dict(found.values)
        self.text = everything(asked.typed, wide=asked.wide)
        on_article = list(found.on_article)
        on_question = list(found.on_question)
        if self.text is not None:
            self.values["text"] = self.text
            on_article.append(
                "a.id in (select rowid from articles_fts where articles_fts match :text)"
            )
        without = any_term(asked.typed.without)
        if without is not None:
            self.values["without"] = without
            on_article.append(
                "a.id not in (select rowid from articles_fts where articles_fts match :without)"
            )
        named = on_questions(asked.typed, wide=asked.wide)
        if named is not None:
            self.values["named"] = named
            on_question.append(
                "q.id in (select rowid from questions_fts where questions_fts match :named)"
            )
        self.on_article = on_article
        self.on_question = on_question

    def hits(self) -> str:
        """A query of one row a found question, or a found article without any."""
        join = "join" if self.on_question else "left join"
        where = " and ".join((*self.on_article, *self.on_question)) or "1"
        return f"""
          select a.id as article_id, q.id as question_id, substr(a.published_on, 1, 7) as month,
            a.kind, a.lang, a.site_id, a.categories, q.status, q.addressee, q.type
          from articles a {join} questions q on q.article_id = a.id
          where {where}
        """

    def ordering(self, order: Order) -> tuple[str, str]:
        """What to join to `articles a`, and the terms to order by."""
        if order != "pertinence" or self.text is None:
            return "", _ORDERS["recent" if order == "pertinence" else order]
        ranks = f"""
          join (
            select rowid as id, rank from articles_fts
            where articles_fts match :text and rank match 'bm25({_TITLE_WEIGHT}, 1.0)'
          ) as ranks on ranks.id = a.id
        """
        return ranks, f"ranks.rank, {_ORDERS['recent']}"

    def articles(self) -> str:
        """A condition on `articles a`."""
        parts = list(self.on_article)
        if self.on_question:
            parts.append(
                "exists (select 1 from questions q where q.article_id = a.id and "
                f"{' and '.join(self.on_question)})"
            )
        return " and ".join(parts) or "1"


def count(connection: sqlite3.Connection, asked: Asked) -> Totals:
    """Totals, facets and months of a search, in one statement."""
    sql = SearchSql(asked)
    facets = {
        "annee": "substr(month, 1, 4)",
        "statut": "status",
        "genre": "kind",
        "type": "type",
        "langue": "lang",
        "site": "site_id",
        "mois": "month",
    }
    counted = " union all ".join(
        f"select '{name}', {value}, count(distinct article_id) from hits"
        f" where {value} is not null group by 2"
        for name, value in facets.items()
    )
    found = connection.execute(
        f"""
        with hits as materialized ({sql.hits()}),
        offices as materialized (
          select addressee, office(addressee) as office
          from (select distinct addressee from questions where addressee is not null)
        )
        select 'total', count(distinct article_id), count(question_id) from hits
        union all
        select 'categorie', value, count(distinct article_id)
        from hits, json_each(hits.categories)
        where (select count(*) from hits) <= {MOST_WITH_CATEGORIES} group by 2
        union all
        select 'ministre', offices.office, count(distinct article_id)
        from hits join offices on offices.addressee = hits.addressee group by 2
        union all {counted}
        """,
        sql.values,
    ).fetchall()
    by_facet: dict[str, list[tuple[str, int]]] = defaultdict(list)
    articles = questions = 0
    for name, value, number in found:
        if name == "total":
            articles, questions = value, number
        else:
            by_facet[name].append((str(value), number))
    months = tuple(sorted(by_facet.pop("mois", [])))
    years = by_facet.get("annee", [])
    ordered = {
        name: tuple(sorted(counts, key=lambda pair: (-pair[1], pair[0])))
        for name, counts in by_facet.items()
    }
    if years:
        ordered["annee"] = tuple(sorted(years, reverse=True))
    return Totals(articles, questions, ordered, months)


def find(
    connection: sqlite3.Connection, asked: Asked, order: Order, limit: int, offset: int = 0
) -> tuple[Hit, ...]:
    """The found articles of one page, in order, with their extracts."""
    sql = SearchSql(asked)
    ranks, terms = sql.ordering(order)
    rows = connection.execute(
        f"""
        select {ARTICLE_COLUMNS} from articles a {ranks}
        where {sql.articles()} order by {terms} limit :limit offset :offset
        """,
        {**sql.values, "limit": limit, "offset": offset},
    ).fetchall()
    lines = [article_line(row) for row in rows]
    titles, bodies = _article_extracts(connection, asked, sql.text, lines)
    questions = _question_extracts(connection, asked, [line.id for line in lines])
    return tuple(
        Hit(
            line,
            titles.get(line.id, line.title),
            None if line.id in questions else bodies.get(line.id),
            questions.get(line.id, ()),
        )
        for line in lines
    )


def _article_extracts(
    connection: sqlite3.Connection, asked: Asked, text: str | None, lines: list[ArticleLine]
) -> tuple[dict[int, str], dict[int, str]]:
    """Marked titles and extracts of bodies by article id."""
    ids = [line.id for line in lines]
    if text is None:
        bodies = connection.execute(
            f"select id, substr(body_text, 1, 260) from articles where id in ({marks(ids)})", ids
        ).fetchall()
        return {}, {key: f"{body}…" for key, body in bodies if body}
    rows = connection.execute(
        f"""
        select rowid, highlight(articles_fts, 0, ?, ?),
          snippet(articles_fts, 1, ?, ?, '…', {_EXTRACT_WORDS})
        from articles_fts where articles_fts match ? and rowid in ({marks(ids)})
        """,
        (OPEN, CLOSE, OPEN, CLOSE, any_term(asked.typed.terms, wide=asked.wide), *ids),
    ).fetchall()
    return {row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows if row[2]}


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
          coalesce(demand, substr(question, 1, 260) || '…') as opening,
          substr(answer, 1, 200) || '…' as reply
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
