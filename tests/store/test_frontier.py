"""The frontier gives out each target once, best first, and loses none to a kill."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archiver.store.database import Store
from archiver.store.frontier import BATCH, Frontier, FrontierCounts, Left, Target
from archiver.store.model import CrawlEnd
from tests.store.site import HOST, add, at, open_store, page


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened, _ = open_store(tmp_path / "archive.db")
    yield opened
    opened.close()


@pytest.fixture
def frontier(store: Store) -> Frontier:
    return Frontier(store, 1)


def target(key: str, priority: int = 0) -> Target:
    return Target(at(key), key, "page", priority)


def keys(frontier: Frontier) -> list[str]:
    found = []
    while popped := frontier.pop():
        found.append(popped.key)
    return found


def test_highest_priority_first_then_the_oldest(frontier: Frontier) -> None:
    for key, priority in (("a", 0), ("b", 5), ("c", 0), ("d", 5), ("e", -1)):
        assert frontier.add(target(key, priority))
    assert keys(frontier) == ["b", "d", "a", "c", "e"]
    assert not frontier.has_pending()


def test_a_better_target_added_late_comes_first(frontier: Frontier) -> None:
    for number in range(2 * BATCH):
        frontier.add(target(f"{number:03}"))
    first = frontier.pop()
    assert first is not None
    assert first.key == "000"
    frontier.add(target("asset", -1))
    frontier.add(target("article", 9))
    assert keys(frontier) == ["article", *(f"{n:03}" for n in range(1, 2 * BATCH)), "asset"]


def test_a_key_is_asked_for_once(frontier: Frontier) -> None:
    assert frontier.add(target("a"))
    assert not frontier.add(replace(target("a"), url=at("A")))
    popped = frontier.pop()
    assert popped is not None
    assert not frontier.add(target("a"))
    frontier.done(popped.id)
    assert not frontier.add(target("a"))
    assert frontier.counts() == FrontierCounts(0, 1, 0, 0)


def test_what_failed_is_not_done_because_its_answer_was_read(frontier: Frontier) -> None:
    """The page of a 503 is kept, too, and its reading ends after the failure was noted."""
    frontier.add(target("a"))
    popped = frontier.pop()
    assert popped is not None
    frontier.failed(popped.id, "HTTP 503")
    frontier.finish(popped.id, [])
    frontier.settle()
    assert frontier.counts() == FrontierCounts(0, 0, 1, 0)
    assert list(frontier.failures()) == [Left(at("a"), "HTTP 503")]


def test_one_page_that_always_fails_does_not_make_every_crawl_a_full_one(store: Store) -> None:
    frontier = Frontier(store, 1)
    for key in "ab":
        frontier.add(target(key))
    first, second = frontier.pop(), frontier.pop()
    assert first is not None
    assert second is not None
    frontier.failed(first.id, "HTTP 500")
    store.finish_crawl(1, CrawlEnd("2024-01-02T00:00:00.000000Z", "incomplete", pages=1))
    assert not store.walked_whole(HOST)
    frontier.done(second.id)
    assert store.walked_whole(HOST)


def test_again_asks_once_more(frontier: Frontier) -> None:
    frontier.add(target("a"))
    assert not frontier.add(target("a"), again=True)
    first = frontier.pop()
    assert first is not None
    assert frontier.add(target("a"), again=True)
    retried = frontier.pop()
    assert retried == first
    frontier.done(first.id)
    assert frontier.add(target("a"), again=True)
    second = frontier.pop()
    assert second is not None
    assert second.id != first.id
    frontier.failed(second.id, "503")
    assert frontier.add(target("a"), again=True)
    assert frontier.counts() == FrontierCounts(1, 1, 1, 0)


def test_everything_of_a_target_comes_back(frontier: Frontier) -> None:
    asked = Target(
        at("a/"), "a", "article", 3, 2, at("list/"), "LL", "parse", {"source": ["rest", "été"]}
    )
    frontier.add(asked)
    popped = frontier.pop()
    assert popped is not None
    assert replace(popped, id=0) == asked


def test_what_was_popped_and_not_done_is_given_out_after_a_restart(store: Store) -> None:
    frontier = Frontier(store, 1)
    for key in "abc":
        frontier.add(target(key))
    first = frontier.pop()
    assert first is not None
    assert frontier.pop()
    frontier.done(first.id)
    assert keys(Frontier(store, 1)) == ["b", "c"]
    assert store.resumable_crawl("claire-vasseur.example") == 1


def test_what_was_captured_and_not_followed_up_comes_with_its_capture(store: Store) -> None:
    frontier = Frontier(store, 1)
    frontier.add(target("a"))
    popped = frontier.pop()
    assert popped is not None
    with store.atomic():
        capture_id = add(store, 1, page(1, "a/"))
        frontier.captured(popped.id, capture_id)
    again = Frontier(store, 1).pop()
    assert again is not None
    assert again.capture_id == capture_id
    frontier.done(popped.id)
    assert Frontier(store, 1).pop() is None


def finish_and_fail(store: Store, frontier: Frontier, target_id: int) -> None:
    with store.atomic():
        frontier.done(target_id, add(store, 1, page(1, "a/")))
        raise RuntimeError


def test_done_and_the_capture_are_one_transaction(store: Store) -> None:
    frontier = Frontier(store, 1)
    frontier.add(target("a"))
    popped = frontier.pop()
    assert popped is not None
    with pytest.raises(RuntimeError):
        finish_and_fail(store, frontier, popped.id)
    assert store.connection.execute("SELECT count(*) FROM captures").fetchone() == (0,)
    assert keys(frontier) == ["a"]


def popped(frontier: Frontier, first: int | None = None) -> Target:
    found = frontier.pop(first)
    assert found is not None
    return found


def test_what_a_page_led_to_is_recorded_with_the_next_capture(
    store: Store, frontier: Frontier
) -> None:
    for key in ("a", "b"):
        frontier.add(target(key))
    frontier.finish(popped(frontier).id, [target("c"), target("b")])
    assert frontier.counts() == FrontierCounts(2, 0, 0, 0)
    assert keys(Frontier(store, 1)) == ["a", "b"]
    with store.atomic():
        frontier.settle()
    assert frontier.counts() == FrontierCounts(2, 1, 0, 0)
    assert keys(frontier) == ["b", "c"]


def test_nothing_recorded_later_changes_the_order(frontier: Frontier) -> None:
    for key in ("a", "b"):
        frontier.add(target(key))
    frontier.finish(popped(frontier).id, [target("better", 5), target("worse", -1)])
    assert keys(frontier) == ["better", "b", "worse"]
    assert not frontier.has_pending()


def test_lists_are_read_before_what_may_have_to_wait_for_them(frontier: Frontier) -> None:
    for key, priority in (("list", 9), ("a", 0), ("b", 0)):
        frontier.add(target(key, priority))
    reading = popped(frontier, first=9)
    assert frontier.pop(first=9) is None
    frontier.finish(reading.id, [])
    assert popped(frontier, first=9).key == "a"


def test_crawls_do_not_share_targets(store: Store, frontier: Frontier) -> None:
    other = Frontier(store, 1)
    frontier.add(target("a"))
    assert other.counts().pending == 1
    store.connection.execute(
        "INSERT INTO crawls (id, site_id, source, started_at)"
        " VALUES (2, 'claire-vasseur.example', 'live', '2024-02-01T00:00:00.000000Z')"
    )
    assert Frontier(store, 2).pop() is None
    assert Frontier(store, 2).add(target("a"))


def test_reports_say_what_was_left(frontier: Frontier) -> None:
    frontier.add(target("a"))
    popped = frontier.pop()
    assert popped is not None
    frontier.failed(popped.id, "no answer")
    frontier.skipped(at("admin"), "robots.txt")
    frontier.skipped(at("admin"), "robots.txt")
    assert list(frontier.failures()) == [Left(at("a"), "no answer")]
    assert list(frontier.failures("article")) == []
    assert list(frontier.left_aside()) == [Left(at("admin"), "robots.txt")]
    assert frontier.counts().skipped == 1


KILLED = """
import os, signal, sys
from pathlib import Path
from archiver.store.frontier import Frontier, Target
from archiver.store.model import CrawlEnd
from tests.store.site import HOST, add, at, open_store, page

