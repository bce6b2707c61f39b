"""A crawl killed at any moment, then run again, ends like one that was left alone."""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from signal import SIGINT
from subprocess import DEVNULL, Popen
from threading import Event
from typing import Any

from archiver.demo.server import DemoSite
from archiver.folder import DataFolder
from archiver.ops.rebuild import rebuild
from tests.cli import MODULE, archiver, crawl
from tests.crawl.small import shrink

KILLED = -9
POINTS = [
    ("before-write", 20),
    ("after-fdatasync", 20),
    ("before-commit", 20),
    ("before-links", 2),
    ("before-derive", 20),
    ("before-end", 1),
    ("after-end", 1),
]
"""Where a crawl is killed, one after the other; each is taken up where the one before left it."""

SUBSTANCE = {
    "articles": "SELECT url, post_id, title, kind, published_on, author, categories, tags,"
    " body_text, comment_count, vote_count, rating, gone_at FROM articles ORDER BY url",
    "questions": "SELECT url, position, type, number, legislature, q.author, addressee, asked_on,"
    " answered_on, status, question, answer, demand FROM questions q"
    " JOIN articles a ON a.id = article_id ORDER BY url, position",
    "revisions": "SELECT url, content_digest, r.title, r.body_text, questions FROM revisions r"
    " JOIN articles a ON a.id = article_id ORDER BY url, seen_at",
}


def substance(data: Path) -> dict[str, list[Any]]:
    """What the archive says, ids, instants and bookkeeping aside."""
    with closing(sqlite3.connect(data / "archive.db")) as db:
        return {name: db.execute(sql).fetchall() for name, sql in SUBSTANCE.items()}


def test_a_crawl_killed_again_and_again_resumes_where_it_was(tmp_path: Path) -> None:
    data = tmp_path / "killed"
    with DemoSite() as site:
        crawl(site.url, tmp_path / "undisturbed")
        reported: dict[str, str] = {}
        for point, count in [*POINTS, (None, 0)]:
            before = len(site.requests)
            killed = [sys.executable, "-m", "tests.crawl.killed", str(point), str(count)]
            if point:
                crawl(site.url, data, code=KILLED, module=killed)
            else:
                crawl(site.url, data)
            asked = {site.base + request.path for request in site.requests[before:]}
            held = set(reported.values()) - {f"{site.base}/robots.txt"}
            assert not held & asked, point
            assert reported.items() <= captures(data).items(), point
            reported = captures(data)
        assert asked <= {f"{site.base}/robots.txt"}
        assert substance(data) == substance(tmp_path / "undisturbed")
    assert crawls(data) == [(1, "complete")]
    assert not list((data / "warc").glob("*.open"))
    assert archiver("rebuild", data=data).stdout.endswith("equals the old one.\n")


def captures(data: Path) -> dict[str, str]:
    """The records that the database reports, with their URLs."""
    with closing(sqlite3.connect(data / "archive.db")) as db:
        return dict(db.execute("SELECT record_id, url FROM captures"))


def crawls(data: Path) -> list[tuple[int, str]]:
    with closing(sqlite3.connect(data / "archive.db")) as db:
        return db.execute("SELECT id, outcome FROM crawls").fetchall()


def test_an_interrupt_waits_neither_for_a_silent_server_nor_for_its_retry_after(
    tmp_path: Path,
) -> None:
    """What had no answer is asked for again when the crawl is taken up."""
    asked, busy = Event(), Event()

    def silent() -> bytes:
        asked.set()
        site.pause(60)
        return b""

    def later() -> bytes:
        busy.set()
        return b"HTTP/1.1 503 Later\r\nRetry-After: 900\r\n\r\n"

    with DemoSite() as site:
        shrink(site, 12)
        site.switches.raw.update({"/wp-json/wp/v2/posts": silent, "/feed/": later})
        words = ["crawl", site.url, "--delay", "0", "--no-assets", "--data", str(tmp_path)]
        with Popen([*MODULE, *words], stdout=DEVNULL, stderr=DEVNULL) as process:
            assert asked.wait(60)
            assert busy.wait(60)
            process.send_signal(SIGINT)
            assert process.wait(20) == 130
        site.switches.raw.clear()
        before = len(site.requests)
        crawl(site.url, tmp_path, "--no-assets")
        again = [request.path.partition("?")[0] for request in site.requests[before:]]
    assert {"/wp-json/wp/v2/posts", "/feed/"} <= set(again)
    assert "/" not in again
    assert crawls(tmp_path) == [(1, "complete")]


def test_rebuild_equals_crawl_over_two_states(tmp_path: Path) -> None:
    with DemoSite() as site:
        shrink(site, 35)
        crawl(site.url, tmp_path)
        site.state = 2
        crawl(site.url, tmp_path)
    assert rebuild(DataFolder(tmp_path)).differences == ()
    (tmp_path / "archive.db").unlink()
    assert rebuild(DataFolder(tmp_path)).differences is None
    assert crawls(tmp_path)[0][0] == 1
