"""An import from the Internet Archive gives what a direct crawl of the same states gave."""

import gzip
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from archiver.folder import DataFolder
from archiver.ops.rebuild import rebuild
from archiver.ops.recovery import recover
from archiver.ops.verify import verify
from archiver.store.compare import differences
from archiver.warc.reader import read_captures
from tests.wayback.conftest import Direct, Imported, Run
from tests.wayback.server import LoopbackArchive

KILLED = -9
ARTICLES = """SELECT url, post_id, lang, title, kind, published_on, modified_at, author, categories,
    tags, body_text, comment_count, vote_count, rating, gone_at IS NULL FROM articles
    ORDER BY url"""
QUESTIONS = """SELECT url, position, type, number, legislature, q.author, addressee, asked_on,
    answered_on, status, question, answer, demand FROM questions q
    JOIN articles a ON a.id = article_id ORDER BY url, position"""
REVISIONS = """SELECT url, content_digest, r.title, r.body_text, questions FROM revisions r
    JOIN articles a ON a.id = article_id ORDER BY url, seen_at"""
EVENTS = """SELECT url, e.kind, before, CASE e.kind WHEN 'answered' THEN '' ELSE after END
    FROM events e JOIN articles a ON a.id = article_id
    WHERE e.kind NOT IN ('comments', 'votes') ORDER BY 1, 2, 3, 4"""
SUBSTANCE = (ARTICLES, QUESTIONS, REVISIONS, EVENTS)
"""What the archive says. An arrived answer tells how many days it took to be seen, which is not the
same on another day."""


def rows(data: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(data / "archive.db")) as db:
        return db.execute(sql).fetchall()


@pytest.mark.parametrize("sql", SUBSTANCE)
def test_what_is_said_equals_a_direct_crawl(direct: Direct, imported: Imported, sql: str) -> None:
    found = rows(direct.data, sql)
    assert found
    assert rows(imported.data, sql) == found


def test_history_has_the_instants_of_the_archive(imported: Imported) -> None:
    seen = {at[:4] for (at,) in rows(imported.data, "SELECT seen_at FROM revisions")}
    assert seen == {"2019", "2021"}
    kinds = dict(rows(imported.data, "SELECT kind, count(*) FROM events GROUP BY kind"))
    assert {"new", "answered", "renamed", "gone"} <= kinds.keys()


def test_rows_say_where_the_captures_come_from(imported: Imported) -> None:
    assert rows(imported.data, "SELECT source, outcome FROM crawls") == [("wayback", "complete")]
    assert rows(imported.data, "SELECT DISTINCT method FROM captures") == [("imported",)]
    report = json.loads(imported.output)
    assert report["captures"] == rows(imported.data, "SELECT count(*) FROM captures")[0][0]
    assert report["outcome"] == "complete"


def test_records_name_their_source_and_have_no_request(imported: Imported) -> None:
    (path,) = (imported.data / "warc").glob("*.warc.gz")
    asides: list[tuple[str, str | None]] = []
    captures = list(read_captures(path, 0, lambda record, _: asides.append(kind_of(record))))
    assert captures
    assert {kind for kind, _ in asides} == {"warcinfo", "metadata", "resource"}
    sources = set(sources_in(path))
    assert {source.removeprefix(imported.archive.base) for source in sources} <= set(
        imported.archive.asked()
    )
    assert len(sources) == len(captures)


def kind_of(record: Any) -> tuple[str, str | None]:
    return record.record_type, record.target_uri


def sources_in(path: Path) -> list[str]:
    text = gzip.decompress(path.read_bytes())
    lines = text.split(b"\r\n")
    return [line[17:].decode() for line in lines if line.startswith(b"WARC-Source-URI: ")]


def test_only_pages_are_asked_for_one_at_a_time(direct: Direct, imported: Imported) -> None:
    asked = imported.archive.asked()
    assert asked
    assert len(asked) == len(set(asked))
    held = {item.path: item for item in direct.held}
    assert {held[path].mimetype.split("/")[0] for path in asked} <= {"text", "application"}
    assert not [path for path in asked if path.endswith((".css", ".js", ".png", ".txt"))]
    assert imported.archive.widest == 1
    (agent,) = imported.archive.agents
    assert "claire@example.org" in agent
    lists = [path for path, _ in imported.archive.seen if path.startswith("/cdx/")]
    assert any("resumeKey=" in path for path in lists)
    assert len(lists) == len(set(lists))


def test_a_rebuild_equals_the_import(imported: Imported, tmp_path: Path) -> None:
    shutil.copytree(imported.data, tmp_path / "copy")
    folder = DataFolder(tmp_path / "copy")
    assert rebuild(folder).differences == ()
    verified = verify(folder, deep=True)
    assert not verified.damages.total
    assert verified.records


def test_a_second_import_asks_only_for_the_list(
    direct: Direct, imported: Imported, tmp_path: Path, run: Run
) -> None:
    shutil.copytree(imported.data, tmp_path / "copy")
    with LoopbackArchive(direct.held) as archive:
        run(archive, direct.source, tmp_path / "copy")
        assert archive.seen
        assert not archive.asked()


POINTS = [
    ("after-fdatasync", 30),
    ("before-commit", 20),
    ("before-links", 40),
    ("before-end", 1),
]
"""Where an import is killed, one after the other; each is taken up where the one before left it."""


@pytest.mark.soak
def test_an_import_killed_again_and_again_fetches_nothing_twice(
    direct: Direct, imported: Imported, tmp_path: Path, run: Run
) -> None:
    with LoopbackArchive(direct.held) as archive:
        for point, count in POINTS:
            before = len(archive.seen)
            run(archive, direct.source, tmp_path, point, str(count), code=KILLED)
            assert bool(archive.asked(before)), point
        before = len(archive.seen)
        run(archive, direct.source, tmp_path)
        assert not archive.asked(before)
        asked = archive.asked()
        assert len(set(asked)) == len(asked)
    for sql in SUBSTANCE:
        assert rows(tmp_path, sql) == rows(imported.data, sql)
    assert rows(tmp_path, "SELECT id, outcome FROM crawls") == [(1, "complete")]
    assert rebuild(DataFolder(tmp_path)).differences == ()


def test_the_order_of_imports_makes_no_difference(
    direct: Direct, imported: Imported, tmp_path: Path
) -> None:
    orders = (imported.data, direct.data), (direct.data, imported.data)
    databases = []
    for number, order in enumerate(orders):
        folder = DataFolder(tmp_path / str(number))
        folder.prepare()
        for data in order:
            for path in (data / "warc").iterdir():
                shutil.copy(path, folder.warcs)
            recover(folder)
        databases.append(folder.database)
    assert rows(databases[0].parent, "SELECT count(*) FROM captures")[0][0] == sum(
        rows(data, "SELECT count(*) FROM captures")[0][0] for data in orders[0]
    )
    assert differences(*databases) == []
