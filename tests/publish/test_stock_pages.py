"""Datasette's own pages in the frame and the language of the reading site."""

import re

import pytest
from bs4 import BeautifulSoup
from datasette.app import Datasette

from archiver.publish.labels import column_label
from archiver.publish.ready_queries import READY_QUERIES
from archiver.publish.site.addresses import original_path
from archiver.publish.site.stock import LOOKUPS
from archiver.store.schema import PUBLIC
from tests.publish import sample
from tests.publish.browsing import look

PAGES = (
    "/archive",
    "/archive/questions",
    "/archive/questions?_search=soins&status=pending&_facet=legislature",
    "/archive/articles?published_on__isnull=1",
    "/archive/articles/1",
    "/archive/captures/1",
    "/archive/comment_counts",
    "/archive?sql=select+title+from+articles+where+lang=:langue&langue=fr",
    "/archive/questions_sans_reponse",
)
ENGLISH = re.compile(
    r"\b(rows?|results?|records?|sorted|descending|where|search|apply|filter|next page|this data|"
    r"license|powered|advanced|export csv|column -|queries|custom|returning|hidden|links from)\b",
    re.IGNORECASE,
)


def words_of_the_page(soup: BeautifulSoup) -> str:
    """What the page itself says: neither data, nor SQL, nor names of columns."""
    for data in soup.select("code, pre, textarea, td, dd, select[name^=_filter_column]"):
        data.decompose()
    kept = [soup.get_text(" ")]
    kept += [str(e["aria-label"]) for e in soup.select("[aria-label]")]
    return " ".join(kept)


@pytest.mark.asyncio
@pytest.mark.parametrize("path", PAGES)
async def test_a_page_is_french_in_the_frame_of_the_site(site: Datasette, path: str) -> None:
    soup = await look(site, path)
    assert soup.html is not None
    assert soup.html["lang"] == "fr"
    assert soup.select_one("header.masthead nav a[href='/recherche']") is not None
    current = soup.select_one("nav [aria-current]")
    assert current is not None
    assert current.get_text() == "Données"
    assert soup.select_one("main h1") is not None
    assert ENGLISH.findall(words_of_the_page(soup)) == []


def test_every_public_column_has_a_french_name() -> None:
    for table in PUBLIC:
        for column in table.columns:
            label = column_label(column.name, table.name)
            assert label[0].isupper(), f"{table.name}.{column.name}"


@pytest.mark.asyncio
async def test_every_comparison_has_french_words(site: Datasette) -> None:
    soup = await look(site, "/archive/articles")
    options = soup.select("select[name=_filter_op] option")
    assert {str(o["value"]).removesuffix("__1") for o in options} == set(LOOKUPS)
    assert {o.get_text() for o in options} == set(LOOKUPS.values())


@pytest.mark.asyncio
async def test_a_filter_is_told_in_words_and_kept_in_the_form(site: Datasette) -> None:
    soup = await look(site, "/archive/questions?status=pending&asked_on__notnull=1")
    total = soup.select_one(".total")
    assert total is not None
    assert "Statut est « pending »" in total.get_text()
    assert "Posée le est connu" in total.get_text()
    kept = soup.select("select[name=_filter_column_2] option[selected]")
    assert [option["value"] for option in kept] == ["status"]
    facet = soup.find("h2", string=re.compile("Statut"))
    assert facet is not None
    assert facet.parent is not None
    assert "Sans réponse" in facet.parent.get_text()


@pytest.mark.asyncio
async def test_a_form_of_filters_leads_to_their_address(site: Datasette) -> None:
    answer = await site.client.get(
        "/archive/questions?_filter_column=status&_filter_op=exact&_filter_value=pending"
    )
    assert answer.status_code == 302
    assert answer.headers["location"].endswith("/archive/questions?status__exact=pending")


@pytest.mark.asyncio
async def test_lines_can_be_counted_by_any_column(site: Datasette) -> None:
    soup = await look(site, "/archive/questions?status=pending&_facet=number")
    chosen = soup.select_one("select#_facet")
    assert chosen is not None
    form = chosen.find_parent("form")
    assert form is not None
    kept = [(i["name"], i["value"]) for i in form.select("input[type=hidden]")]
    assert kept == [("status", "pending"), ("_facet", "number")]
    offered = {str(option["value"]) for option in chosen.select("option")}
    assert "author" in offered
    assert not {"number", "status"} & offered
    counted = await look(site, "/archive/questions?status=pending&_facet=author")
    assert [h.get_text() for h in counted.select(".facet-info h2") if "Auteur" in h.get_text()]


