"""The rows that a history must give, one test a rule of the contract."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from archiver.store.database import Store
from tests.store.scenarios import SCENARIOS
from tests.store.site import (
    HOST,
    Step,
    at,
    build,
    failed,
    home,
    later,
    line,
    listing,
    lost,
    moved,
    page,
    question,
)

Query = Callable[..., list[tuple[Any, ...]]]


class Told:
    """A database made of captures, asked with SQL."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def __call__(self, sql: str) -> list[tuple[Any, ...]]:
        return self.store.connection.execute(sql).fetchall()

    def one(self, sql: str) -> tuple[Any, ...]:
        (row,) = self(sql)
        return row

    def events(self) -> list[tuple[str, str]]:
        """Kind and hour, in order."""
        return [
            (kind, when[11:13]) for kind, when in self("SELECT kind, at FROM events ORDER BY at")
        ]


@pytest.fixture
def tell(tmp_path: Path) -> Iterator[Callable[..., Told]]:
    stores: list[Store] = []

    def told(*steps: Step) -> Told:
        stores.append(build(tmp_path / f"{len(stores)}.db", steps))
        return Told(stores[-1])

    yield told
    for store in stores:
        store.close()


Teller = Callable[..., Told]


def urls(told: Told) -> list[str]:
    return [url for (url,) in told("SELECT url FROM articles ORDER BY url")]


def test_an_edit_and_its_undoing_are_three_revisions(tell: Teller) -> None:
    told = tell(*SCENARIOS["edited there and back"])
    rows = told("SELECT body_text, seen_at, last_seen_at FROM revisions ORDER BY seen_at")
    assert [(body, first[11:13], last[11:13]) for body, first, last in rows] == [
        ("A", "01", "01"),
        ("B", "02", "02"),
        ("A", "03", "04"),
    ]
    assert told.events() == [("new", "01"), ("edited", "02"), ("edited", "03")]
    assert told.one("SELECT count(DISTINCT content_digest) FROM revisions") == (2,)


def test_an_arrived_answer_is_no_edit_and_an_edited_answer_is(tell: Teller) -> None:
    told = tell(*SCENARIOS["answered, then the answer edited"])
    assert told.events() == [
        ("new", "01"),
        ("answered", "02"),
        ("edited", "03"),
        ("edited", "04"),
    ]
    parts = [
        json.loads(after)["parts"]
        for (after,) in told("SELECT after FROM events WHERE kind = 'edited' ORDER BY at")
    ]
    assert parts == [["answer 1"], ["questions"]]
    assert told("SELECT position, status, answer FROM questions ORDER BY position") == [
        (1, "answered", "R2"),
        (2, "pending", None),
    ]


def test_the_wait_says_what_it_is_counted_from(tell: Teller) -> None:
    told = tell(*SCENARIOS["answered, then the answer edited"])
    after = json.loads(told.one("SELECT after FROM events WHERE kind = 'answered'")[0])
    assert (after["days"], after["from"], after["to"]) == (0, "published_on", "seen")


def test_a_translation_never_changes_the_row(tell: Teller) -> None:
    told = tell(*SCENARIOS["translated"])
    assert told.one("SELECT url, title, body_text, comment_count FROM articles") == (
        at("a/"),
        "Titre",
        "Texte",
        1,
    )
    assert told.one("SELECT first_captured_at, last_captured_at FROM articles")[0][11:13] == "02"
    assert told("SELECT title FROM revisions") == [("Titre",)]
    assert told.events() == [("new", "02")]


def test_a_translation_stands_in_for_a_page_never_captured(tell: Teller) -> None:
    told = tell(*SCENARIOS["a translation only"])
    assert told.one("SELECT url, title, body_text FROM articles") == (
        at("en/a/"),
        "Title",
        "Text 2",
    )
    assert len(told("SELECT 1 FROM revisions")) == 2


def test_a_translation_is_known_by_post_id_and_slug_alone(tell: Teller) -> None:
    told = tell(page(1, "a/", text="Texte"), page(2, "en/a/", title="Title", text="Text"))
    assert told.one("SELECT url, body_text FROM articles") == (at("a/"), "Texte")


def test_short_links_are_aliases_and_no_bridge(tell: Teller) -> None:
    told = tell(*SCENARIOS["short links"])
    assert told("SELECT url, body_text FROM articles ORDER BY url") == [
        (at("a/"), "Texte"),
        (at("b/"), "Autre"),
    ]
    assert told("SELECT kind FROM events") == [("new",), ("new",)]


