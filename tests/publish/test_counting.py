"""What is counted and found among the narrow rows is what the articles and questions say."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from typing import get_args

import pytest

from archiver.publish.site.offices import office, register
from archiver.publish.site.queries.counting import count
from archiver.publish.site.queries.searching import Asked, Order, SearchSql, find
from archiver.publish.site.search.request import read_request
from benchmarks import filling

DAY = "2026-11-24"
LARGE = 10**6
SEARCHES: tuple[dict[str, str], ...] = (
    {},
    {"q": "impôt"},
    {"q": "impôt -hôpital"},
    {"q": "ministre:économie"},
    {"q": "réponse:ministre titre:impôt OU question"},
    {"q": "introuvable"},
    {"statut": "sans-reponse"},
    {"statut": "en-retard"},
    {"statut": "repondue", "type": "QE"},
    {"legislature": "15"},
    {"legislature": "inconnue"},
    {"ministre": "ministre de la justice"},
    {"q": "ministre", "ministre": "ministre de la culture"},
    {"annee": "2019"},
    {"mois": "2019-03"},
    {"genre": "actualite"},
    {"langue": "en-US"},
    {"q": "langue:français"},
    {"categorie": "Santé"},
    {"etat": "modifie"},
    {"etat": "disparu"},
    {"etat": "commente", "q": "question"},
    {"attente": "31-92"},
)


SAID = """
    select *, substr(published_on, 1, 7) as month from (
      select a.id as article_id, q.id as question_id, coalesce(q.position, 0) as position,
        a.kind, a.lang, a.site_id, a.published_on, a.categories, a.comment_count, a.gone_at,
        a.id in (select article_id from events where kind in ('edited', 'retitled')) as edited,
        q.status, q.type, q.legislature, q.addressee, coalesce(q.asked_on, a.published_on) as since,
        cast(julianday(q.answered_on) - julianday(q.asked_on) as integer) as wait
      from articles a left join questions q on q.article_id = a.id
    ) f
"""
"""What the narrow rows keep, as the articles, questions and events themselves say it."""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path = tmp_path_factory.mktemp("counting") / "archive.db"
    filling.fill(path, 400)
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        register(connection)
        yield connection


def asked(search: dict[str, str]) -> Asked:
    return read_request(search, DAY).asked


def counted_one_by_one(connection: sqlite3.Connection, wanted: Asked) -> dict[str, object]:
    sql = SearchSql(wanted)
    rows = connection.execute(f"{SAID} where {sql.facets()}", sql.values).fetchall()
    values: dict[int, set[tuple[str, str]]] = {}
    for row in rows:
        known = values.setdefault(row["article_id"], set())
        known |= {
            ("mois", row["month"]),
            ("annee", row["month"][:4]),
            ("genre", row["kind"]),
            ("langue", row["lang"][:2]),
            ("site", row["site_id"]),
            *(("categorie", value) for value in json.loads(row["categories"])),
        }
        if row["question_id"] is not None:
            known |= {("statut", row["status"]), ("type", row["type"])}
            known.add(("legislature", str(row["legislature"])))
            known.add(("ministre", str(office(row["addressee"]))))
    counts = Counter(pair for known in values.values() for pair in known)
    return {
        "articles": len(values),
        "questions": sum(row["question_id"] is not None for row in rows),
        "counts": dict(counts),
    }


def test_some_articles_have_several_questions(archive: sqlite3.Connection) -> None:
    (several,) = archive.execute(
        "select count(distinct article_id) from facets where not alone"
    ).fetchone()
    assert several > 10


@pytest.mark.parametrize("search", SEARCHES, ids=str)
def test_totals_and_facets(archive: sqlite3.Connection, search: dict[str, str]) -> None:
    totals = count(archive, asked(search))
    counts = {
        (name, value): number
        for name, pairs in {**totals.facets, "mois": totals.months}.items()
        for value, number in pairs
    }
    found = {"articles": totals.articles, "questions": totals.questions, "counts": counts}
    assert found == counted_one_by_one(archive, asked(search))


@pytest.mark.parametrize(
    ("langue", "tags"),
    [
        ("fr", ["fr-FR"]),
        ("français", ["fr-FR"]),
        ("Anglais", ["en-US"]),
        ("en-US", ["en-US"]),
        ("EN", ["en-US"]),
        ("f", []),
        ("fr-", []),
        ("%", []),
        ("fr-CA", []),
    ],
)
def test_a_language_is_found_with_its_countries(
    archive: sqlite3.Connection, langue: str, tags: list[str]
) -> None:
    marks = ", ".join("?" for _ in tags)
    (number,) = archive.execute(
        f"select count(*) from articles where lang in ({marks})", tags
    ).fetchone()
    assert count(archive, asked({"langue": langue})).articles == number
    assert bool(number) == bool(tags)


@pytest.mark.parametrize("search", SEARCHES, ids=str)
def test_the_order_is_the_same_along_an_index(
    archive: sqlite3.Connection, search: dict[str, str]
) -> None:
    wanted = asked(search)
    total = count(archive, wanted).articles
    for order in get_args(Order):
        sorted_ids, walked = (
            [hit.article.id for hit in find(archive, wanted, order, 1000, 0, total=known)]
            for known in (0, LARGE)
        )
        assert sorted_ids == walked
        assert len(set(walked)) == len(walked) == total
        rest = find(archive, wanted, order, 7, 3, total=LARGE)
        assert [hit.article.id for hit in rest] == walked[3:10]
