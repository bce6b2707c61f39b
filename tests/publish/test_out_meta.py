"""What search engines and other machines read of a page: JSON-LD, OpenGraph, canonical, feeds."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from datasette.app import Datasette

from archiver.publish.site.addresses import ArticleName
from archiver.publish.site.citation import Citation
from archiver.publish.site.queries.articles import dossier, find_article
from archiver.publish.site.search.typed import Typed
from archiver.publish.site.structured import article_data
from tests.publish import sample
from tests.publish.browsing import look
from tests.publish.taken import as_json, feed_of, got

PAGES = (
    "/",
    "/recherche?q=retraites&annee=2021",
    "/changements?changement=tous&page=2",
    "/ministres?annee=2021",
    "/commentaires",
    f"/article/{sample.SITE}/1207",
    f"/revisions/{sample.SITE}/1242",
)


def content(soup: BeautifulSoup, name: str) -> str:
    element = soup.select_one(f"meta[property='{name}'], meta[name='{name}']")
    assert element is not None, name
    return str(element["content"])


def data_of(soup: BeautifulSoup) -> Any:
    script = soup.select_one("script[type='application/ld+json']")
    assert script is not None
    return json.loads(script.get_text())


@pytest.mark.asyncio
@pytest.mark.parametrize("path", PAGES)
async def test_a_page_names_itself_and_a_feed_that_answers(site: Datasette, path: str) -> None:
    soup = await look(site, path)
    canonical = soup.select("link[rel=canonical]")
    assert [link["href"] for link in canonical] == [f"http://localhost{path}"]
    assert content(soup, "og:url") == f"http://localhost{path}"
    assert content(soup, "og:title") in (soup.title.get_text() if soup.title else "")
    for name in ("description", "og:description", "og:type", "og:site_name", "og:locale"):
        assert content(soup, name)
    feeds = soup.select("link[rel=alternate][type='application/atom+xml']")
    assert "/changements.atom" in {str(link["href"]) for link in feeds}
    for link in feeds:
        assert link["title"]
        feed_of((await got(site, str(link["href"]))).text)


@pytest.mark.asyncio
async def test_the_canonical_address_leaves_out_what_changes_nothing(site: Datasette) -> None:
    soup = await look(site, f"/article/{sample.SITE}/1207?q=passeport&utm_source=lettre")
    link = soup.select_one("link[rel=canonical]")
    assert link is not None
    assert link["href"] == f"http://localhost/article/{sample.SITE}/1207"
    assert (await look(site, "/nulle-part", status=404)).select("link[rel=canonical]") == []


@pytest.mark.asyncio
async def test_a_question_that_waits_has_no_answer_in_the_data(site: Datasette) -> None:
    for statut, expected in (("repondue", 1), ("sans-reponse", 0)):
        listed = (await as_json(site, f"/questions.json?statut={statut}"))["lignes"]
        for row in (listed[0], listed[-1]):
            path = urlsplit(row["page"]).path
            data = data_of(await look(site, path))
            (question,) = data["hasPart"]
            assert data["@type"] == "Article"
            assert data["headline"] == row["titre"]
            assert data["isBasedOn"] == row["adresse"]
            assert data["archivedAt"] == row["preuve"]
            assert question["@type"] == "Question"
            assert question["url"] == row["page"]
            assert question["text"] == row["question"]
            assert question["answerCount"] == expected
            assert question.get("dateCreated") == row["posee_le"]
            answer = question.get("acceptedAnswer")
            assert (answer and answer["text"]) == row["reponse"]
            assert (answer or {}).get("dateCreated") == row["repondue_le"]


@pytest.mark.asyncio
async def test_the_home_page_tells_what_can_be_taken(site: Datasette) -> None:
    website, dataset = data_of(await look(site, "/"))
    assert (website["@type"], dataset["@type"]) == ("WebSite", "Dataset")
    template = website["potentialAction"]["target"]["urlTemplate"]
    assert template == "http://localhost/recherche?q={mots}"
    for download in dataset["distribution"]:
        answer = await got(site, download["contentUrl"])
        assert answer.headers["content-type"].startswith(download["encodingFormat"])


@pytest.mark.asyncio
async def test_hostile_text_stays_data(site: Datasette) -> None:
    path = f"/article/{sample.SITE}/666"
    page = (await got(site, path)).text
    assert "<script>alert" not in page
    (question,) = data_of(BeautifulSoup(page, "lxml"))["hasPart"]
    assert sample.HOSTILE in question["text"]
    assert "acceptedAnswer" not in question


def test_an_unknown_language_is_not_said(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.row_factory = sqlite3.Row
        (line,) = find_article(connection, ArticleName(sample.SITE, "1207")).articles
        held = dossier(connection, replace(line, lang=None), Typed(), wide=False)
    cited = Citation("t", None, "s", None, line.url, line.path, "2024", None, "k")
    assert "inLanguage" not in article_data(held, cited, str)
    assert article_data(replace(held, article=line), cited, str)["inLanguage"] == "fr"