def test_a_renamed_article_keeps_its_history(tell: Teller) -> None:
    told = tell(*SCENARIOS["renamed twice"])
    assert told.one("SELECT url, comment_count, gone_at FROM articles") == (at("c/"), 3, None)
    assert told.events() == [
        ("new", "01"),
        ("renamed", "03"),
        ("edited", "06"),
        ("renamed", "06"),
    ]


def test_gone_needs_two_absences_and_an_answer_between(tell: Teller) -> None:
    told = tell(*SCENARIOS["gone and back"])
    assert [item for item in told.events() if item[0] in {"gone", "back"}] == [
        ("gone", "02"),
        ("back", "05"),
        ("gone", "06"),
    ]
    assert told.one("SELECT gone_at FROM articles WHERE post_id = 1")[0][11:13] == "06"


@pytest.mark.parametrize(
    "rest",
    [
        [lost(2, "a/"), home(3)],
        [lost(2, "a/"), lost(4, "a/")],
        [lost(2, "a/"), failed(3, ""), lost(4, "a/")],
        [failed(2, "a/", 500), home(3), failed(4, "a/", 500)],
        [moved(2, "a/", ""), home(3), moved(4, "a/", "")],
        [lost(2, "en/a/"), home(3), lost(4, "en/a/")],
    ],
    ids=["one", "no answer", "an outage", "5xx", "to the home page", "the translation's"],
)
def test_what_is_no_evidence_of_going(tell: Teller, rest: list[Step]) -> None:
    told = tell(page(1, "a/"), *rest)
    assert told.one("SELECT gone_at FROM articles") == (None,)
    assert told.events() == [("new", "01")]


def test_a_site_that_has_lost_all_articles_loses_none(tell: Teller) -> None:
    """When it shows articles again, what is not found is gone since the first time."""
    told = tell(*SCENARIOS["an outage of the articles alone"])
    assert [item for item in told.events() if item[0] in {"gone", "back"}] == [("gone", "05")]
    assert told.one("SELECT title FROM articles WHERE gone_at IS NOT NULL") == ("b",)


@pytest.mark.parametrize(("hours", "gone"), [(24, 0), (24 * 7, 3)])
def test_articles_are_gone_when_none_is_shown_for_a_week(
    tell: Teller, hours: int, gone: int
) -> None:
    steps = SCENARIOS["an outage of the articles alone"][:7]
    told = tell(*steps, *(later(step, hours) for step in steps[3:6]))
    assert told.one("SELECT count(gone_at) FROM articles") == (gone,)


def test_the_old_address_of_a_renamed_article_is_not_its_own(tell: Teller) -> None:
    told = tell(
        page(1, "a/"), moved(2, "a/", "b/"), page(3, "b/"), lost(4, "a/"), home(5), lost(6, "a/")
    )
    assert told.one("SELECT gone_at FROM articles") == (None,)


def test_a_slug_used_again_is_two_articles(tell: Teller) -> None:
    told = tell(*SCENARIOS["a slug used again"])
    assert told("SELECT url, title, comment_count FROM articles ORDER BY title") == [
        (at("?p=1"), "Ancien", 99),
        (at("a/"), "Nouveau", 4),
    ]
    assert told.one("SELECT url FROM problems WHERE kind = 'url_reused'") == (at("?p=1"),)
    assert told.one("SELECT gone_at FROM articles WHERE title = 'Ancien'")[0][11:13] == "02"


def test_a_replaced_post_is_gone_when_its_number_is_not_found(tell: Teller) -> None:
    replaced = SCENARIOS["a deleted post whose slug another takes over"]
    told = tell(*replaced, page(7, "c/", post_id=1, title="Plus tard", text="Autre"))
    assert told("SELECT title, substr(gone_at, 12, 2) FROM articles ORDER BY title") == [
        ("Ancien", "03"),
        ("Nouveau", None),
        ("Plus tard", None),
    ]
    assert [item for item in told.events() if item[0] == "gone"] == [("gone", "03")]


@pytest.mark.parametrize(("last", "asked"), [([], [at("?p=1")]), ([lost(4, "?p=1")], [])])
def test_a_replaced_post_is_asked_for_once_after_that(
    tell: Teller, last: list[Step], asked: list[str]
) -> None:
    earlier = [page(1, "a/", title="A", text="A"), moved(2, "?p=1", "a/")]
    told = tell(*earlier, page(3, "a/", post_id=7, title="N", text="N"), *last)
    assert told.store.replaced_articles(HOST) == asked


