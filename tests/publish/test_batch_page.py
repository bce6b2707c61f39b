"""The batch search: its numbers are those of the search pages they lead to."""

import csv
import io
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import pytest
from datasette.app import Datasette

from archiver.publish.site.offices import register
from archiver.publish.site.pages.batch import MOST_LINES, read_pasted
from archiver.publish.site.queries.batch import count_lines
from tests.publish.browsing import look, numbers
from tests.publish.sample import HOSTILE

TERMS = (
    "soins",
    '"petites retraites"',
    "ministre:santé statut:sans-réponse",
    "médecin OU passeport",
    "réfugiée -visa",
    "introuvable",
)


def address(*terms: str, path: str = "/lot", **more: str) -> str:
    return f"{path}?{urlencode({'termes': chr(10).join(terms), **more})}"


@pytest.mark.asyncio
@pytest.mark.parametrize("more", [{}, {"exact": "1"}, {"elargir": "1", "genre": "question"}])
async def test_each_number_is_that_of_the_search_it_leads_to(
    site: Datasette, more: dict[str, str]
) -> None:
    soup = await look(site, address(*TERMS, **more))
    rows = soup.select("table.matrix tbody tr")
    assert [row.select_one("th").get_text() for row in rows] == list(TERMS)  # type: ignore[union-attr]
    links = soup.select("table.matrix td a")
    assert len(links) >= len(TERMS)
    for link in links[:: max(1, len(links) // 12)]:
        total = (await look(site, str(link["href"]))).select_one(".total strong")
        assert total is not None
        assert numbers(total.get_text()) == numbers(link.get_text()), link["href"]


@pytest.mark.asyncio
async def test_a_total_is_the_sum_of_its_years(site: Datasette) -> None:
    soup = await look(site, address("soins"))
    found = [numbers(cell.get_text())[0] for cell in soup.select("table.matrix td")]
    assert found[0] == sum(found[1:]) > 0


@pytest.mark.asyncio
async def test_every_kind_of_table_has_the_same_rows(site: Datasette) -> None:
    csv_text = (await site.client.get(address(*TERMS, path="/lot.csv"))).text
    header, *rows = csv.reader(io.StringIO(csv_text))
    assert header[:2] == ["terme", "articles"]
    objects = (await site.client.get(address(*TERMS, path="/lot.json"))).json()["lignes"]
    assert [[str(v) for v in line.values()] for line in objects] == rows
    page = (await look(site, address(*TERMS))).select("table.matrix tbody tr")
    for row, line in zip(rows, page, strict=True):
        cells = [numbers(cell.get_text())[0] for cell in line.select("td")]
        assert [int(value) for value in row[1 : len(cells) + 1]] == cells


@pytest.mark.asyncio
@pytest.mark.parametrize("terms", [(), ("", "  "), ("!!!",), ("-", '"', "*", "NEAR(", HOSTILE)])
async def test_an_odd_list_is_a_page(site: Datasette, terms: tuple[str, ...]) -> None:
    await look(site, address(*terms))
    assert (await site.client.get(address(*terms, path="/lot.csv"))).status_code == 200


@pytest.mark.asyncio
async def test_a_long_list_is_cut_and_says_so(site: Datasette) -> None:
    pasted = read_pasted({"termes": "\n".join(f"mot{n}" for n in range(MOST_LINES + 7))})
    assert (len(pasted.lines), pasted.beyond) == (MOST_LINES, 7)
    soup = await look(site, address(*(f"m{n}" for n in range(MOST_LINES + 1))))
    notice = soup.select_one(".notice")
    assert notice is not None
    assert notice.get_text().startswith("1\xa0ligne de trop")


def test_a_list_is_read_once_each_without_blanks() -> None:
    pasted = read_pasted({"termes": " soins \r\n\r\nsoins\nl'eau   du\trobinet\n"})
    assert pasted.lines == ("soins", "l'eau du robinet")


def test_what_takes_too_long_is_left_for_later(database: Path) -> None:
    searches = read_pasted({"termes": "\n".join(TERMS)}).searches("2024-03-15")
    with closing(sqlite3.connect(database)) as connection:
        register(connection)
        answers = iter((True, False))
        counted = count_lines(connection, searches, lambda: next(answers))
    assert [line.search.text for line in counted] == list(TERMS[:2])
