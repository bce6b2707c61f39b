"""An article's page: its texts whole, its address stable, its citation right, hostility inert."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from datasette.app import Datasette
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.publish.engine import build
from archiver.publish.site.addresses import article_key, article_path, official_record
from archiver.publish.site.search.marking import CLOSE, OPEN, unmarked
from archiver.publish.site.texts import paragraphs
from archiver.store.migrations import ddl
from tests.publish import sample
from tests.publish.browsing import look


@pytest.fixture
def rows(database: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(database)) as connection:
        connection.row_factory = sqlite3.Row
        yield connection


def article(rows: sqlite3.Connection, where: str) -> sqlite3.Row:
    row = rows.execute(
        f"select a.*, q.question, q.answer, q.demand, q.addressee, q.status from articles a"
        f" left join questions q on q.article_id = a.id where {where} order by a.id limit 1"
    ).fetchone()
    assert isinstance(row, sqlite3.Row)
    return row


def squeezed(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.asyncio
async def test_question_and_answer_stand_whole_side_by_side(
    site: Datasette, rows: sqlite3.Connection
) -> None:
    row = article(rows, "q.status = 'answered' and q.answered_on is not null")
    soup = await look(site, f"/article/{sample.SITE}/{row['post_id']}")
    question, answer = soup.select(".pair-columns .prose")
    assert squeezed(question.get_text(" ")) == squeezed(row["question"])
    assert squeezed(answer.get_text(" ")) == squeezed(row["answer"])
    demand = question.select_one(".demand")
    assert demand is not None
    assert demand.get_text() == row["demand"]
    assert soup.select_one(".status-answered") is not None


@pytest.mark.asyncio
async def test_a_pending_question_says_so(site: Datasette, rows: sqlite3.Connection) -> None:
    row = article(rows, "q.status = 'pending'")
    soup = await look(site, f"/article/{sample.SITE}/{row['post_id']}")
    assert "Pas encore de réponse" in soup.select(".pair-columns .prose")[1].get_text()


@pytest.mark.asyncio
async def test_the_words_of_a_search_are_marked(site: Datasette, rows: sqlite3.Connection) -> None:
    row = article(rows, "q.answer like '%réfugiés%'")
    soup = await look(site, f"/article/{sample.SITE}/{row['post_id']}?q=réfugiée+visa")
    marks = {mark.get_text() for mark in soup.select("mark")}
    assert "réfugiés" in marks
    assert squeezed(soup.select(".prose")[0].get_text(" ")) == squeezed(row["question"])


@pytest.mark.asyncio
async def test_a_vanished_article_says_so(site: Datasette, rows: sqlite3.Connection) -> None:
    row = article(rows, "a.gone_at is not null")
    soup = await look(site, f"/article/{sample.SITE}/{row['post_id']}")
    assert soup.select_one(".notice-gone") is not None


@pytest.mark.asyncio
async def test_an_address_by_path_leads_to_the_article(
    site: Datasette, rows: sqlite3.Connection
) -> None:
    row = article(rows, "a.kind = 'news'")
    by_path = article_path(sample.SITE, article_key(row["url"], None))
    response = await site.client.get(by_path + "?q=visite", follow_redirects=False)
    assert response.status_code == 301
    assert response.headers["location"] == f"/article/{sample.SITE}/{row['post_id']}?q=visite"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "path",
    [
        "/article/elsewhere.example/1",
        f"/article/{sample.SITE}/99999999999999999999",
        f"/article/{sample.SITE}/no/such/page/",
        f"/article/{sample.SITE}/%00%ff",
    ],
)
async def test_an_unknown_address_is_a_page(site: Datasette, path: str) -> None:
    soup = await look(site, path, status=404)
    assert "Introuvable" in soup.get_text()


@pytest.mark.asyncio
async def test_odd_articles_have_addresses_too(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with closing(sqlite3.connect(path)) as connection:
        for statement in ddl():
            connection.execute(statement)
        builder = sample.Builder(connection)
        builder.site()
        crawl = builder.crawl(sample.TODAY)
        urls = [
            "https://claire-vasseur.example/a/",
            "https://claire-vasseur.example/b/?x=1&y=é",
            "http://www.claire-vasseur.example/",
        ]
        for number, url in enumerate(urls):
            at = sample.instant_on(sample.TODAY)
            builder.insert(
                "articles",
                site_id=sample.SITE,
                url=url,
                post_id=7 if number < 2 else None,
                title=f"Titre {number}",
                kind="news",
                categories="[]",
                tags="[]",
                first_captured_at=at,
                last_captured_at=at,
                capture_id=builder.capture(crawl, url, at),
            )
        builder.insert(
            "events",
            article_id=1,
            at=at,
            kind="renamed",
            capture_id=1,
            before="https://claire-vasseur.example/old-name/",
            after=urls[0],
        )
        connection.commit()
    site = build(path)
    assert len((await look(site, f"/article/{sample.SITE}/7", status=300)).select("main li")) == 2
    for number, url in enumerate(urls):
        own = article_path(sample.SITE, article_key(url, None))
        assert f"Titre {number}" in (await look(site, own)).get_text()
    moved = await site.client.get(f"/article/{sample.SITE}/old-name/", follow_redirects=False)
    assert moved.status_code == 301
    assert moved.headers["location"] == f"/article/{sample.SITE}/a/"


@pytest.mark.asyncio
@pytest.mark.parametrize("ending", ["txt", "bib", "ris", "json"])
async def test_citations_name_permalink_capture_and_digest(
    site: Datasette, rows: sqlite3.Connection, ending: str
) -> None:
    row = article(rows, "q.status = 'answered'")
    digest, at = rows.execute(
        "select payload_digest, captured_at from captures where id = ?", (row["capture_id"],)
    ).fetchone()
    path = f"/citer/{sample.SITE}/{row['post_id']}.{ending}"
    response = await site.client.get(path)
    assert response.status_code == 200
    assert f"/article/{sample.SITE}/{row['post_id']}" in response.text
    assert digest in response.text
    assert row["title"] in response.text
    assert (at[:10] in response.text) or ending == "txt"
    assert "attachment" in response.headers["content-disposition"]


@pytest.mark.asyncio
async def test_a_hostile_article_is_only_text(site: Datasette) -> None:
    soup = await look(site, f"/article/{sample.SITE}/666?q=hostilité")
    heading = soup.select_one("h1")
    assert heading is not None
    assert sample.HOSTILE in heading.get_text()
    assert "{{ 7 * 7 }}" in soup.get_text()
    data = soup.select_one("script[type='application/ld+json']")
    assert data is not None
    assert json.loads(data.get_text())["headline"].endswith(sample.HOSTILE)
    for ending in ("txt", "bib", "ris"):
        response = await site.client.get(f"/citer/{sample.SITE}/666.{ending}")
        assert response.headers["x-content-type-options"] == "nosniff"
        assert not response.headers["content-type"].startswith("text/html")
    csl = (await site.client.get(f"/citer/{sample.SITE}/666.json")).json()
    assert csl[0]["author"] == [{"literal": sample.HOSTILE}]


_MARKED = st.lists(
    st.sampled_from(["\n", "mot ", "<b>", "& ", ". ", f"{OPEN}mot{CLOSE} ", f"{OPEN}a\nb{CLOSE}"])
).map("".join)


@settings(derandomize=True, deadline=None)
@given(_MARKED, st.sampled_from([None, "mot mot", "mot a b", "<b>&", "."]))
def test_paragraphs_keep_every_word_and_stay_well_formed(text: str, demand: str | None) -> None:
    html = str(paragraphs(text, demand))
    soup = BeautifulSoup(html, "html.parser")
    assert squeezed(soup.get_text()) == squeezed(unmarked(text))
    assert str(soup) == html.replace("&#34;", '"')
    assert not soup.find_all("b")


@dataclass(frozen=True)
class Numbered:
    legislature: int | None
    type: str | None
    number: str | None
    asked_on: str | None = "2019-08-01"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (Numbered(15, "QE", "25201"), "q15/15-25201QE.htm"),
        (Numbered(16, "QOSD", "1 204", None), "q16/16-1204QOSD.htm"),
        (Numbered(15, "QE", "25.201"), "q15/15-25201QE.htm"),
        (Numbered(None, "QE", "25201"), None),
        (Numbered(15, None, "25201"), None),
        (Numbered(15, "QE", "25201/2"), None),
        (Numbered(15, "QE", '"><script>'), None),
        (Numbered(15, "QE", None), None),
    ],
)
def test_the_record_of_a_deputys_question_is_linked_where_it_is_known(
    question: Numbered, expected: str | None
) -> None:
    base = "https://questions.assemblee-nationale.fr/"
    assert official_record(question, "AN") == (expected and base + expected)
    assert official_record(question, None) is None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (Numbered(15, "QE", "11849"), "2019/qSEQ190811849.html"),
        (Numbered(None, "QE", "04951", "2012-11-29"), "2012/qSEQ121104951.html"),
        (Numbered(None, "QE", "512", "2022-09-01"), "2022/qSEQ220900512.html"),
        (Numbered(15, "QE", "11849", None), None),
        (Numbered(15, "QG", "849"), None),
    ],
)
def test_the_record_of_a_senators_question_is_another(
    question: Numbered, expected: str | None
) -> None:
    base = "https://www.senat.fr/questions/base/"
    assert official_record(question, "Sénat") == (expected and base + expected)


@pytest.mark.asyncio
async def test_a_question_leads_to_its_official_record(
    site: Datasette, rows: sqlite3.Connection
) -> None:
    post, number, legislature, kind = rows.execute(
        "select post_id, number, legislature, type from questions join articles"
        " on articles.id = article_id where type = 'QG' limit 1"
    ).fetchone()
    soup = await look(site, f"/article/{sample.SITE}/{post}")
    assert soup.select_one(
        f".exchange-head a[href$='q{legislature}/{legislature}-{number}{kind}.htm']"
    )
