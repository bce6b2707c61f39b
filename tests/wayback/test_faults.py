"""What goes wrong at the Archive is never taken for the site's pages, and loses nothing."""

import base64
import hashlib
import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.cli import archiver
from tests.wayback.conftest import Run
from tests.wayback.server import Fault, Held, LoopbackArchive, answer, cut_short, error_page, give

SITE = "http://site.example/"
SOURCE = "wayback:site.example"
LIST = "/cdx/search/cdx"
HTML = (("Content-Type", "text/html; charset=UTF-8"),)


def page(number: int, when: str = "20200101000000", **changes: Any) -> Held:
    body = (
        f"<html lang='fr'><head><title>Article {number}</title></head>"
        f"<body class='single single-post postid-{number}'><article class='post type-post'>"
        f"<h1 class='entry-title'>Article {number}</h1><div class='entry-content'><p>Un texte"
        f" assez long pour être lu, numéro {number}.</p></div></article></body></html>"
    )
    held = Held(when, f"{SITE}article-{number}/", 200, HTML, body.encode())
    return replace(held, **changes)


PAGES = [page(number) for number in range(1, 7)]


def captured(data: Path) -> set[str]:
    with closing(sqlite3.connect(data / "archive.db")) as db:
        return {url for (url,) in db.execute("SELECT url FROM captures")}


def another_time(held: Held) -> Fault:
    return lambda handler: give(handler, replace(held, timestamp="20191231235959"))


def redirect_elsewhere(held: Held) -> Fault:
    return error_page(302, ("Location", f"/web/20150101000000id_/{held.url}"))


def test_every_page_comes_in(tmp_path: Path, run: Run) -> None:
    with LoopbackArchive(PAGES) as archive:
        run(archive, SOURCE, tmp_path)
    assert captured(tmp_path) == {held.url for held in PAGES}
    with closing(sqlite3.connect(tmp_path / "archive.db")) as db:
        assert db.execute("SELECT count(*) FROM articles").fetchone() == (len(PAGES),)
        assert db.execute("SELECT id FROM sites").fetchall() == [("site.example",)]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (lambda held: error_page(404), "the Archive answered 404 and no capture"),
        (lambda held: error_page(200), "the Archive answered 200 and no capture"),
        (redirect_elsewhere, "the Archive answered 302 and no capture"),
        (another_time, "the Archive gave a capture of another time"),
        (
            lambda held: lambda handler: give(handler, replace(held, payload=b"<html>other")),
            "its bytes are not those that the Archive lists",
        ),
        (
            lambda held: lambda handler: give(handler, replace(held, status=404)),
            "the Archive lists a status of 200 and gave 404",
        ),
    ],
)
def test_a_gap_is_told_and_passed_over(fault: Any, reason: str, tmp_path: Path, run: Run) -> None:
    gone = PAGES[2]
    with LoopbackArchive(PAGES, faults={gone.path: [fault(gone)]}) as archive:
        done = run(archive, SOURCE, tmp_path)
        assert archive.asked().count(gone.path) == 1
    assert json.loads(done.stdout)["skipped"] == {reason: 1}
    assert captured(tmp_path) == {held.url for held in PAGES} - {gone.url}


def test_a_body_cut_on_the_way_is_fetched_again(tmp_path: Path, run: Run) -> None:
    held = PAGES[0]
    with LoopbackArchive(PAGES, faults={held.path: [cut_short(held)] * 2}) as archive:
        run(archive, SOURCE, tmp_path)
        assert archive.asked().count(held.path) == 3
    assert captured(tmp_path) == {held.url for held in PAGES}


def test_a_body_cut_before_the_archive_had_it_is_no_article(tmp_path: Path, run: Run) -> None:
    cut = page(7, headers=(*HTML, ("Content-Length", "100000")))
    with LoopbackArchive([*PAGES, cut]) as archive:
        run(archive, SOURCE, tmp_path)
    assert cut.url in captured(tmp_path)
    with closing(sqlite3.connect(tmp_path / "archive.db")) as db:
        urls = {url for (url,) in db.execute("SELECT url FROM articles")}
    assert urls == {held.url for held in PAGES}


def test_retry_after_is_waited_for(tmp_path: Path, run: Run) -> None:
    held = PAGES[3]
    busy = error_page(429, ("Retry-After", "1"))
    with LoopbackArchive(PAGES, faults={held.path: [busy, busy]}) as archive:
        run(archive, SOURCE, tmp_path)
        times = [at for path, at in archive.seen]
        asked = [path for path, _ in archive.seen]
    first = asked.index(held.path)
    assert asked[first : first + 3] == [held.path] * 3
    assert all(times[first + n + 1] - times[first + n] >= 1 for n in range(2))
    assert captured(tmp_path) == {held.url for held in PAGES}


