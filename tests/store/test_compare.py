"""Two databases differ in what they say, never in their IDs."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archiver.errors import ArchiveDamaged, StorageFailed
from archiver.store.compare import KEYS, Difference, differences
from archiver.store.migrations import TABLES
from tests.store.scenarios import SCENARIOS
from tests.store.site import at, build, page


def test_every_derived_table_is_compared() -> None:
    assert set(KEYS) == {"captures"} | {table.name for table in TABLES if table.derived}


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    steps = SCENARIOS["answered, then the answer edited"] + [
        page(9, "b/", post_id=2, title="B", text="B", comments=3)
    ]
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    build(old, steps).close()
    build(new, steps[::-1], every=1).close()
    return old, new


def change(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(sql)


def test_ids_make_no_difference(pair: tuple[Path, Path]) -> None:
    ids = []
    for path in pair:
        with closing(sqlite3.connect(path)) as connection:
            ids.append(connection.execute("SELECT id, url FROM articles ORDER BY id").fetchall())
    assert ids[0] != ids[1]
    assert differences(*pair) == []


def test_a_changed_value_is_named(pair: tuple[Path, Path]) -> None:
    change(pair[1], "UPDATE questions SET answer = NULL WHERE position = 1")
    assert differences(*pair) == [Difference("questions", (at("a/"), 1), "answer", "R2", None)]


def test_a_row_of_one_side_is_given_whole(pair: tuple[Path, Path]) -> None:
    change(pair[1], "DELETE FROM comment_counts")
    (found,) = differences(*pair)
    assert (found.table, found.column, found.after) == ("comment_counts", None, None)
    assert json.loads(str(found.before))["comment_count"] == 3
    (back,) = differences(*reversed(pair))
    assert (back.before, back.after) == (None, found.before)


def test_an_event_more_is_one_difference(pair: tuple[Path, Path]) -> None:
    change(
        pair[1],
        "INSERT INTO events (article_id, at, kind, capture_id)"
        " SELECT article_id, at, kind, capture_id FROM events WHERE kind = 'answered'",
    )
    (found,) = [item for item in differences(*pair) if item.column is None]
    assert found.before is None


def test_a_capture_is_compared_by_its_record(pair: tuple[Path, Path]) -> None:
    change(
        pair[1],
        "UPDATE articles SET capture_id = (SELECT max(id) FROM captures WHERE url LIKE '%a/')"
        " WHERE url LIKE '%a/'",
    )
    (found,) = differences(*pair)
    assert (found.table, found.column) == ("articles", "capture_id")
    assert str(found.before).startswith("urn:test:0004")


def test_a_database_that_cannot_be_read(pair: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(StorageFailed):
        differences(tmp_path / "none.db", pair[1])
    pair[0].write_bytes(b"no database" * 1000)
    with pytest.raises(ArchiveDamaged):
        differences(*pair)