def test_a_renamed_post_is_one_whose_slug_another_has_taken(tell: Teller) -> None:
    told = tell(*SCENARIOS["a renamed post whose slug another takes over"])
    assert told("SELECT url, title FROM articles ORDER BY url") == [
        (at("a/"), "Nouveau"),
        (at("b/"), "Ancien"),
    ]
    assert sorted(kind for kind, _ in told.events()) == ["edited", "new", "new", "renamed"]


@pytest.mark.parametrize(
    "steps",
    [
        [page(1, "a/")],
        [page(1, "a/"), page(2, "c/", title="Autre", text="Autre")],
        [
            page(1, "a/"),
            page(2, "c/", title="C", text="C"),
            page(2, "a/", post_id=7, title="N", text="N"),
        ],
        [page(1, "a/"), page(2, "a/", post_id=501), page(2, "a/", post_id=7, title="N", text="N")],
    ],
    ids=["not replaced", "one ID on all pages", "one ID on two pages", "the ID of an older site"],
)
def test_a_number_not_found_tells_nothing_else(tell: Teller, steps: list[Step]) -> None:
    told = tell(*steps, lost(3, "?p=1"), home(4), lost(5, "?p=1"))
    assert told("SELECT url FROM articles WHERE gone_at IS NOT NULL") == []


def test_a_new_installation_is_the_same_article(tell: Teller) -> None:
    told = tell(*SCENARIOS["moved to a new installation"])
    assert told.one("SELECT url, post_id, body_text FROM articles") == (at("a/"), 501, "B")
    assert told.events() == [("new", "01"), ("edited", "03")]


def test_an_id_alone_joins_nothing(tell: Teller) -> None:
    told = tell(*SCENARIOS["an ID used again"])
    assert urls(told) == [at("a/"), at("b/")]


def test_a_redirect_to_another_post_joins_nothing(tell: Teller) -> None:
    told = tell(*SCENARIOS["a guessed redirect"])
    assert urls(told) == [at("plan-triennal/"), at("plan/")]


def test_a_redirect_is_followed_through_others(tell: Teller) -> None:
    told = tell(*SCENARIOS["a chain of redirects"])
    assert told.one("SELECT url, body_text FROM articles") == (at("b/"), "B")


def test_the_last_stated_modification_counts(tell: Teller) -> None:
    told = tell(*SCENARIOS["a modification taken back"])
    assert told.one("SELECT modified_at FROM articles") == ("2024-01-01T00:00:00Z",)


def test_a_translation_is_no_bridge(tell: Teller) -> None:
    told = tell(*SCENARIOS["a translation of two pages"])
    assert urls(told) == [at("a/"), at("b/")]


def test_a_plain_address_belongs_to_the_page_with_its_words(tell: Teller) -> None:
    told = tell(*SCENARIOS["plain addresses, then pretty ones, on a rebuilt site"])
    assert told("SELECT url, first_captured_at FROM articles ORDER BY url") == [
        (at("a/"), "2024-01-01T01:00:00.000000Z"),
        (at("b/"), "2024-01-01T05:00:00.000000Z"),
    ]


def test_the_short_link_of_a_replaced_article_may_be_taken(tell: Teller) -> None:
    told = tell(*SCENARIOS["a short link that is a page of its own"])
    assert told("SELECT url, title FROM articles ORDER BY title") == [
        (at("a/?p=1"), "Ancien"),
        (at("a/"), "Nouveau"),
        (at("?p=1"), "Page"),
    ]


def test_a_capture_without_id_belongs_to_the_life_with_its_words(tell: Teller) -> None:
    told = tell(*SCENARIOS["a slug used again, seen once without its ID"])
    assert told("SELECT title, first_captured_at FROM articles ORDER BY title") == [
        ("Ancien", "2024-01-01T01:00:00.000000Z"),
        ("Nouveau", "2024-01-01T02:00:00.000000Z"),
    ]


def test_a_line_speaks_of_the_post_whose_id_it_gives(tell: Teller) -> None:
    told = tell(*SCENARIOS["a redirect to the post that lists mean"])
    assert told("SELECT url, comment_count FROM articles ORDER BY url") == [
        (at("a/"), None),
        (at("c/"), 5),
    ]


def test_one_source_gives_one_count_at_an_instant(tell: Teller) -> None:
    told = tell(*SCENARIOS["one feed that names a post twice"])
    assert told("SELECT comment_count FROM comment_counts") == [(2,)]


