"""Ministers and comments: the figures of the page, its links and its exports are the same."""

import csv
import io
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from datasette.app import Datasette
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.instants import format_instant, parse_instant
from archiver.publish.site.offices import office, register
from archiver.publish.site.periods import first_day, last_day
from archiver.publish.site.queries import comments, ministers
from archiver.publish.site.search.filters import Filters, legislature_key
from archiver.publish.site.tabular import Table, write
from archiver.store.migrations import ddl
from archiver.store.summaries import summarise
from tests.publish import sample
from tests.publish.browsing import look, numbers
from tests.publish.taken import as_json, as_rows


@pytest.fixture
def rows(database: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(database)) as connection:
        connection.row_factory = sqlite3.Row
        register(connection)
        yield connection


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "path",
    [
        "/ministres",
        "/ministres?annee=2021",
        "/ministres?tri=retard",
        "/ministres?du=2019-03&au=2021-05-05",
        "/ministres?legislature=16",
    ],
)
async def test_every_number_of_a_minister_leads_to_as_many_questions(
    site: Datasette, path: str
) -> None:
    lines = (await look(site, path)).select("table.ministers tbody tr")
    assert len(lines) > 5
    for line in lines[:4]:
        counted = numbers(line.select("td")[0].get_text())[0]
        links = line.select("a")
        assert len(links) > 1
        for link in links:
            total = (await look(site, str(link["href"]))).select_one(".total")
            assert total is not None
            shown = counted if link.parent and link.parent.name == "th" else int(link.get_text())
            assert numbers(total.get_text())[-1] == shown


def test_waits_and_shares_of_a_minister(rows: sqlite3.Connection) -> None:
    found = {row.name: row for row in ministers.ministers(rows, sample.TODAY.isoformat())}
    name = sample.MINISTERS[7]
    waits = sorted(
        int(wait)
        for (wait,) in rows.execute(
            "select julianday(answered_on) - julianday(asked_on) from questions"
            " where addressee = ? and answered_on is not null and asked_on is not null",
            (name,),
        )
    )
    assert found[office(name)].median == waits[-(-len(waits) // 2) - 1]
    assert found[office(name)].ninth_decile == waits[-(-len(waits) * 9 // 10) - 1]
    assert sum(row.questions for row in found.values()) == 129
    assert found[sample.HOSTILE].median is None


def test_a_period_of_two_years_is_both_of_them(rows: sqlite3.Connection) -> None:
    today = sample.TODAY.isoformat()
    period = ministers.ministers(rows, today, Filters(du="2019", au="2020-12-31"))
    years = [ministers.ministers(rows, today, Filters(annee=year)) for year in ("2019", "2020")]
    assert len(period) > 5
    for row in period:
        parts = [one for year in years for one in year if one.name == row.name]
        for figure in ("questions", "answered", "pending", "overdue"):
            assert getattr(row, figure) == sum(getattr(one, figure) for one in parts)
        assert row.first == min(one.first or "" for one in parts)
        assert row.last == max(one.last or "" for one in parts)


def test_legislatures_are_periods_and_the_unknown_one_stands_apart(
    rows: sqlite3.Connection,
) -> None:
    rows.execute("update questions set legislature = null where id % 9 = 0")
    summarise(rows)
    today = sample.TODAY.isoformat()
    assert ministers.legislatures(rows) == ("16", "15", "inconnue")
    counted = {
        value: sum(
            row.questions for row in ministers.ministers(rows, today, Filters(**{name: value}))
        )
        for name, value in (
            *(("legislature", value) for value in ("15", "15e", "16", "inconnue", "rien")),
            ("annee", ""),
        )
    }
    said = dict(rows.execute("select legislature, count(*) from questions group by 1").fetchall())
    rows.rollback()
    assert counted == {
        "15": said[15],
        "15e": said[15],
        "16": said[16],
        "inconnue": said[None],
        "rien": 0,
        "": sum(said.values()),
    }


@pytest.mark.asyncio
async def test_a_legislature_is_chosen_told_and_taken_away(site: Datasette) -> None:
    soup = await look(site, "/ministres?legislature=15&annee=2019")
    options = soup.select("#legislature option")
    assert [option.get_text() for option in options] == ["toutes", "16e", "15e"]
    assert [option.get_text() for option in options if option.has_attr("selected")] == ["15e"]
    total = soup.select_one(".total")
    assert total is not None
    assert "sous la 15e législature, dans les articles publiés en 2019" in total.get_text()
    for link in (*soup.select("thead a"), *soup.select(".exporter a"), *soup.select("tbody a")):
        assert "legislature=15" in str(link["href"])
    rows = (await as_rows(site, "/ministres", "legislature=15"))["csv"]
    questions = (await as_json(site, "/questions.json?q=législature:15e"))["total"]
    assert sum(int(row["questions"]) for row in rows) == questions > 0


def test_a_legislature_has_one_name_however_it_is_written() -> None:
    written = ("16", "16e", "16ème", "inconnue", "Inconnue", "rien", "")
    assert [*map(legislature_key, written)] == ["16", "16", "16", "inconnue", "inconnue", "", ""]


@pytest.mark.asyncio
async def test_a_period_is_told_kept_and_left(site: Datasette) -> None:
    soup = await look(site, "/ministres?du=2019-03&au=2021-05-05&tri=retard")
    total = soup.select_one(".total")
    assert total is not None
    told = " ".join(total.get_text().split())
    assert "publiés depuis mars 2019 jusqu’au 5 mai 2021" in told
    dates = [str(item["value"]) for item in soup.select("form.period input[type=date]")]
    assert dates == ["2019-03-01", "2021-05-05"]
    for link in (*soup.select("thead a"), *soup.select(".exporter a"), *soup.select("tbody a")):
        assert "du=2019-03&au=2021-05-05" in str(link["href"])
    assert soup.select_one('form.period a[href="/ministres"]') is not None


@pytest.mark.asyncio
async def test_a_period_that_cannot_be_is_a_page(site: Datasette) -> None:
    for period in ("annee=abcd", "du=hier", "au=2021-13-99x", "du=2021&au=2020"):
        assert "Aucune question" in (await look(site, f"/ministres?{period}")).get_text()


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2020", "2020-01-01", "2020-12-31"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2020-02-03", "2020-02-03", "2020-02-03"),
        ("", "", ""),
        ("hier", "", ""),
        ("2020-13", "", ""),
        ("0000", "0000-01-01", "0000-12-31"),
    ],
)
def test_the_ends_of_a_period(written: str, first: str, last: str) -> None:
    assert (first_day(written), last_day(written)) == (first, last)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Mme la ministre des solidarités", "ministre des solidarités"),
        ("M. le ministre des solidarités", "ministre des solidarités"),
        ("Madame la secrétaire d'État chargée des sports", "secrétaire d’État chargé des sports"),
        ("M. le secrétaire d’État  chargé des sports", "secrétaire d’État chargé des sports"),
        ("ministre déléguée, chargée du logement", "ministre délégué, chargé du logement"),
        ("M. le Premier ministre", "premier ministre"),
        ("M.", "m."),
        (sample.HOSTILE, sample.HOSTILE),
    ],
)
def test_an_office_is_whoever_holds_it(written: str, expected: str) -> None:
    assert office(written) == expected


