"""The page on the archive's own state, over an archive that lacks an article and was damaged."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from archiver.extract.problems import KINDS
from archiver.extract.urls import url_key
from archiver.instants import format_instant, now, parse_instant
from archiver.publish.engine import build
from archiver.publish.site.pages.state import DOUBTS
from archiver.publish.standing import read_note, standing_of, write_note
from archiver.store.migrations import ddl
from archiver.store.schema import PUBLIC
from tests.publish import sample
from tests.publish.browsing import look, numbers

MISSING = f"{sample.HOME}2024/03/jamais-capture/"
CONTACT = "https://example.org/contact"


@pytest.fixture
def ailing(database: Path, tmp_path: Path) -> Path:
    """The sample as an archive of its own, its last crawl finished today: incomplete, with one
    listed article held and one missing; verified twice, the second time with damages."""
    path = tmp_path / "data" / "archive.db"
    path.parent.mkdir()
    shutil.copy(database, path)
    with closing(sqlite3.connect(path)) as db:
        today = now()
        crawl, capture, url = db.execute(
            "select crawl_id, captures.id, articles.url from captures join articles"
            " on capture_id = captures.id order by captures.id desc limit 1"
        ).fetchone()
        db.execute(
            "update crawls set started_at = ?, finished_at = ?, outcome = 'incomplete', errors = 40"
            " where id = ?",
            (today, today, crawl),
        )
        db.execute(
            "insert into observations (capture_id, site_id, host, url_key, captured_at, role,"
            " alive, own_key) values (?, ?, ?, ?, ?, 'article', 1, ?)",
            (capture, sample.SITE, sample.SITE, url_key(url), today, url_key(url)),
        )
        for number, listed in enumerate((url, MISSING)):
            db.execute(
                "insert into statements (digest, source, url_key, url, protected, last_capture_id)"
                " values (?, 'rest', ?, ?, 0, ?)",
                (str(number), url_key(listed), listed, capture),
            )
        for started, damages in (("2024-03-01T00:00:00.000000Z", 0), (today, 3)):
            db.execute(
                "insert into verify_runs (started_at, finished_at, scope, files, records, bytes,"
                " damages, report) values (?, ?, '/secret/path', 2, 550, 2132894, ?, '{}')",
                (started, format_instant(parse_instant(started)), damages),
            )
        db.commit()
    return path


def section(soup: BeautifulSoup, name: str) -> Tag:
    found = soup.select_one(f"section[aria-labelledby={name}]")
    assert found is not None, name
    return found


@pytest.mark.asyncio
async def test_it_says_what_is_missing_doubtful_and_damaged(ailing: Path) -> None:
    soup = await look(build(ailing), "/etat")
    told = section(soup, "regarder").get_text()
    assert "incomplète" in told
    assert "1\xa0article annoncé par le site manque à l’archive" in told
    assert "aucune collecte complète" in told
    assert "3\xa0dommages" in told
    rest = [
        row.get_text(" ", strip=True)
        for row in section(soup, "completude").select("tbody tr")
        if "REST" in row.get_text()
    ]
    assert [numbers(row)[:2] for row in rest] == [[2, 1]]
    assert rest[0].endswith(" 1")
    assert MISSING in section(soup, "completude").get_text()
    assert numbers(section(soup, "verifications").select("tbody tr")[0].get_text(" "))[-1] == 3
    doubts = section(soup, "anomalies").select("a[href^='/archive/problems?kind=']")
    assert [numbers(link.get_text()) for link in doubts] == [[1]]


@pytest.mark.asyncio
async def test_every_number_of_crawls_leads_to_its_rows(ailing: Path) -> None:
    site = build(ailing)
    soup = await look(site, "/etat")
    for link in section(soup, "collectes").select("a[href]"):
        await look(site, str(link["href"]))


@pytest.mark.asyncio
@pytest.mark.parametrize("path", ["/etat", "/etat.json"])
async def test_it_names_no_contact_and_no_path(ailing: Path, path: str) -> None:
    shown = (await build(ailing).client.get(path)).text
    for private in (CONTACT, str(ailing.parent), "/secret/path", "archiver/0.1"):
        assert private not in shown


@pytest.mark.asyncio
async def test_json_has_the_same_figures(ailing: Path) -> None:
    told = (await build(ailing).client.get("/etat.json")).json()
    assert told["standing"]["completeness"][sample.SITE]["missing"] == [MISSING]
    assert told["standing"]["sites"][0]["missing"] == 1
    assert told["standing"]["verifications"][0]["damages"] == 3
    assert told["crawls"][0]["outcome"] == "incomplete"


def test_the_lists_are_looked_up_once(ailing: Path) -> None:
    asked: list[str] = []
    with closing(sqlite3.connect(ailing)) as db:
        db.set_trace_callback(asked.append)
        standing = standing_of(db, parse_instant(now()))
    assert standing is not None
    assert len([statement for statement in asked if "FROM statements" in statement]) == 1
    (held,) = standing.completeness.values()
    assert [(one.source, one.named, one.missing) for one in held.lists] == [("rest", 2, 1)]


@pytest.mark.asyncio
async def test_a_published_copy_shows_what_it_has(ailing: Path) -> None:
    public = {table.name for table in PUBLIC}
    with closing(sqlite3.connect(ailing)) as db:
        standing = standing_of(db, parse_instant(now()))
        assert standing is not None
        for table in ("mentions", "statements", "observations", "verify_runs", "warc_files"):
            assert table not in public
            db.execute(f"drop table {table}")
        db.commit()
    soup = await look(build(ailing), "/etat")
    assert section(soup, "collectes").select("tbody tr")
    assert soup.select_one("section[aria-labelledby=completude]") is None
    assert soup.select_one("section[aria-labelledby=disque]") is None
    write_note(ailing.parent, standing)
    assert read_note(ailing.parent) == standing
    soup = await look(build(ailing), "/etat")
    assert MISSING in section(soup, "completude").get_text()
    assert "3\xa0dommages" in section(soup, "regarder").get_text()
    assert soup.select_one("section[aria-labelledby=disque]") is None
    assert "à la publication de cette copie" in soup.get_text()


@pytest.mark.asyncio
async def test_an_empty_archive_has_a_state(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with closing(sqlite3.connect(path)) as db:
        for statement in ddl():
            db.execute(statement)
    soup = await look(build(path), "/etat")
    assert "Aucune collecte encore" in soup.get_text()


def test_every_kind_of_problem_has_its_advice() -> None:
    assert set(DOUBTS) == set(KINDS)
