"""A crawl killed at any moment, then run again, ends like one that was left alone."""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from archiver.demo.server import DemoSite
from archiver.folder import DataFolder
from archiver.ops.rebuild import rebuild
from tests.cli import archiver, crawl

KILLED = -9
POINTS = [
    ("before-write", 20),
    ("after-fdatasync", 40),
    ("before-commit", 30),
    ("before-links", 2),
    ("before-derive", 2),
]
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


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    data = tmp_path_factory.mktemp("undisturbed")
    with DemoSite(port=0) as site:
        crawl(site.url, data)
        return relative(substance(data), site.base)


def relative(found: dict[str, list[Any]], base: str) -> dict[str, list[Any]]:
    """The same without the site's port, which differs from one test to the next."""
    return {
        name: [tuple(v.replace(base, "") if isinstance(v, str) else v for v in row) for row in rows]
        for name, rows in found.items()
    }


@pytest.mark.parametrize(("point", "count"), POINTS)
def test_a_killed_crawl_resumes_where_it_was(
    point: str,
    count: int,
    tmp_path: Path,
    undisturbed: dict[str, list[Any]],
) -> None:
    with DemoSite() as site:
        killed = [sys.executable, "-m", "tests.crawl.killed", point, str(count)]
        crawl(site.url, tmp_path, code=KILLED, module=killed)
        reported = captures(tmp_path)
        before = len(site.requests)
        crawl(site.url, tmp_path)
        asked_again = {site.base + request.path for request in site.requests[before:]}
        held = set(reported.values()) - {f"{site.base}/robots.txt"}
        assert relative(substance(tmp_path), site.base) == undisturbed
        assert not held & asked_again
        assert reported.items() <= captures(tmp_path).items()
    assert crawls(tmp_path) == [(1, "complete")]
    assert not list((tmp_path / "warc").glob("*.open"))
    assert archiver("rebuild", data=tmp_path).stdout.endswith("equals the old one.\n")


def captures(data: Path) -> dict[str, str]:
    """The records that the database reports, with their URLs."""
    with closing(sqlite3.connect(data / "archive.db")) as db:
        return dict(db.execute("SELECT record_id, url FROM captures"))


def crawls(data: Path) -> list[tuple[int, str]]:
    with closing(sqlite3.connect(data / "archive.db")) as db:
        return db.execute("SELECT id, outcome FROM crawls").fetchall()


def test_rebuild_equals_crawl_over_two_states(tmp_path: Path) -> None:
    with DemoSite() as site:
        crawl(site.url, tmp_path)
        site.state = 2
        crawl(site.url, tmp_path)
    assert rebuild(DataFolder(tmp_path)).differences == ()
    (tmp_path / "archive.db").unlink()
    assert rebuild(DataFolder(tmp_path)).differences is None
    assert crawls(tmp_path)[0][0] == 1
