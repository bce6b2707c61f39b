"""What the archive says is current, capture by capture."""

from collections.abc import Sequence
from contextlib import closing
from itertools import permutations
from pathlib import Path

import pytest

from archiver.extract.facts import Facts, Mention, Role
from tests.store.site import HOST, Step, at, build, failed, line, listing, lost, moved, page

OLD, NEW = "2024-01-01T08:00:00.000000Z", "2024-01-02T08:00:00.000000Z"


def says(modified_at: str, path: str = "a/") -> Mention:
    return line(path, source="rest", modified_at=modified_at)


def plain(hour: int, path: str) -> Step:
    return Step(hour, at(path), Facts(Role.PAGE))


@pytest.mark.parametrize(
    ("steps", "mention", "current"),
    [
        ([listing(1, says(OLD))], says(OLD), False),
        ([listing(1, says(OLD)), page(2, "a/")], says(OLD), True),
        ([listing(1, says(OLD)), page(2, "a/")], says(NEW), False),
        ([listing(1, says(OLD)), page(2, "a/"), listing(3, says(NEW))], says(NEW), False),
        ([page(1, "a/"), listing(2, says(OLD))], says(OLD), False),
        ([listing(1, says(OLD)), page(2, "a/"), listing(3, says(OLD))], says(OLD), True),
        ([listing(1, says(OLD)), failed(2, "a/")], says(OLD), False),
        ([listing(1, says(OLD)), page(2, "a/"), failed(3, "a/")], says(OLD), True),
        ([listing(1, says(OLD)), page(2, "a/"), lost(3, "a/")], says(OLD), False),
        ([listing(1, says(OLD)), moved(2, "a/", "b/"), page(3, "b/")], says(OLD), True),
        ([listing(1, says(OLD)), moved(2, "a/", "b/")], says(OLD), False),
        ([listing(1, says(OLD)), plain(2, "a/")], says(OLD), True),
        ([listing(1, line("a/", comments=3)), page(2, "a/")], line("a/", comments=3), True),
        ([listing(1, line("a/", comments=3)), page(2, "a/")], line("a/", comments=4), False),
    ],
    ids=[
        "listed only",
        "captured after the list",
        "edited, new to the archive",
        "edited, listed before",
        "captured before the list",
        "listed again",
        "never answered",
        "an outage since",
        "not found since",
        "a redirect followed",
        "a redirect not followed",
        "no article",
        "same count",
        "another count",
    ],
)
def test_an_article_is_current_when_captured_after_the_list_said_so(
    tmp_path: Path, steps: Sequence[Step], mention: Mention, current: bool
) -> None:
    with closing(build(tmp_path / "archive.db", steps)) as store:
        assert store.is_current(mention) is current


def test_a_listing_read_after_the_page_need_only_show_its_count(tmp_path: Path) -> None:
    steps = [page(1, "a/", comments=3)]
    with closing(build(tmp_path / "archive.db", steps)) as store:
        for count, current in ((3, True), (None, True), (4, False)):
            assert store.is_current(line("a/", source="listing", comments=count)) is current


def test_what_is_current_does_not_depend_on_the_order_of_captures(tmp_path: Path) -> None:
    steps = [listing(1, says(OLD)), page(2, "a/"), listing(3, says(OLD)), listing(4, says(NEW))]
    for number, order in enumerate(permutations(steps)):
        with closing(build(tmp_path / f"{number}.db", order)) as store:
            assert [store.is_current(says(when)) for when in (OLD, NEW)] == [True, False]


def test_pages_have_their_turn_by_their_last_answer_whatever_it_was(tmp_path: Path) -> None:
    steps = [page(1, "a/"), page(2, "b/", post_id=2), page(3, "c/", post_id=3)]
    steps += [plain(4, "a/"), failed(5, "b/")]
    with closing(build(tmp_path / "archive.db", steps)) as store:
        for before, stale in ((6, ["b/", "c/", "a/"]), (4, ["b/", "c/"]), (3, ["b/"]), (2, [])):
            instant = Step(before, "", Facts(Role.OTHER)).captured_at
            found = store.stalest_articles(HOST, 99, instant, 10)
            assert found == [at(path) for path in stale]
        assert store.stalest_articles(HOST, 99, "9999", 2) == [at("b/"), at("c/")]