@pytest.mark.asyncio
async def test_the_exports_of_a_page_agree(site: Datasette) -> None:
    for path, needle in (("/ministres", "questions"), ("/commentaires", "commentaires")):
        plain = list(csv.DictReader(io.StringIO((await site.client.get(f"{path}.csv")).text)))
        excel_text = (await site.client.get(f"{path}.excel.csv")).text
        assert excel_text.startswith("\ufeff")
        excel = list(csv.DictReader(io.StringIO(excel_text[1:]), delimiter=";"))
        document = (await site.client.get(f"{path}.json")).json()
        objects = document["lignes"]
        assert document["total"] == document["rendues"] == len(objects)
        lines = (await site.client.get(f"{path}.ndjson")).text.splitlines()
        assert [json.loads(line) for line in lines] == objects
        assert len(plain) == len(excel) == len(objects) > 5
        assert [row[needle] for row in plain] == [str(item[needle]) for item in objects]
        assert [row[needle] for row in excel] == [row[needle] for row in plain]


@pytest.mark.asyncio
async def test_hostile_text_is_no_formula_in_excel(site: Datasette) -> None:
    text = (await site.client.get("/commentaires.excel.csv")).text
    titles = [row["titre"] for row in csv.DictReader(io.StringIO(text[1:]), delimiter=";")]
    assert f"'=HYPERLINK(1) {sample.HOSTILE}" in titles


@settings(derandomize=True, deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n")), max_size=5))
def test_excel_never_meets_a_formula(values: list[str]) -> None:
    table = Table(("n", "valeur"), tuple(enumerate(values)))
    document = write(table, "excel.csv")[1:]
    cells = [row[1] for row in csv.reader(io.StringIO(document, newline=""), delimiter=";")][1:]
    assert [cell.removeprefix("'") for cell in cells] == [v.removeprefix("'") for v in values]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]


@pytest.mark.asyncio
async def test_the_most_commented_lead_to_their_articles(site: Datasette) -> None:
    soup = await look(site, "/commentaires")
    links = soup.select("table th a")
    assert len(links) == 25
    for link in links[:3]:
        assert link.get_text() in (await look(site, str(link["href"]))).get_text()


def test_rises_compare_readings_of_one_source_within_the_period() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.row_factory = sqlite3.Row
        for statement in ddl():
            connection.execute(statement)
        readings: dict[int, list[tuple[float, str, int | None]]] = {
            1: [(30, "page", 5), (6, "page", 9), (0, "page", 12), (0, "feed", 90)],
            2: [(7.5, "page", 1), (0, "page", 21)],
            3: [(3, "feed", 2), (0, "feed", 4), (0, "page", 50)],
            4: [(2, "page", 8), (0, "page", 3)],
            5: [(1, "page", 3), (0, "page", None)],
        }
        end = sample.instant_on(sample.TODAY)
        moment = parse_instant(end)
        for article, observed in readings.items():
            connection.execute(
                "insert into articles (id, site_id, url, title, kind, categories, tags,"
                " first_captured_at, last_captured_at, capture_id)"
                " values (?, 'a.example', ?, 't', 'news', '[]', '[]', '', '', 1)",
                (article, f"https://a.example/{article}"),
            )
            for days, source, count in observed:
                at = format_instant(moment - timedelta(days=days))
                connection.execute(
                    "insert into comment_counts"
                    " (article_id, observed_at, comment_count, source, capture_id)"
                    " values (?, ?, ?, ?, 1)",
                    (article, at, count, source),
                )
        summarise(connection)
        found = comments.rises(connection, end, 7)
    assert [(rise.article.id, rise.before, rise.after) for rise in found] == [
        (2, 1, 21),
        (1, 9, 12),
    ]


@pytest.mark.asyncio
async def test_what_was_seen_first_is_said_once(site: Datasette) -> None:
    soup = await look(site, "/changements?changement=nouveau")
    told = [line.get_text() for line in soup.select("main li .meta")]
    assert any("Question à" in line for line in told)
    assert any("Nouvel article" in line for line in told)
    for line in told:
        assert line.count("pour la première fois") == 1, line
