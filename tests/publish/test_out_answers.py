"""Every address by HTTP: HEAD says what GET says, a second GET costs nothing, files have names."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

import httpx
import pytest
from datasette.app import Datasette

from archiver.publish.site.out import links, views
from archiver.publish.site.out.conditional import last_modified
from archiver.publish.site.out.requests import DEEPEST_PART, Slice
from archiver.publish.site.search.request import page_number
from archiver.publish.site.tabular import LONGEST_CELL, for_excel
from tests.publish import sample
from tests.publish.serving import served
from tests.publish.taken import as_json, as_rows, got

CSV, JSON = "text/csv; charset=utf-8; header=present", "application/json; charset=utf-8"
ATOM, NDJSON = "application/atom+xml; charset=utf-8", "application/x-ndjson; charset=utf-8"
HTML = "text/html; charset=utf-8"
ARTICLE = f"{sample.SITE}/1242"
ADDRESSES = {
    "/": (HTML, None),
    "/recherche?q=retraites": (HTML, None),
    "/changements": (HTML, None),
    "/ministres": (HTML, None),
    "/commentaires": (HTML, None),
    f"/article/{ARTICLE}": (HTML, None),
    f"/revisions/{ARTICLE}": (HTML, None),
    "/recherche.csv?q=petites+retraites&annee=2021": (
        CSV,
        'attachment; filename="articles-petites-retraites-2021.csv"',
    ),
    "/recherche.excel.csv?statut=repondue": (
        CSV,
        'attachment; filename="articles-repondue-excel.csv"',
    ),
    "/recherche.json": (JSON, 'inline; filename="articles.json"'),
    "/recherche.atom?q=l'été": (ATOM, 'inline; filename="recherche-l-ete.atom"'),
    "/questions.ndjson": (NDJSON, 'inline; filename="questions.ndjson"'),
    "/questions.ics?statut=en-retard": (
        "text/calendar; charset=utf-8",
        'inline; filename="echeances-en-retard.ics"',
    ),
    "/questions.atom": (ATOM, 'inline; filename="recherche.atom"'),
    "/changements.csv?changement=reponse": (
        CSV,
        'attachment; filename="changements-reponse.csv"',
    ),
    "/changements.atom": (ATOM, 'inline; filename="changements.atom"'),
    "/ministres.excel.csv?annee=2021": (CSV, 'attachment; filename="ministres-2021-excel.csv"'),
    "/ministres.csv?du=2019-03&au=2021": (CSV, 'attachment; filename="ministres-2019-03-2021.csv"'),
    "/ministres.atom": (ATOM, 'inline; filename="ministres.atom"'),
    "/commentaires.json": (JSON, 'inline; filename="commentaires.json"'),
    "/commentaires.atom": (ATOM, 'inline; filename="commentaires.atom"'),
    f"/commentaires/{ARTICLE}.csv": (
        CSV,
        'attachment; filename="commentaires-claire-vasseur-example-1242.csv"',
    ),
    f"/article/{ARTICLE}.json": (JSON, 'inline; filename="claire-vasseur-example-1242.json"'),
    f"/article/{ARTICLE}.atom": (ATOM, 'inline; filename="claire-vasseur-example-1242.atom"'),
    f"/citer/{ARTICLE}.ris": (
        "application/x-research-info-systems; charset=utf-8",
        'attachment; filename="claire-vasseur-example-1242.ris"',
    ),
    "/openapi.json": (JSON, 'inline; filename="openapi.json"'),
    "/sitemap.xml": ("application/xml; charset=utf-8", None),
    "/robots.txt": ("text/plain; charset=utf-8", None),
}


@pytest.fixture(scope="module")
def web(database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    old = tmp_path_factory.mktemp("old") / "archive.db"
    old.write_bytes(database.read_bytes())
    os.utime(old, (1_710_000_000, 1_710_000_000))
    with served(old) as root, httpx.Client(base_url=root, timeout=120) as client:
        yield client


@pytest.mark.parametrize("path", ADDRESSES)
def test_an_address_answers_as_http_asks(web: httpx.Client, path: str) -> None:
    kind, disposition = ADDRESSES[path]
    whole = web.get(path)
    assert whole.status_code == 200
    assert whole.headers["content-type"] == kind
    assert whole.headers.get("content-disposition") == disposition
    assert int(whole.headers["content-length"]) == len(whole.content) > 0
    assert "unsafe-inline" not in whole.headers["content-security-policy"]
    assert whole.headers["x-content-type-options"] == "nosniff"
    head = web.head(path)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-type", "content-length", "content-disposition", "etag", "last-modified"):
        assert head.headers.get(name) == whole.headers.get(name)
    tag = whole.headers["etag"]
    for known in (tag, f"W/{tag}", f'"autre", {tag}', "*"):
        again = web.get(path, headers={"if-none-match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    assert web.get(path, headers={"if-none-match": '"autre"'}).status_code == 200
    assert web.post(path).status_code == 405


@pytest.mark.parametrize("path", [path for path in ADDRESSES if ".atom" in path or ".ics" in path])
def test_feeds_and_calendars_know_their_last_change(web: httpx.Client, path: str) -> None:
    modified = web.get(path).headers["last-modified"]
    moment = parsedate_to_datetime(modified)
    assert moment <= datetime.now(UTC)
    later = format_datetime(moment + timedelta(days=1), usegmt=True)
    for since, expected in ((modified, 304), (later, 304), ("hier", 200)):
        assert web.get(path, headers={"if-modified-since": since}).status_code == expected
    before = format_datetime(moment - timedelta(seconds=1), usegmt=True)
    assert web.get(path, headers={"if-modified-since": before}).status_code == 200
    both = {"if-modified-since": modified, "if-none-match": '"autre"'}
    assert web.get(path, headers=both).status_code == 200


def test_the_last_change_is_the_database_s(tmp_path: Path) -> None:
    database, log = tmp_path / "archive.db", tmp_path / "archive.db-wal"
    database.touch()
    old, newer = datetime(2024, 3, 1, 12, tzinfo=UTC), datetime(2024, 3, 2, tzinfo=UTC)
    os.utime(database, (old.timestamp(), old.timestamp() + 0.7))
    assert last_modified(database) == "Fri, 01 Mar 2024 12:00:00 GMT"
    assert last_modified(database, newer) == "Sat, 02 Mar 2024 00:00:00 GMT"
    log.touch()
    told = parsedate_to_datetime(last_modified(database))
    assert newer < told < datetime.now(UTC).replace(microsecond=0)


@pytest.mark.asyncio
async def test_a_list_that_is_cut_says_so_and_leads_on(
    site: Datasette, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = (await as_json(site, "/questions.json?statut=sans-reponse"))["lignes"]
    assert len(whole) == 34
    monkeypatch.setattr(views, "MOST_QUESTIONS", 15)
    found = []
    address: str | None = "/questions.json?statut=sans-reponse"
    for size in (15, 15, 4):
        answer = await got(site, address or "")
        document = answer.json()
        assert (document["total"], document["rendues"]) == (34, size)
        assert answer.headers["x-total-count"] == "34"
        found += document["lignes"]
        address = document["suite"]
        assert answer.headers.get("link") == (f'<{address}>; rel="next"' if address else None)
    assert address is None
    assert found == whole
    second = await got(site, "/questions.csv?statut=sans-reponse&page=2")
    name = 'attachment; filename="questions-sans-reponse-lignes-16-a-30-sur-34.csv"'
    assert second.headers["content-disposition"] == name
    beyond = await as_json(site, "/questions.json?statut=sans-reponse&page=9")
    assert (beyond["rendues"], beyond["lignes"], beyond["suite"]) == (0, [], None)


def test_the_parts_of_a_list_come_to_an_end() -> None:
    last = Slice("/x.csv", (), DEEPEST_PART, 10)
    assert last.following(10**9) is None
    assert last.previous() == f"/x.csv?page={DEEPEST_PART - 1}"
    assert Slice("/x.csv", (("q", "a b"),), 2, 10).following(21) == "/x.csv?q=a+b&page=3"
    assert Slice("/x.csv", (("q", "a b"),), 2, 10).following(20) is None
    for asked, page in (("7", 7), ("0", 1), ("-1", 1), ("²", 1), ("9" * 5000, DEEPEST_PART)):
        assert page_number({"page": asked}, DEEPEST_PART) == page


def test_a_page_says_when_its_list_comes_in_parts() -> None:
    assert links.tables("x", "/x", [], 10, 10).note == ""
    assert "page=2" in links.tables("x", "/x", [], 11, 10).note


@pytest.mark.asyncio
@pytest.mark.parametrize("list_path", ["/recherche", "/questions", "/changements"])
async def test_no_cell_of_a_hostile_archive_is_a_formula(site: Datasette, list_path: str) -> None:
    tables = await as_rows(site, list_path, "q=hostilité")
    (plain,), (safe,) = tables["csv"], tables["excel.csv"]
    assert sample.HOSTILE in plain["titre"]
    assert plain["titre"].startswith("=")
    assert {name: value.removeprefix("'") for name, value in safe.items()} == plain
    assert not [v for v in safe.values() if v.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_a_text_too_long_for_a_cell_is_cut() -> None:
    assert for_excel("é" * LONGEST_CELL) == "é" * LONGEST_CELL
    cut = for_excel("\U0001f600" * LONGEST_CELL)
    assert cut.endswith("…")
    assert len(cut.encode("utf-16-le")) <= 2 * LONGEST_CELL
    assert for_excel("\n=1") == "'\n=1"
    assert for_excel(-1.5) == "-1,5"
