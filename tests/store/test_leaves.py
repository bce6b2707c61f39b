"""An article on several pages is one article: its text, its questions and its history are those of
all of its pages."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from archiver.store.database import Store
from archiver.store.selection import Selection
from archiver.store.withdrawal import captures_of_article, copy_without
from tests.store.scenarios import ANSWERED, ASKED, OTHER, SCENARIOS, WAITING
from tests.store.site import Step, at, build, home, leaf, lost, open_store, page

Rows = list[tuple[Any, ...]]
Tell = Callable[..., Callable[[str], Rows]]
STATUS = "SELECT status, answer FROM questions"
PROBLEMS = "SELECT kind, url, detail FROM problems"


@pytest.fixture
def tell(tmp_path: Path) -> Iterator[Tell]:
    stores: list[Store] = []

    def told(*steps: Step) -> Callable[[str], Rows]:
        stores.append(build(tmp_path / f"{len(stores)}.db", steps))
        return lambda sql: stores[-1].connection.execute(sql).fetchall()

    yield told
    for store in stores:
        store.close()


def test_the_answer_on_the_second_page_is_the_article_s(tell: Tell) -> None:
    ask = tell(leaf(1, "a/", 1, 2, *ASKED), leaf(2, "a/", 2, 2, *ANSWERED))
    assert ask(STATUS) == [("answered", ANSWERED[1])]
    assert ask("SELECT url, kind, body_text FROM articles") == [
        (at("a/"), "question", "\n\n".join(ASKED + ANSWERED))
    ]
    assert ask("SELECT captures.url FROM captures JOIN articles ON captures.id = capture_id") == [
        (at("a/"),)
    ]
    assert ask("SELECT kind FROM events") == [("new",)]
    assert ask(PROBLEMS) == []


def test_a_page_that_was_never_captured_leaves_the_answer_unknown(tell: Tell) -> None:
    ask = tell(leaf(1, "a/", 1, 3, *ASKED, *WAITING), leaf(2, "a/", 3, 3, OTHER))
    assert ask(STATUS) == [("unknown", None)]
    ((kind, url, detail),) = ask(PROBLEMS)
    assert (kind, url) == ("missing_leaf", at("a/"))
    assert f"--only {at('a/2/')}" in detail
    assert ask("SELECT body_text FROM articles") == [("\n\n".join((*ASKED, *WAITING, OTHER)),)]


def test_nothing_behind_a_missing_page_answers_a_question(tell: Tell) -> None:
    ask = tell(leaf(1, "a/", 1, 3, *ASKED), leaf(2, "a/", 3, 3, *ANSWERED))
    assert ask(STATUS) == [("unknown", None)]


def test_the_problem_goes_when_the_page_comes(tmp_path: Path) -> None:
    steps = [leaf(1, "a/", 1, 2, *ASKED), leaf(2, "a/", 2, 2, *ANSWERED)]
    with closing(build(tmp_path / "a.db", steps, every=1)) as store:
        assert store.connection.execute(PROBLEMS).fetchall() == []


def test_without_a_missing_page_pending_stays_pending(tell: Tell) -> None:
    ask = tell(leaf(1, "a/", 1, 2, *ASKED), leaf(2, "a/", 2, 2, *WAITING))
    assert ask(STATUS) == [("pending", None)]


def test_each_crawl_is_one_content(tell: Tell) -> None:
    ask = tell(*SCENARIOS["an answer on the second page"], home(7))
    assert ask("SELECT seen_at, last_seen_at FROM revisions ORDER BY seen_at") == [
        ("2024-01-01T01:00:00.000000Z",) * 2,
        ("2024-01-01T03:00:00.000000Z", "2024-01-01T05:00:00.000000Z"),
    ]
    assert ask("SELECT kind FROM events ORDER BY at") == [("new",), ("answered",)]
    assert ask("SELECT gone_at FROM articles") == [(None,)]


def test_a_further_page_captured_alone_tells_a_content_of_its_own(tell: Tell) -> None:
    ask = tell(
        leaf(1, "a/", 1, 2, *ASKED), leaf(2, "a/", 2, 2, *WAITING), leaf(9, "a/", 2, 2, *ANSWERED)
    )
    assert ask(STATUS) == [("answered", ANSWERED[1])]
    assert ask(
        "SELECT kind, url, at FROM events JOIN captures ON captures.id = capture_id ORDER BY at"
    ) == [
        ("new", at("a/"), "2024-01-01T01:00:00.000000Z"),
        ("answered", at("a/2/"), "2024-01-01T09:00:00.000000Z"),
    ]
    assert ask(
        "SELECT url, last_captured_at FROM articles JOIN captures USING (url)"
        " WHERE captures.id = capture_id"
    ) == [(at("a/"), "2024-01-01T01:00:00.000000Z")]


def test_the_first_page_may_be_gone_while_another_answers(tell: Tell) -> None:
    ask = tell(
        leaf(1, "a/", 1, 2, *ASKED),
        leaf(2, "a/", 2, 2, *WAITING),
        lost(3, "a/"),
        leaf(4, "a/", 2, 2, *ANSWERED),
        lost(5, "a/"),
    )
    assert ask("SELECT gone_at FROM articles") == [("2024-01-01T03:00:00.000000Z",)]


def test_an_article_that_is_on_one_page_again_has_no_other(tell: Tell) -> None:
    ask = tell(
        leaf(1, "a/", 1, 2, *ASKED), leaf(2, "a/", 2, 2, *WAITING), page(3, "a/", text="Tout.")
    )
    assert ask("SELECT body_text FROM articles") == [("Tout.",)]
    assert ask("SELECT count(*) FROM articles") == [(1,)]


def test_pages_that_only_lead_to_the_next_one_are_all_joined(tell: Tell) -> None:
    ask = tell(
        leaf(1, "a/", 1, 2, *ASKED), leaf(2, "a/", 2, 3, *ANSWERED), leaf(3, "a/", 3, 3, OTHER)
    )
    text = "\n\n".join((*ASKED, *ANSWERED, OTHER))
    assert ask("SELECT body_text FROM articles") == [(text,)]


def test_a_doubt_about_the_joined_text_is_told(tell: Tell) -> None:
    ask = tell(leaf(1, "a/", 1, 2, *ASKED, *ANSWERED), leaf(2, "a/", 2, 2, *ANSWERED))
    ((kind, _, detail),) = ask(PROBLEMS)
    assert kind == "joined_leaves"
    assert "Plusieurs réponses" in detail


def test_a_hand_over_and_a_withdrawal_take_all_pages(tmp_path: Path) -> None:
    steps = [
        leaf(1, "a/", 1, 2, *ASKED),
        leaf(2, "a/", 2, 2, *ANSWERED),
        page(3, "b/", post_id=2, title="Autre", text="Autre"),
    ]
    with closing(build(tmp_path / "a.db", steps)) as store:
        chosen = Selection(store.connection)
        chosen.add_article(at("a/"))
        assert len(chosen.ids()) == 2
        named = captures_of_article(store.connection, at("a/"))
        assert ANSWERED[1] in "".join(named.texts)
        assert len(named.records) == 2
        copy_without(store.connection, named.records, tmp_path / "b.db", tmp_path / "none.toml")
    copy, _ = open_store(tmp_path / "b.db")
    with closing(copy):
        assert copy.connection.execute("SELECT title FROM articles").fetchall() == [("Autre",)]
