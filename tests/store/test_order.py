"""The derived tables are a function of the set of captures: neither their order, nor when rows
were derived, nor a second ingest makes a difference."""

import random
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archiver.store.compare import differences
from archiver.store.database import Store
from archiver.store.migrations import TABLES
from archiver.store.schema import SEARCHES
from tests.store.scenarios import ASKED, OTHER, SCENARIOS, WAITING
from tests.store.site import (
    Step,
    add,
    build,
    failed,
    home,
    later,
    leaf,
    line,
    listing,
    lost,
    moved,
    open_store,
    page,
    question,
)

EVERYTHING = [
    later(step, 20 * number) for number, steps in enumerate(SCENARIOS.values()) for step in steps
]


@contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as made:
        yield Path(made)


def sound(store: Store) -> None:
    """No dangling foreign key, search indexes equal to their tables, nothing left to derive."""
    assert store.connection.execute("PRAGMA foreign_key_check").fetchall() == []
    for search in SEARCHES:
        store.connection.execute(
            f'INSERT INTO "{search.name}" ("{search.name}", rank) VALUES (\'integrity-check\', 1)'
        )
    assert store.connection.execute("SELECT * FROM dirty").fetchall() == []


def assert_same(path: Path, one: Sequence[Step], other: Sequence[Step], every: int | None) -> None:
    with (
        closing(build(path / "one.db", one)) as first,
        closing(build(path / "other.db", other, every=every)) as second,
    ):
        assert differences(path / "one.db", path / "other.db") == []
        sound(first)
        sound(second)


@pytest.mark.parametrize("name", SCENARIOS)
def test_any_order_gives_the_same_rows(tmp_path: Path, name: str) -> None:
    steps = SCENARIOS[name]
    shuffled = random.Random(name)
    orders = [steps, steps[::-1], *(shuffled.sample(steps, len(steps)) for _ in range(3))]
    for number, (order, every) in enumerate(zip(orders, [1, 1, None, 1, 2], strict=True)):
        place = tmp_path / str(number)
        place.mkdir()
        assert_same(place, steps, order, every)


def test_twenty_orders_of_a_whole_site_give_one_database(tmp_path: Path) -> None:
    shuffled = random.Random(10)
    with closing(build(tmp_path / "ordered.db", EVERYTHING)):
        for number in range(20):
            path = tmp_path / f"{number}.db"
            order = shuffled.sample(EVERYTHING, len(EVERYTHING))
            with closing(build(path, order, every=shuffled.choice([None, 1, 7, 30]))) as store:
                assert differences(tmp_path / "ordered.db", path) == []
                sound(store)


paths = st.sampled_from(["a/", "b/", "c/", "en/a/", "en/b/", "?p=1", "?p=2", "A/"])
texts = st.sampled_from(["X", "Y", "Z"])
ids = st.sampled_from([None, 1, 1, 2])


def build_step(hour: int) -> st.SearchStrategy[Step]:
    pages = st.builds(
        page,
        st.just(hour),
        paths,
        post_id=ids,
        title=texts,
        text=texts,
        canonical=st.sampled_from([None, None, None, "a/", "b/", ""]),
        twin_of=st.sampled_from([None, None, None, "a/", "b/"]),
        comments=st.sampled_from([None, 0, 1, 2]),
        votes=st.sampled_from([None, 0, 1]),
        questions=st.sampled_from([(), (question(),), (question(answer="R"),)]),
        protected=st.sampled_from([False, False, False, True]),
    )
    leaves = st.builds(
        leaf,
        st.just(hour),
        st.sampled_from(["a/", "b/"]),
        st.integers(1, 3),
        st.just(3),
        st.sampled_from([ASKED[1], WAITING[0], WAITING[1], OTHER]),
        post_id=st.sampled_from([1, 1, 2]),
    )
    lines = st.builds(
        line,
        paths,
        source=st.sampled_from(["feed", "rest", "sitemap"]),
        post_id=ids,
        comments=st.sampled_from([None, 0, 1, 2]),
        modified_at=st.sampled_from([None, "2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z"]),
    )
    return st.one_of(
        pages,
        pages,
        pages,
        leaves,
        st.builds(lost, st.just(hour), paths),
        st.builds(moved, st.just(hour), paths, st.sampled_from(["a/", "b/", "c/", "list/", ""])),
        st.builds(failed, st.just(hour), paths),
        st.just(home(hour)),
        lines.map(lambda one: listing(hour, one)),
    )


histories = st.integers(2, 12).flatmap(
    lambda size: st.tuples(*(build_step(hour) for hour in range(1, size + 1)))
)


def check_random(steps: Sequence[Step], every: int | None, order: random.Random) -> None:
    with folder() as path:
        assert_same(path, steps, order.sample(steps, len(steps)), every)


EXAMPLES = settings(
    max_examples=30,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    database=None,
)


@EXAMPLES
@given(histories, st.sampled_from([None, 1, 2, 3]), st.randoms(use_true_random=False))
def test_any_order_of_any_history(
    steps: Sequence[Step], every: int | None, order: random.Random
) -> None:
    check_random(steps, every, order)


@pytest.mark.soak
@settings(EXAMPLES, max_examples=1_000, derandomize=False)
@given(histories, st.sampled_from([None, 1, 2, 3]), st.randoms(use_true_random=False))
def test_any_order_of_very_many_histories(
    steps: Sequence[Step], every: int | None, order: random.Random
) -> None:
    check_random(steps, every, order)


def test_the_same_captures_again_change_nothing(tmp_path: Path) -> None:
    with closing(build(tmp_path / "archive.db", EVERYTHING)) as store:
        before = contents(store)
        for step in EVERYTHING:
            add(store, 1, step)
        store.derive_pending()
        assert contents(store) == before


def test_deriving_everything_again_changes_nothing(tmp_path: Path) -> None:
    with closing(build(tmp_path / "archive.db", EVERYTHING)) as store:
        before = contents(store)
        with store.atomic():
            store.connection.execute("INSERT INTO dirty SELECT DISTINCT url_key FROM observations")
        store.derive_pending()
        assert contents(store) == before


def test_an_article_keeps_its_id_while_its_history_grows(tmp_path: Path) -> None:
    store, crawl_id = open_store(tmp_path / "archive.db")
    with closing(store):
        known: set[int] = set()
        for step in SCENARIOS["renamed twice"]:
            add(store, crawl_id, step)
            store.derive_pending()
            known |= {row[0] for row in store.connection.execute("SELECT id FROM articles")}
        assert len(known) == 1


def contents(store: Store) -> dict[str, list[str]]:
    return {
        table.name: sorted(map(repr, store.connection.execute(f'SELECT * FROM "{table.name}"')))
        for table in TABLES
    }
