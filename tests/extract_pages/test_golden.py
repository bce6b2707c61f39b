"""Every golden page gives exactly the facts that a person reviewed."""

import pytest

from tests.extract_pages.golden import Case, cases, written

CASES = cases()


def test_there_are_golden_pages() -> None:
    assert len(CASES) >= 35


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_page_gives_the_expected_facts(case: Case) -> None:
    if case.expected is None:
        case.answer.write_text(written(case), encoding="utf-8")
        pytest.fail(f"{case.answer.name} was written: review me")
    assert case.facts() == case.expected
