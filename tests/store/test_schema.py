"""The schema keeps the public contract, column by column, and can be told apart by its format."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlite_utils import Database

from archiver.errors import BadInput
from archiver.store.migrations import TABLES, check, format_of, migrate
from archiver.store.schema import FORMAT, PUBLIC, SEARCHES

CONTRACT = {
    "sites": "id name home_url platform deputy",
    "crawls": "id site_id source started_at finished_at outcome pages new_articles "
    "changed_articles errors user_agent version options",
    "captures": "id crawl_id url captured_at status content_type payload_digest warc_file "
    "warc_offset warc_length record_id revisit_of method",
    "articles": "id site_id url post_id lang title kind published_on modified_at author "
    "categories tags body_text comment_count vote_count rating first_captured_at "
    "last_captured_at gone_at capture_id",
    "questions": "id article_id position type number legislature author addressee asked_on "
    "answered_on status question answer demand",
    "revisions": "id article_id capture_id seen_at last_seen_at content_digest title body_text "
    "questions",
    "comment_counts": "article_id observed_at comment_count vote_count rating source capture_id",
    "events": "id article_id at kind before after capture_id",
    "problems": "id capture_id url kind detail seen_at",
}


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as opened:
        migrate(opened)
        yield opened


@pytest.mark.parametrize("name", CONTRACT)
def test_contract_columns(connection: sqlite3.Connection, name: str) -> None:
    found = [row[1] for row in connection.execute(f'PRAGMA table_info("{name}")')]
    assert found == CONTRACT[name].split()


def test_every_table_is_strict_and_described(connection: sqlite3.Connection) -> None:
    strict = {row[1]: row[5] for row in connection.execute("PRAGMA table_list")}
    for table in TABLES:
        assert strict[table.name] == 1
        assert table.description.endswith(".")
        for column in table.columns:
            assert column.description.endswith((".", ")")), (table.name, column.name)


def test_every_foreign_key_is_indexed(connection: sqlite3.Connection) -> None:
    db = Database(connection)
    for table in TABLES:
        keys = [column.name for column in table.columns if column.references]
        declared = {key.column for key in db.table(table.name).foreign_keys}
        assert declared == set(keys)
        leading = {index.columns[0] for index in db.table(table.name).indexes}
        leading.add(table.primary_key[0])
        assert set(keys) <= leading, table.name


def test_datasette_detects_the_search_tables(connection: sqlite3.Connection) -> None:
    for search in SEARCHES:
        assert Database(connection).table(search.content).detect_fts() == search.name
        sql = connection.execute(
            "SELECT sql FROM sqlite_schema WHERE name = ?", (search.name,)
        ).fetchone()[0]
        assert re.search(rf'content="{search.content}"', sql)


def test_a_newer_format_is_refused_in_one_sentence(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA user_version = {FORMAT + 1}")
    with pytest.raises(BadInput, match="newer version"):
        check(connection, "test.db")


def test_a_database_of_something_else_is_refused() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as other:
        other.execute("CREATE TABLE recipes (id INTEGER PRIMARY KEY)")
        with pytest.raises(BadInput, match="something else"):
            check(other, "recipes.db")
        assert format_of(other) == 0


def test_migrating_again_changes_nothing(connection: sqlite3.Connection) -> None:
    before = connection.execute("SELECT * FROM sqlite_schema").fetchall()
    migrate(connection)
    assert connection.execute("SELECT * FROM sqlite_schema").fetchall() == before


def test_public_tables_are_not_internal() -> None:
    assert not any(table.internal for table in PUBLIC)
    assert all(table.internal for table in TABLES if table not in PUBLIC)
