"""The stock Datasette pages over the archive: descriptions, labels, ready queries, hostile text."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from datasette.app import Datasette

from archiver.publish.ready_queries import READY_QUERIES
from archiver.store.migrations import TABLES
from archiver.store.schema import PUBLIC, Table
from tests.publish import sample


@pytest.fixture
def rows(database: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(database)) as connection:
        yield connection


async def page(site: Datasette, path: str) -> BeautifulSoup:
    response = await site.client.get(path)
    assert response.status_code == 200, f"{path}: {response.status_code}"
    return BeautifulSoup(response.text, "lxml")


async def answers(site: Datasette, query: str) -> list[dict[str, object]]:
    response = await site.client.get(f"/archive/{query}.json?_shape=array")
    assert response.status_code == 200
    return list(response.json())


@pytest.mark.asyncio
@pytest.mark.parametrize("table", PUBLIC, ids=lambda table: table.name)
async def test_a_table_shows_its_french_descriptions(site: Datasette, table: Table) -> None:
    shown = (await page(site, f"/archive/{table.name}")).get_text()
    assert table.description in shown
    for column in table.columns:
        assert column.description in shown


@pytest.mark.asyncio
@pytest.mark.parametrize("table", PUBLIC, ids=lambda table: table.name)
async def test_a_table_is_also_json_and_csv(
    site: Datasette, rows: sqlite3.Connection, table: Table
) -> None:
    (held,) = rows.execute(f"select count(*) from {table.name}").fetchone()
    document = (await site.client.get(f"/archive/{table.name}.json")).json()
    assert document["filtered_table_rows_count"] == held
    assert [c.name for c in table.columns] == document["columns"]
    header = (await site.client.get(f"/archive/{table.name}.csv")).text.splitlines()[0]
    assert header.split(",") == document["columns"]


@pytest.mark.asyncio
async def test_only_the_public_tables_are_listed(site: Datasette) -> None:
    shown = await page(site, "/archive")
    listed = {name.get_text(strip=True) for name in shown.select(".db-table th code")}
    assert listed == {table.name for table in PUBLIC}
    assert {table.name for table in TABLES} > listed


@pytest.mark.asyncio
async def test_title_source_and_licence_are_on_every_table_page(site: Datasette) -> None:
    shown = await page(site, "/archive/articles")
    assert "Licence Ouverte 2.0" in shown.get_text()
    source = shown.find("a", href=sample.HOME)
    assert source is not None
    assert source.get_text(strip=True) == "Claire Vasseur"


@pytest.mark.asyncio
async def test_rows_show_labels_and_units_instead_of_bare_numbers(site: Datasette) -> None:
    questions = await page(site, "/archive/questions?position=1&_size=5&_sort=id")
    cell = questions.select_one("td.col-article_id a")
    assert cell is not None
    assert (
        cell.get_text() == "Le recrutement des professeurs remplaçants"
        or not cell.get_text().isdigit()
    )
    length = (await page(site, "/archive/captures")).select_one("td.col-warc_length")
    assert length is not None
    assert length.get_text(strip=True).endswith("kB")


@pytest.mark.asyncio
async def test_newest_first_and_facets(site: Datasette, rows: sqlite3.Connection) -> None:
    document = (await site.client.get("/archive/articles.json?_shape=objects")).json()
    days = [row["published_on"] for row in document["rows"]]
    assert days == sorted(days, reverse=True)
    facets = (await site.client.get("/archive/questions.json")).json()["facet_results"]
    pending = rows.execute("select count(*) from questions where status = 'pending'").fetchone()[0]
    counted = {value["value"]: value["count"] for value in facets["status"]["results"]}
    assert counted["pending"] == pending > 0


@pytest.mark.asyncio
async def test_the_ready_queries_are_listed_by_their_french_titles(site: Datasette) -> None:
    shown = (await page(site, "/archive")).get_text()
    assert len(READY_QUERIES) == 6
    for query in READY_QUERIES:
        assert query.title in shown
        assert query.description in (await page(site, f"/archive/{query.name}")).get_text()


@pytest.mark.asyncio
async def test_unanswered_questions_come_oldest_first(
    site: Datasette, rows: sqlite3.Connection
) -> None:
    found = await answers(site, "questions_sans_reponse")
    since = [str(row["depuis_le"]) for row in found]
    assert since == sorted(since)
    expected = rows.execute("select count(*) from questions where status = 'pending'").fetchone()
    assert (len(found),) == expected
    undated = rows.execute(
        "select url, published_on from questions join articles on articles.id = article_id"
        " where status = 'pending' and asked_on is null"
    ).fetchall()
    assert undated
    assert set(undated) <= {(row["adresse"], row["depuis_le"]) for row in found}


@pytest.mark.asyncio
async def test_longest_waits_count_only_known_dates(
    site: Datasette, rows: sqlite3.Connection
) -> None:
    found = await answers(site, "plus_longues_attentes")
    waits = [int(str(row["jours_d_attente"])) for row in found]
    assert waits == sorted(waits, reverse=True)
    known = rows.execute(
        "select count(*) from questions where status = 'answered' and asked_on is not null"
        " and answered_on is not null"
    ).fetchone()
    assert (len(found),) == known


@pytest.mark.asyncio
async def test_most_commented_leave_out_the_unknown(
    site: Datasette, rows: sqlite3.Connection
) -> None:
    counts = [row["commentaires"] for row in await answers(site, "articles_les_plus_commentes")]
    expected = rows.execute(
        "select comment_count from articles where comment_count is not null order by 1 desc"
    ).fetchall()
    assert counts == [count for (count,) in expected]


@pytest.mark.asyncio
async def test_edits_addressees_and_vanished_articles(
    site: Datasette, rows: sqlite3.Connection
) -> None:
    edits = await answers(site, "articles_recemment_modifies")
    assert len(edits) == len(
        rows.execute("select 1 from events where kind in ('edited', 'retitled')").fetchall()
    )
    by_addressee = {r["destinataire"]: r for r in await answers(site, "questions_par_destinataire")}
    for name in sample.MINISTERS:
        expected = rows.execute(
            "select count(*), sum(status = 'answered'), sum(status = 'pending')"
            " from questions where addressee = ?",
            (name,),
        ).fetchone()
        row = by_addressee[name]
        assert (row["questions"], row["repondues"], row["en_attente"]) == expected
    gone = await answers(site, "articles_disparus")
    assert {r["adresse"] for r in gone} == {
        url for (url,) in rows.execute("select url from articles where gone_at is not null")
    }
    assert len(gone) == 2


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "path",
    [
        "/archive/articles?post_id=666",
        "/archive/articles?_facet=author&_facet_array=tags",
        "/archive/questions?_search=hostilité",
        "/archive/questions?addressee=" + "%3Cscript%3Ealert(1)%3C/script%3E",
        "/archive/problems",
        "/archive/questions_sans_reponse",
        "/archive/questions_par_destinataire",
        "/archive?sql=select+title,author+from+articles+where+post_id=666",
    ],
)
async def test_hostile_text_stays_text(site: Datasette, path: str) -> None:
    response = await site.client.get(path)
    shown = BeautifulSoup(response.text, "lxml")
    assert not shown.select("[onerror], a[href^='javascript:' i]")
    assert not [s for s in shown.find_all("script") if "alert(" in s.get_text()]
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.asyncio
async def test_hostile_text_is_shown_as_it_was_written(site: Datasette) -> None:
    shown = (await page(site, "/archive/articles?post_id=666")).get_text()
    assert sample.HOSTILE in shown


@pytest.mark.asyncio
async def test_nothing_can_be_written(site: Datasette) -> None:
    response = await site.client.get("/archive.json?sql=delete+from+articles")
    assert response.status_code == 400
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        await site.get_database("archive").execute_fn(
            lambda connection: connection.execute("delete from articles")
        )