@pytest.mark.asyncio
async def test_rows_lead_to_the_pages_that_readers_see(site: Datasette) -> None:
    rows = (await site.client.get("/archive/articles.json?_shape=array&_size=1")).json()
    soup = await look(site, f"/archive/articles/{rows[0]['id']}")
    link = soup.select_one("p.actions a")
    assert link is not None
    article = await look(site, str(link["href"]))
    heading = article.select_one("h1")
    assert heading is not None
    assert heading.get_text() == rows[0]["title"]
    named = soup.select_one("dd a[href^='/archive/sites/']")
    assert named is not None
    assert named.get_text() == "Claire Vasseur"
    listed = await look(site, "/archive/articles?_size=1")
    assert listed.select_one(f"td a[href='{link['href']}']") is not None


@pytest.mark.asyncio
async def test_every_ready_query_shows_its_rows(site: Datasette) -> None:
    for query in READY_QUERIES:
        soup = await look(site, f"/archive/{query.name}")
        assert len(soup.select("table.rows-and-columns tbody tr")) > 0
        for heading in soup.select("table.rows-and-columns thead th"):
            assert re.fullmatch("[A-ZÀ-Þ][^_]+", heading.get_text())


@pytest.mark.asyncio
async def test_a_title_of_a_ready_query_leads_to_its_page(site: Datasette) -> None:
    soup = await look(site, "/archive/questions_sans_reponse")
    for link in soup.select("td.col-titre a")[:3]:
        answer = await site.client.get(str(link["href"]), follow_redirects=True)
        assert answer.status_code == 200
        assert link.get_text() in (await look(site, answer.url.path)).get_text()


@pytest.mark.parametrize(
    ("url", "path"),
    [
        (
            "https://www.Deputee.example/2024/03/une-question/",
            "/article/deputee.example/2024/03/une-question/",
        ),
        ("http://127.0.0.1:8765/a?p=1", "/article/127.0.0.1:8765/a%3Fp%3D1"),
        ("javascript:alert(1)", None),
        ("https://[", None),
    ],
)
def test_an_original_address_leads_to_the_archive(url: str, path: str | None) -> None:
    assert original_path(url) == path


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/archive/rien", 404),
        ("/archive/articles/999999", 404),
        ("/archive?sql=delete+from+articles", 400),
        ("/archive?sql=select+rien+from+articles", 400),
        ("/archive/articles?_sort=rien", 400),
        ("/archive/articles?_size=rien", 400),
        ("/archive/articles?_timelimit=rien", 400),
        ("/archive/articles?_through=[]", 400),
        ("/archive/articles?_through={}", 400),
        ("/archive/articles?id__in=[{}]", 400),
        ("/archive/articles?id__gt=99999999999999999999", 400),
        ("/archive/articles?_where=1+and+%3Cscript%3E", 400),
    ],
)
async def test_what_is_refused_is_a_page(site: Datasette, path: str, status: int) -> None:
    soup = await look(site, path, status=status)
    assert soup.select_one("header.masthead") is not None
    told = soup.select_one(".hero .lead, .notice")
    assert told is not None
    assert len(told.get_text(strip=True)) > 20


@pytest.mark.asyncio
async def test_a_query_without_end_is_stopped_with_a_page(site: Datasette) -> None:
    endless = "with recursive c(x) as (select 1 union all select x+1 from c) select count(*) from c"
    path = f"/archive?sql={endless.replace('+', '%2B')}&_timelimit=20"
    soup = await look(site, path, status=400)
    heading = soup.select_one("h1")
    assert heading is not None
    assert heading.get_text() == "Trop long"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/archive/articles.json?_sort=rien", 400),
        ("/archive.json?sql=selec", 400),
        ("/archive/nulle.json", 404),
        ("/archive/articles/999999.json", 404),
        ("/nulle-part.ndjson", 404),
        (f"/article/{sample.SITE}/999999.json", 404),
        (f"/commentaires/{sample.SITE}/999999.ndjson", 404),
        (f"/citer/{sample.SITE}/999999.json", 404),
        ("/preuve/urn:uuid:0/verifier.json", 404),
    ],
)
async def test_programs_get_errors_as_json_in_french(
    site: Datasette, path: str, status: int
) -> None:
    answer = await site.client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    told = answer.json()
    assert (told.pop("ok"), told.pop("status")) == (False, status)
    assert re.search(r"archive|adresse|base", told.pop("error"))
    assert told == {}


@pytest.mark.asyncio
@pytest.mark.parametrize("path", ["/archive/nulle.csv", "/archive/articles.csv?_sort=rien"])
async def test_errors_of_other_downloads_are_pages_in_french(site: Datasette, path: str) -> None:
    answer = await site.client.get(path)
    assert answer.status_code in {400, 404}
    assert '<html lang="fr">' in answer.text


@pytest.mark.asyncio
async def test_a_programs_other_methods_are_refused_as_json(site: Datasette) -> None:
    answer = await site.client.put("/recherche.json")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert answer.json()["ok"] is False