def test_a_password_hides_the_text_and_keeps_the_last_one(tell: Teller) -> None:
    told = tell(*SCENARIOS["a password"])
    assert told.one("SELECT body_text, kind, comment_count, capture_id FROM articles") == (
        None,
        "question",
        3,
        5,
    )
    assert told("SELECT body_text FROM revisions ORDER BY seen_at") == [
        ("Q R",),
        (None,),
        ("Q R2",),
        (None,),
    ]
    parts = [
        json.loads(after)["parts"]
        for (after,) in told("SELECT after FROM events WHERE kind = 'edited' ORDER BY at")
    ]
    assert parts == [["protected"], ["unprotected", "answer 1"], ["protected"]]
    assert told("SELECT kind FROM problems") == [("protected",)]


def test_counts_keep_their_source_and_are_told_once(tell: Teller) -> None:
    told = tell(*SCENARIOS["counts of several sources"])
    assert told.one("SELECT comment_count, vote_count, rating, modified_at FROM articles") == (
        4,
        2,
        4.5,
        "2024-01-01T03:00:00Z",
    )
    assert told("SELECT source, comment_count FROM comment_counts ORDER BY observed_at") == [
        ("page", 1),
        ("feed", 3),
        ("rest", 2),
        ("page", 4),
        ("feed", 4),
        ("rest", 5),
    ]
    changes = told("SELECT before, after FROM events WHERE kind = 'comments' ORDER BY at")
    assert changes == [("1", "4")]
    votes = told.one("SELECT before, after FROM events WHERE kind = 'votes'")
    assert list(map(json.loads, votes)) == [
        {"votes": 0, "rating": None},
        {"votes": 2, "rating": 4.5},
    ]


def test_page_and_feed_tell_one_comment_once(tell: Teller) -> None:
    told = tell(
        page(1, "a/", comments=3),
        listing(2, line("a/", comments=3)),
        listing(3, line("a/", comments=4)),
        page(4, "a/", comments=4),
        listing(5, line("a/", comments=6)),
        page(6, "a/", comments=7),
        listing(7, line("a/", comments=7)),
    )
    changes = told("SELECT before, after FROM events WHERE kind = 'comments' ORDER BY at")
    assert changes == [("3", "4"), ("4", "6"), ("6", "7")]


def test_rest_counts_only_where_no_other_source_does(tell: Teller) -> None:
    told = tell(
        page(1, "a/"),
        listing(2, line("a/", source="rest", comments=2)),
        listing(3, line("a/", source="rest", comments=5)),
    )
    assert told.one("SELECT comment_count FROM articles") == (5,)
    assert told.one("SELECT before, after FROM events WHERE kind = 'comments'") == ("2", "5")


def test_unknown_is_null_and_zero_is_zero(tell: Teller) -> None:
    told = tell(page(1, "a/"), page(2, "b/", post_id=2, comments=0, text="B", title="B"))
    assert told("SELECT comment_count, vote_count, rating FROM articles ORDER BY url") == [
        (None, None, None),
        (0, None, None),
    ]
    assert told("SELECT comment_count FROM comment_counts") == [(0,)]


def test_a_list_makes_no_article(tell: Teller) -> None:
    told = tell(home(1), listing(2, line("a/", post_id=1, comments=1)))
    assert told("SELECT 1 FROM articles") == []


def test_a_cut_page_is_kept_and_not_derived(tell: Teller) -> None:
    told = tell(*SCENARIOS["a cut page"])
    assert told.one("SELECT body_text, capture_id FROM articles") == ("A", 1)
    assert told.one("SELECT kind, capture_id FROM problems") == ("truncated", 2)


def test_a_canonical_url_of_the_home_page_is_no_identity(tell: Teller) -> None:
    told = tell(*SCENARIOS["a canonical URL that is wrong"])
    assert urls(told) == [at("a/"), at("b/")]


def test_questions_follow_their_number_when_their_order_changes(tell: Teller) -> None:
    first, second = question(1), question(2)
    told = tell(
        page(1, "a/", questions=[first, second]),
        page(2, "a/", questions=[question(2, answer="R"), first]),
    )
    after = json.loads(told.one("SELECT after FROM events WHERE kind = 'answered'")[0])
    assert after["number"] == "1002"


def test_site_rows_show_what_profile_and_pages_state(tell: Teller) -> None:
    told = tell(home(1))
    assert told("SELECT id, name, platform, deputy FROM sites") == [
        ("claire-vasseur.example", "Claire Vasseur", "WordPress", "Claire Vasseur")
    ]
    assert told("SELECT site_id, chamber FROM chambers") == [("claire-vasseur.example", "AN")]
