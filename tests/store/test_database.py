"""Opening, transactions and what goes wrong: each fault is one sentence of the right kind."""

import hashlib
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from archiver.errors import ArchiveDamaged, ArchiverError, BadInput, StorageFailed
from archiver.extract.facts import Problem
from archiver.store import database
from archiver.store.database import Store
from archiver.store.migrations import TABLES
from archiver.store.model import CrawlEnd, CrawlStart, RecoveryRow, Site
from archiver.store.schema import FORMAT
from tests.store.site import (
    HOME,
    HOST,
    Step,
    add,
    capture_row,
    home,
    line,
    listing,
    lost,
    open_store,
    page,
    question,
)

FROZEN = Path(__file__).with_name("format_1.sql")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened, _ = open_store(tmp_path / "archive.db")
    yield opened
    opened.close()


def one_sentence(error: ArchiverError) -> None:
    text = str(error)
    assert text.endswith(".")
    assert "\n" not in text


def add_all(store: Store, steps: list[Step]) -> None:
    for step in steps:
        add(store, 1, step)


def add_and_fail(store: Store, step: Step) -> None:
    with store.atomic():
        add(store, 1, step)
        raise RuntimeError


def test_a_commit_is_durable_and_keys_are_enforced(store: Store) -> None:
    def pragma(name: str) -> object:
        return store.connection.execute(f"PRAGMA {name}").fetchone()[0]

    assert pragma("journal_mode") == "wal"
    assert pragma("synchronous") == 2
    assert pragma("foreign_keys") == 1
    assert pragma("user_version") == FORMAT
    with pytest.raises(sqlite3.IntegrityError):
        store.add_capture(replace(capture_row(page(1, "a/"), 1), crawl_id=99))


