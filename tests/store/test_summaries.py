"""What the writer keeps row by row is what SQL makes of the public tables at once."""

import itertools
from contextlib import closing
from pathlib import Path

import pytest

from archiver.store.database import Store
from archiver.store.migrations import migrate
from archiver.store.summaries import CHAMBERS, SUMMARIES, summarise
from tests.store.scenarios import SCENARIOS
from tests.store.site import Step, add, build, later, page, question

Rows = dict[str, list[tuple[object, ...]]]


def kept(store: Store) -> Rows:
    return {
        table.name: sorted(store.connection.execute(f'SELECT * FROM "{table.name}"'), key=repr)
        for table in SUMMARIES
    }


def remade(store: Store) -> Rows:
    summarise(store.connection)
    return kept(store)


def test_what_is_kept_is_what_would_be_made(tmp_path: Path) -> None:
    steps = [
        later(step, 100 * number)
        for number, scenario in enumerate(SCENARIOS.values())
        for step in scenario
    ]
    for number, order in enumerate((steps, steps[::-1])):
        with closing(build(tmp_path / f"{number}.db", order, every=3)) as store:
            found = kept(store)
            assert found["facets"]
            assert remade(store) == found


@pytest.mark.parametrize("name", list(SCENARIOS))
def test_each_step_keeps_them(tmp_path: Path, name: str) -> None:
    with closing(build(tmp_path / "archive.db", [])) as store:
        crawl = store.connection.execute("SELECT max(id) FROM crawls").fetchone()[0]
        for step in SCENARIOS[name]:
            add(store, crawl, step)
            store.derive_pending()
            found = kept(store)
            assert remade(store) == found


def steps_with(*counts: int | None) -> list[Step]:
    return [
        page(hour, "a/", text="Q", questions=[question()], comments=count)
        for hour, count in enumerate(counts, 1)
    ]


def test_only_rises_are_rises(tmp_path: Path) -> None:
    with closing(build(tmp_path / "archive.db", steps_with(2, 5, None, 4, 4, 6))) as store:
        instants = [row[1] for row in kept(store)["comment_rises"]]
        counts = dict(
            store.connection.execute("SELECT observed_at, comment_count FROM comment_counts")
        )
        assert [counts[at] for at in instants] == [5, 6]


def test_a_tally_of_none_has_no_row(tmp_path: Path) -> None:
    waiting = page(1, "a/", text="Q", questions=[question()])
    answered = page(2, "a/", text="Q R", questions=[question(answer="R")])
    with closing(build(tmp_path / "archive.db", [waiting])) as store:
        assert "pending" in {row[0] for row in kept(store)["tallies"]}
        crawl = store.connection.execute("SELECT max(id) FROM crawls").fetchone()[0]
        add(store, crawl, answered)
        store.derive_pending()
        assert {row[0] for row in kept(store)["tallies"]} == {"answered", "articles"}


@pytest.mark.parametrize("version", [2, 3, 4, 5])
def test_an_older_database_gets_them(tmp_path: Path, version: int) -> None:
    steps = list(itertools.chain(*SCENARIOS.values()))
    with closing(build(tmp_path / "archive.db", steps)) as store:
        found = kept(store)
        gone = {2: SUMMARIES, 5: ()}.get(version, (CHAMBERS,))
        if version > 2:
            store.connection.execute('DROP INDEX "facets_legislature_status"')
            store.connection.execute("ALTER TABLE facets DROP COLUMN legislature")
        if version == 3:
            store.connection.execute("ALTER TABLE facets DROP COLUMN url")
        for table in gone:
            store.connection.execute(f'DROP TABLE "{table.name}"')
        store.connection.execute("DELETE FROM _sqlite_migrations WHERE name LIKE '0006%'")
        store.connection.execute(f"PRAGMA user_version = {version}")
        migrate(store.connection)
        assert kept(store) == found
