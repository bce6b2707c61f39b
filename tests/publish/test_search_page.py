"""The search page: the right articles, extracts, facets that add up, and any query a page."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from datasette.app import Datasette

from archiver.publish.engine import build
from archiver.publish.site.pages.search import MOST_READ
from archiver.store.summaries import summarise
from tests.publish import sample
from tests.publish.browsing import look, numbers


@pytest.fixture
def rows(database: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(database)) as connection:
        yield connection


async def total(site: Datasette, path: str) -> int:
    found = (await look(site, path)).select_one(".total")
    assert found is not None
    return numbers(found.get_text())[0]


@pytest.mark.asyncio
async def test_a_search_marks_what_it_finds_in_question_and_answer(site: Datasette) -> None:
    soup = await look(site, "/recherche?q=" + quote_plus("réfugiée"))
    pair = soup.select_one(".hit .pair")
    assert pair is not None
    extracts = pair.select(".extract")
    assert [extract.mark is not None for extract in extracts] == [True, True]
    marks = {mark.get_text() for mark in soup.select(".hits mark")}
    assert {"réfugiées", "réfugiés"} <= marks


@pytest.mark.asyncio
async def test_exclusion_fields_and_filters(site: Datasette, rows: sqlite3.Connection) -> None:
    both = await total(site, "/recherche?q=retraites")
    without = await total(site, "/recherche?q=retraites+-abattement")
    only = await total(site, "/recherche?q=retraites+abattement")
    assert both == without + only
    assert without > 0 < only
    health = sample.MINISTERS[2]
    expected = rows.execute(
        "select count(distinct article_id) from questions where addressee = ?", (health,)
    ).fetchone()[0]
    assert await total(site, "/recherche?q=" + quote_plus("ministre:santé")) == expected
    assert await total(site, "/recherche?ministre=" + quote_plus(health)) == expected
    pending = rows.execute("select count(*) from questions where status = 'pending'").fetchone()[0]
    for spelling in ("statut=sans-reponse", "statut=pending", "q=statut:sans-réponse"):
        assert await total(site, f"/recherche?{spelling}") == pending
    in_2019 = rows.execute(
        "select count(*) from articles where published_on like '2019-%'"
    ).fetchone()[0]
    assert await total(site, "/recherche?annee=2019") == in_2019
    assert await total(site, "/recherche?q=" + quote_plus("année:2019")) == in_2019


@pytest.mark.asyncio
async def test_widening_joins_families(site: Datasette) -> None:
    assert await total(site, "/recherche?q=fiscal&elargir=1") > await total(
        site, "/recherche?q=fiscal"
    )


@pytest.mark.asyncio
@pytest.mark.parametrize("path", ["/recherche", "/recherche?q=ministre", "/recherche?annee=2021"])
async def test_every_facet_leads_to_as_many_articles(site: Datasette, path: str) -> None:
    soup = await look(site, path)
    items = soup.select(".facets section li")
    assert len(items) > 5
    for item in items:
        link, counted = item.select_one("a"), item.select_one(".num")
        assert link is not None
        assert counted is not None
        assert await total(site, str(link["href"])) == numbers(counted.get_text())[0]


@pytest.mark.asyncio
async def test_every_month_of_the_histogram_leads_to_as_many(site: Datasette) -> None:
    soup = await look(site, "/recherche?q=passeport")
    lines = soup.select(".histogram tbody tr")
    assert len(lines) > 3
    for line in lines:
        link, counted = line.select_one("a"), line.select_one("td")
        assert link is not None
        assert counted is not None
        assert await total(site, str(link["href"])) == int(counted.get_text())


@pytest.mark.asyncio
async def test_a_filter_in_force_can_be_taken_away(site: Datasette) -> None:
    for path in ("/recherche?statut=repondue&annee=2020", "/recherche?q=statut:repondue+retraites"):
        chosen = (await look(site, path)).select(".chosen li a")
        assert chosen
        for link in chosen:
            assert await total(site, str(link["href"])) > await total(site, path)


@pytest.mark.asyncio
async def test_pages_hold_every_article_once(site: Datasette) -> None:
    seen: list[str] = []
    path: str | None = "/recherche"
    while path:
        soup = await look(site, path)
        seen += [str(link["href"]) for link in soup.select(".hit-title a")]
        following = soup.select_one("a[rel=next]")
        path = str(following["href"]) if following else None
    assert len(seen) == len(set(seen)) == await total(site, "/recherche")


@pytest.mark.asyncio
async def test_orders(site: Datasette, rows: sqlite3.Connection) -> None:
    async def first(order: str) -> str:
        link = (await look(site, f"/recherche?tri={order}")).select_one(".hit-title a")
        assert link is not None
        return str(link["href"])

    for order, sql in (
        ("recent", "published_on desc, id desc"),
        ("ancien", "published_on, id"),
        ("commentaires", "comment_count desc, published_on desc, id desc"),
    ):
        (post_id,) = rows.execute(f"select post_id from articles order by {sql} limit 1").fetchone()
        assert (await first(order)).endswith(f"/{post_id}")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "query",
    [
        "q=",
        "q=%22",
        "q=%28%28+AND+%29*",
        "q=-",
        "q=ministre:",
        "q=zzzz",
        "q=" + "a" * 3000,
        "q=%00",
        "annee=abcd",
        "mois=2020-99",
        "attente=x-y",
        "etat=nimporte",
        "page=-1",
        "page=99999999999999999999",
        "page=²",
        "tri=hasard",
        "statut=" + quote_plus(sample.HOSTILE),
        "ministre=" + quote_plus(sample.HOSTILE),
        "q=" + quote_plus(sample.HOSTILE),
        "q=hostilite",
    ],
)
async def test_any_query_is_a_page(site: Datasette, query: str) -> None:
    soup = await look(site, f"/recherche?{query}")
    assert soup.select_one("form.search") is not None


@pytest.fixture(scope="module")
def beyond(database: Path, tmp_path_factory: pytest.TempPathFactory) -> Datasette:
    """The sample with as many articles more as can be read page by page."""
    path = tmp_path_factory.mktemp("beyond") / "archive.db"
    shutil.copy(database, path)
    with closing(sqlite3.connect(path)) as connection:
        names = ["site_id", "title", "kind", "published_on", "categories", "tags"]
        names += ["first_captured_at", "last_captured_at", "capture_id"]
        copied = ", ".join(names)
        connection.execute(
            "with recursive n(i) as (select 1 union all select i + 1 from n where i < ?)"
            f" insert into articles (url, {copied})"
            f" select url || '?copie=' || i, {copied} from n, articles where id = 1",
            (MOST_READ,),
        )
        summarise(connection)
        connection.commit()
    return build(path)


@pytest.mark.asyncio
@pytest.mark.parametrize("page", ["", "?page=500", "?page=501", "?page=99999"])
async def test_it_says_where_its_pages_end_and_what_to_do(beyond: Datasette, page: str) -> None:
    soup = await look(beyond, f"/recherche{page}")
    found = numbers(str(soup.select(".total")[0].get_text()))[0]
    told = soup.select_one("#au-dela")
    assert told is not None
    assert numbers(told.get_text()) == [MOST_READ, found - MOST_READ]
    assert "précisez la recherche" in told.get_text()
    link = told.select_one("a")
    assert link is not None
    answer = await beyond.client.get(str(link["href"]))
    assert int(answer.headers["x-total-count"]) == found
    assert (soup.select_one("a[rel=next]") is None) == bool(page)
    assert soup.select(".hit")


@pytest.mark.asyncio
async def test_it_says_nothing_of_an_end_that_is_read(site: Datasette) -> None:
    soup = await look(site, "/recherche")
    assert soup.select_one("#au-dela") is None


@pytest.mark.asyncio
async def test_a_page_after_the_last_leads_back_to_it(site: Datasette) -> None:
    soup = await look(site, "/recherche?annee=2019&page=400")
    link = soup.select_one(".nothing a")
    assert link is not None
    assert "pas de page 400" in soup.get_text()
    last = await look(site, str(link["href"]))
    assert last.select(".hit")
    assert last.select_one("a[rel=next]") is None


@pytest.mark.asyncio
async def test_the_stock_table_search_knows_french_too(site: Datasette) -> None:
    async def found(word: str) -> int:
        path = f"/archive/questions.json?_search={quote_plus(word)}"
        return int((await site.client.get(path)).json()["filtered_table_rows_count"])

    assert await found("réfugiée") == await found("réfugiés") > 0
    assert await found("l'impôts") == await found("impôt") > 0
    assert await found("") == 0


@pytest.mark.asyncio
async def test_only_reading_methods_are_accepted(site: Datasette) -> None:
    assert (await site.client.head("/recherche")).status_code == 200
    assert (await site.client.put("/recherche")).status_code == 405


@pytest.mark.asyncio
async def test_filters_and_exports_are_one_step_from_the_total(site: Datasette) -> None:
    soup = await look(site, "/recherche?q=logement")
    for link in soup.select(".found-list .head a[href^='#']"):
        assert soup.select_one(str(link["href"])) is not None
    assert [str(link["href"]) for link in soup.select(".jumps a")] == ["#affiner", "#exporter"]
    assert not (await look(site, "/recherche?q=zzzz")).select(".jumps")


@pytest.mark.asyncio
async def test_a_part_of_the_histogram_can_be_kept(site: Datasette) -> None:
    whole = await look(site, "/recherche?q=soins&statut=repondue&annee=2019")
    form = whole.select_one("form.brush")
    assert form is not None
    kept = {str(i["name"]): str(i["value"]) for i in form.select("input[type=hidden]")}
    assert kept == {"q": "soins", "statut": "repondue"}
    keys = [str(option["value"]) for option in form.select("select[name=du] option")]
    assert keys == [str(a["data-key"]) for a in whole.select(".histogram a[data-key]")]
    months = {
        str(row.select_one("a")["href"]): numbers(row.select("td")[0].get_text())[0]  # type: ignore[index]
        for row in (await look(site, "/recherche?q=soins")).select(".histogram tbody tr")
    }
    part = await look(site, "/recherche?q=soins&du=2019-03&au=2021")
    total = part.select_one(".total strong")
    assert total is not None
    expected = sum(n for link, n in months.items() if "2019-03" <= link[-7:] <= "2021-12")
    assert numbers(total.get_text()) == [expected]
    assert expected > 0
    chips = [chip.get_text(" ", strip=True) for chip in part.select(".chosen li")]
    assert chips == ["Depuis\xa0: mars 2019 ×", "Jusqu’à\xa0: 2021 ×"]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "query", ["du=2019-3", "au=hier", "du=-", "statut=autre", "attente=inconnue"]
)
async def test_odd_limits_are_a_page(site: Datasette, query: str) -> None:
    await look(site, f"/recherche?{query}")