store, crawl = open_store(Path(sys.argv[1]))
frontier = Frontier(store, crawl)
with store.atomic():
    for number in range(40):
        frontier.add(Target(at(f"{number}/"), str(number), "article"))
for count in range(int(sys.argv[2])):
    popped = frontier.pop()
    with store.atomic():
        step = page(count + 1, f"{popped.key}/", post_id=count + 1, title=popped.key)
        frontier.done(popped.id, add(store, crawl, step))
frontier.pop()
with store.atomic():
    add(store, crawl, page(500, "torn/"))
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("captured", [0, 1, 25])
def test_a_kill_loses_no_target_and_no_fact(tmp_path: Path, captured: int) -> None:
    path = tmp_path / "archive.db"
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(path), str(captured)],
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert ended.returncode == -signal.SIGKILL
    store = Store.open(path)
    try:
        frontier = Frontier(store, 1)
        assert frontier.counts() == FrontierCounts(40 - captured, captured, 0, 0)
        assert len(keys(frontier)) == 40 - captured
        assert store.connection.execute("SELECT count(*) FROM articles").fetchone() == (0,)
        store.derive_pending()
        titles = store.connection.execute("SELECT title FROM articles").fetchall()
        assert len(titles) == captured
        assert ("torn",) not in titles
    finally:
        store.close()