def test_a_missing_database_is_made_only_when_asked(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no archive") as caught:
        Store.open(tmp_path / "archive.db", create=False)
    one_sentence(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    path.write_bytes(b"<html>" * 1000)
    with pytest.raises(ArchiveDamaged, match="rebuild") as caught:
        Store.open(path)
    one_sentence(caught.value)
    assert path.read_bytes() == b"<html>" * 1000


def test_a_damaged_page_is_reported_as_damage(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    store, crawl_id = open_store(path)
    for hour in range(1, 60):
        add(store, crawl_id, page(hour, f"{hour}/", post_id=hour, text=f"{hour} " * 2000))
    store.close()
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 2)
        file.write(b"\xff" * (size - size // 2))
    with closing(Store.open(path)) as opened, pytest.raises(ArchiveDamaged) as caught:
        opened.derive_pending()
    one_sentence(caught.value)


def test_a_full_disk_fails_the_write_and_keeps_what_was_there(store: Store) -> None:
    add(store, 1, page(1, "a/"))
    pages = store.connection.execute("PRAGMA page_count").fetchone()[0]
    store.connection.execute(f"PRAGMA max_page_count = {pages}")
    steps = [page(hour, f"{hour}/", post_id=hour, text=f"{hour} " * 2000) for hour in range(2, 40)]
    with pytest.raises(StorageFailed, match="full") as caught:
        add_all(store, steps)
    one_sentence(caught.value)
    assert not store.connection.in_transaction
    store.connection.execute("PRAGMA max_page_count = 100000")
    (held,) = store.connection.execute("SELECT count(*) FROM captures").fetchone()
    (observed,) = store.connection.execute("SELECT count(*) FROM observations").fetchone()
    assert held == observed
    add(store, 1, page(50, "a/", text="Encore"))


@pytest.mark.parametrize("place", ["a folder", "no folder", "/proc/archive.db"])
def test_a_place_that_cannot_be_written(tmp_path: Path, place: str) -> None:
    path = {"a folder": tmp_path, "no folder": tmp_path / "none" / "archive.db"}.get(
        place, Path(place)
    )
    with pytest.raises(StorageFailed) as caught:
        Store.open(path)
    one_sentence(caught.value)


def test_a_read_only_database(store: Store) -> None:
    store.connection.execute("PRAGMA query_only = ON")
    with pytest.raises(StorageFailed, match="written"):
        add(store, 1, page(1, "a/"))


def test_a_database_kept_locked_says_so(store: Store, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "archive.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        store.connection.execute("PRAGMA busy_timeout = 1")
        with pytest.raises(BadInput, match="in use"):
            add(store, 1, page(1, "a/"))


def test_an_inner_failure_undoes_only_itself(store: Store) -> None:
    with store.atomic():
        add(store, 1, page(1, "a/"))
        with pytest.raises(RuntimeError):
            add_and_fail(store, page(2, "b/"))
        add(store, 1, page(3, "c/"))
    urls = store.connection.execute("SELECT url FROM captures ORDER BY url").fetchall()
    assert urls == [(f"{HOME}a/",), (f"{HOME}c/",)]


def test_two_processes_write_in_turn(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    open_store(path)[0].close()

    def work(first: int) -> None:
        with closing(Store.open(path)) as mine:
            for number in range(first, first + 20):
                add(mine, 1, page(number, f"{number}/", post_id=number, title=str(number)))
                mine.derive_pending()

    threads = [threading.Thread(target=work, args=(first,)) for first in (1, 101)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with closing(Store.open(path)) as store:
        assert store.connection.execute("SELECT count(*) FROM articles").fetchone() == (40,)


def test_the_same_record_is_one_capture(store: Store) -> None:
    row = capture_row(page(1, "a/"), 1)
    first = store.add_capture(row)
    assert store.add_capture(replace(row, warc_file="copy.warc.gz")) == first
    assert store.capture(first) == row
    assert store.capture_named(row.record_id) == row
    with pytest.raises(BadInput):
        store.capture(99)


def test_only_full_captures_hold_a_payload(store: Store) -> None:
    row = capture_row(page(1, "a/"), 1)
    digest = row.payload_digest or ""
    store.add_capture(replace(row, record_id="r0", revisit_of="elsewhere"))
    assert store.captures_with_payload(digest) == []
    store.add_capture(row)
    store.add_capture(replace(row, record_id="r2"))
    assert store.captures_with_payload(digest) == [row, replace(row, record_id="r2")]


def test_a_crawl_is_resumed_only_while_something_is_left(store: Store) -> None:
    assert store.resumable_crawl(HOST) is None
    store.connection.execute(
        "INSERT INTO frontier (crawl_id, key, turn, url, kind, priority, depth, hops, state)"
        " VALUES (1, 'a', 0, 'a', 'page', 0, 0, '', 'pending')"
    )
    assert store.resumable_crawl(HOST) == 1
    store.finish_crawl(1, CrawlEnd("2024-01-02T00:00:00.000000Z", "interrupted", pages=1))
    assert store.resumable_crawl(HOST) == 1
    assert store.resumable_crawl("other.example") is None
    store.finish_crawl(1, CrawlEnd("2024-01-02T00:00:00.000000Z", "complete", pages=1))
    assert store.resumable_crawl(HOST) is None
    store.connection.execute("UPDATE frontier SET state = 'done'")
    store.finish_crawl(1, CrawlEnd("2024-01-02T00:00:00.000000Z", "incomplete", pages=1))
    assert store.resumable_crawl(HOST) is None
    store.connection.execute("UPDATE crawls SET outcome = NULL")
    assert store.resumable_crawl(HOST) == 1, "killed when nothing was left to fetch"
    later = CrawlStart(HOST, "live", "2024-01-03T00:00:00.000000Z", options={"full": True})
    assert store.begin_crawl(later) == 2
    assert store.connection.execute("SELECT options FROM crawls WHERE id = 2").fetchone() == (
        '{"full":true}',
    )


def test_a_restored_crawl_keeps_its_id_unless_it_is_taken(store: Store) -> None:
    start = CrawlStart(HOST, "live", "2024-01-03T00:00:00.000000Z")
    assert store.restore_crawl(7, start) == 7
    assert store.restore_crawl(7, start) == 7
    assert store.restore_crawl(9, start) == 7
    assert store.restore_crawl(7, replace(start, started_at="2024-01-04T00:00:00.000000Z")) == 8


def test_the_newest_description_of_a_site_counts(store: Store) -> None:
    store.describe_site(Site(HOST, HOME, "2024-03-01T00:00:00.000000Z", "Nouveau nom"))
    store.describe_site(Site(HOST, HOME, "2024-02-01T00:00:00.000000Z", "Ancien nom", None, "X"))
    assert store.connection.execute("SELECT name, deputy FROM sites").fetchone() == (
        "Nouveau nom",
        None,
    )
    assert not store.connection.execute("SELECT chamber FROM chambers").fetchall()


def test_a_capture_of_no_known_site_makes_one(store: Store) -> None:
    crawl_id = store.begin_crawl(CrawlStart(None, "import", "2024-01-03T00:00:00.000000Z"))
    step = page(1, "a/")
    assert step.facts.article is not None
    elsewhere = replace(step.facts.article, url="http://autre.example/a/")
    other = replace(step, url=elsewhere.url, facts=replace(step.facts, article=elsewhere))
    add(store, crawl_id, other)
    store.derive_pending()
    assert store.connection.execute(
        "SELECT site_id, sites.home_url FROM articles JOIN sites ON sites.id = site_id"
    ).fetchone() == ("autre.example", "http://autre.example/")


def test_an_article_belongs_to_the_site_of_its_host(store: Store) -> None:
    other = Site("autre.example", "https://autre.example/", "2024-01-01T00:00:00.000000Z")
    store.describe_site(other)
    crawl_id = store.begin_crawl(CrawlStart(other.id, "live", "2024-01-02T00:00:00.000000Z"))
    add(store, 1, page(1, "a/"))
    add(store, crawl_id, page(2, "a/"))
    add(store, crawl_id, page(3, "b/", post_id=2, title="B", text="B"))
    store.derive_pending()
    assert store.connection.execute("SELECT site_id FROM articles ORDER BY url").fetchall() == [
        (HOST,),
        (other.id,),
    ]


def test_hostile_values_are_stored_and_searched(store: Store) -> None:
    add(
        store,
        1,
        page(
            1,
            "a/",
            post_id=2**80,
            title="T\x00\ud800",
            text="\x00" * 3 + "\udfff forêt",
            votes=10**30,
        ),
    )
    add(store, 1, listing(2, line("a/", comments=2**70), line("\ud800/", comments=1)))
    store.add_problem("http://\ud800/", Problem("x", "\x00"), "2024-01-01T00:00:00.000000Z")
    store.derive_pending()
    row = store.connection.execute("SELECT title, post_id, vote_count FROM articles").fetchone()
    assert row == ("T\ufffd\ufffd", None, None)
    found = store.connection.execute("SELECT rowid FROM articles_fts('foret')").fetchall()
    assert found == [(1,)]


def test_an_interrupted_derivation_goes_on_where_it_stopped(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BATCH", 3)
    for number in range(1, 11):
        add(store, 1, page(number, f"{number}/", post_id=number, title=str(number)))
    assert store._derive_batch()
    (derived,) = store.connection.execute("SELECT count(*) FROM articles").fetchone()
    assert derived == 3
    store.derive_pending()
    assert store.connection.execute("SELECT count(*) FROM articles").fetchone() == (10,)


def test_a_recovery_and_a_finished_file_are_recorded(store: Store) -> None:
    store.add_recovery(RecoveryRow("2024-01-01T00:00:00.000000Z", "a.warc.gz", 2, 9, None, "cut"))
    store.add_warc_file("a.warc.gz", "00", 10, "2024-01-01T00:00:00.000000Z")
    store.add_warc_file("a.warc.gz", "00", 10, "2024-01-02T00:00:00.000000Z")
    assert store.connection.execute("SELECT cut_bytes FROM recoveries").fetchone() == (9,)
    assert store.connection.execute("SELECT count(*) FROM warc_files").fetchone() == (1,)


def test_a_tally_sets_the_archive_beside_the_lists(store: Store) -> None:
    steps = [
        page(1, "a/"),
        page(2, "b/", post_id=2, title="B", text="B"),
        lost(3, "c/"),
        home(4),
        listing(5, line("a/", source="rest"), line("b/", source="rest", protected=True)),
        listing(6, line("a/", source="sitemap"), line("", source="sitemap")),
        listing(7, line("c/"), line("d/")),
    ]
    for step in steps:
        add(store, 1, step)
    store.derive_pending()
    tally = store.tally(HOST, 1)
    assert dict(tally.listed) == {"rest": 2, "sitemap": 1, "feed": 2}
    assert (tally.archived, tally.new_articles, tally.protected) == (2, 2, 1)
    assert tally.missing == (f"{HOME}c/", f"{HOME}d/")
    later = store.begin_crawl(CrawlStart(HOST, "live", "2024-01-03T00:00:00.000000Z"))
    add(store, later, page(60, "a/", text="Autre"))
    add(store, later, lost(61, "b/"))
    store.derive_pending()
    assert store.tally(HOST, later).changed_articles == 1
    assert store.unseen_articles(HOST, later) == []
    assert store.missing_articles(HOST, later) == [f"{HOME}b/"]


def test_a_page_that_a_feed_names_and_that_gave_no_article_is_missing(store: Store) -> None:
    """A sitemap names pages of every kind, a feed articles only."""
    add(store, 1, home(1))
    add(store, 1, listing(2, line("", source="sitemap"), line("")))
    tally = store.tally(HOST, 1)
    assert dict(tally.listed) == {"feed": 1}
    assert tally.missing == (HOME,)


def shape(store: Store) -> dict[str, object]:
    """Columns, foreign keys and indexes of every table; the wording of the SQL aside."""
    found: dict[str, object] = {}
    for table in TABLES:
        for pragma in ("table_info", "foreign_key_list"):
            rows = store.connection.execute(f'PRAGMA {pragma}("{table.name}")').fetchall()
            found[f"{pragma} of {table.name}"] = rows
    indexes = store.connection.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'index' ORDER BY name"
    )
    found["indexes"] = indexes.fetchall()
    return found


def test_a_database_of_format_1_opens_today(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with closing(sqlite3.connect(path)) as old:
        old.executescript(FROZEN.read_text())
    with closing(Store.open(path)) as opened, closing(Store.open(tmp_path / "new.db")) as fresh:
        add(opened, 1, page(300, "a/", text="Aujourd’hui"))
        opened.derive_pending()
        texts = opened.connection.execute("SELECT body_text FROM revisions ORDER BY seen_at")
        assert texts.fetchall() == [("Autrefois",), ("Aujourd’hui",)]
        assert shape(opened) == shape(fresh)


def test_the_frozen_format_has_not_been_edited() -> None:
    assert hashlib.sha256(FROZEN.read_bytes()).hexdigest() == (
        "2f47d1e37eadbf93a7d08318ca53513721ba5eb3c0a4ebd584d12c13a6fe527a"
    )


def test_search_follows_what_is_written(store: Store) -> None:
    def hits(word: str, table: str = "articles") -> list[int]:
        found = store.connection.execute(f"SELECT rowid FROM {table}_fts(?)", (word,))
        return [row for (row,) in found]

    add(store, 1, page(1, "a/", title="Forêts", text="été", questions=[question(answer="hiver")]))
    store.derive_pending()
    assert (hits("foret*"), hits("ete"), hits("hiver", "questions")) == ([1], [1], [1])
    add(store, 1, page(2, "a/", title="Forêts", text="automne"))
    store.derive_pending()
    assert (hits("foret*"), hits("ete"), hits("automne")) == ([1], [], [1])
    assert hits("hiver", "questions") == []