def test_an_archive_that_stays_busy_stops_the_import_which_then_resumes(
    tmp_path: Path, run: Run
) -> None:
    faults = {held.path: [error_page(503)] * 5 for held in PAGES[2:5]}
    with LoopbackArchive(PAGES, faults=faults) as archive:
        done = run(archive, SOURCE, tmp_path, code=2)
        assert "run the command again later" in done.stderr
        assert captured(tmp_path) == {PAGES[0].url, PAGES[1].url}
        assert PAGES[5].path not in archive.asked()
        before = len(archive.seen)
        run(archive, SOURCE, tmp_path)
        # last, so that what is never given keeps no other capture out
        assert archive.asked(before) == [held.path for held in (*PAGES[5:], *PAGES[2:5])]
    assert captured(tmp_path) == {held.url for held in PAGES}


def test_one_capture_that_cannot_be_had_now_leaves_the_others(tmp_path: Path, run: Run) -> None:
    poor = PAGES[1]
    with LoopbackArchive(PAGES, faults={poor.path: [error_page(504)] * 5}) as archive:
        done = run(archive, SOURCE, tmp_path, code=2)
        assert "1 capture was not given" in done.stderr
        assert captured(tmp_path) == {held.url for held in PAGES} - {poor.url}
        run(archive, SOURCE, tmp_path)
    assert captured(tmp_path) == {held.url for held in PAGES}


@pytest.mark.parametrize(
    "fault",
    [
        error_page(200),
        error_page(403),
        lambda handler: answer(handler, 200, b'{"not": "rows"}'),
        lambda handler: answer(handler, 200, b'[["other", "columns"]]'),
    ],
)
def test_a_list_that_cannot_be_read_stops_the_import(
    fault: Fault, tmp_path: Path, run: Run
) -> None:
    with LoopbackArchive(PAGES, faults={LIST: [fault] * 5}) as archive:
        run(archive, SOURCE, tmp_path, code=2)
        assert not archive.asked()
        run(archive, SOURCE, tmp_path)
    assert captured(tmp_path) == {held.url for held in PAGES}


def test_a_site_that_the_archive_does_not_know(tmp_path: Path, run: Run) -> None:
    with LoopbackArchive(PAGES) as archive:
        done = run(archive, "wayback:other.example", tmp_path, code=2)
    assert "lists no page of other.example" in done.stderr


def test_what_is_out_of_scope_is_not_asked_for(tmp_path: Path, run: Run) -> None:
    left = [
        page(8, url=f"{SITE}?s=mot"),
        page(9, url=f"{SITE}wp-login.php"),
        page(10, mimetype="image/png"),
        page(11, status=503),
        page(12, url=f"{SITE}absent.png", status=404),
    ]
    with LoopbackArchive([*PAGES, *left]) as archive:
        run(archive, SOURCE, tmp_path)
        assert sorted(archive.asked()) == [held.path for held in PAGES]


def test_an_unlisted_digest_is_no_reason_to_refuse(tmp_path: Path, run: Run) -> None:
    plain = base64.b32encode(hashlib.sha1(b"as chunks").digest()).decode()
    chunked = page(13, headers=(*HTML, ("Transfer-Encoding", "chunked")), digest=plain)
    unknown = page(14, digest="-")
    with LoopbackArchive([chunked, unknown]) as archive:
        run(archive, SOURCE, tmp_path)
    assert captured(tmp_path) == {chunked.url, unknown.url}


def test_the_command_imports_and_says_what_came(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with LoopbackArchive(PAGES) as archive:
        monkeypatch.setenv("ARCHIVER_WAYBACK", archive.base)
        done = archiver("import", SOURCE, "--delay", "0", data=tmp_path)
        assert done.returncode == 0, done.stderr
        assert "site.example, crawl 1: complete" in done.stdout
        assert "no contact is given" in done.stderr
        two = archiver("import", SOURCE, "wayback:other.example", data=tmp_path)
        assert (two.returncode, two.stderr.count("\n")) == (1, 1)
    assert captured(tmp_path) == {held.url for held in PAGES}
    assert archiver("rebuild", data=tmp_path).stdout.endswith("equals the old one.\n")
