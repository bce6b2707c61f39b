"""The ratchet: fields right in each class of golden pages, which may only become more.

`quality.json` holds the floor and a digest of the pages it was measured on. When pages change, the
file is written anew and the test fails once, so that a person sees the figures.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.extract_pages.golden import Case, cases

FLOOR = Path(__file__).with_name("quality.json")


def leaves(data: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every field of nested data with its path; a list counts its items and its length."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from leaves(value, f"{path}/{key}")
    elif isinstance(data, list):
        yield f"{path}#", len(data)
        for number, item in enumerate(data):
            yield from leaves(item, f"{path}/{number}")
    else:
        yield path, data


def fields_right(case: Case) -> int:
    """How many of the expected fields the page gives exactly."""
    found = dict(leaves(case.facts()))
    return sum(found.get(path) == value for path, value in leaves(case.expected))


def digest(measured: list[Case]) -> str:
    """A digest over the pages and the expected facts."""
    whole = hashlib.sha256()
    for case in measured:
        whole.update(case.name.encode() + case.page.read_bytes() + case.answer.read_bytes())
    return whole.hexdigest()


def test_quality_only_rises() -> None:
    measured = [case for case in cases() if case.expected is not None]
    right: Counter[str] = Counter()
    for case in measured:
        right[case.page.parent.name] += fields_right(case)
    now = {"digest": digest(measured), "right": dict(sorted(right.items()))}
    floor: dict[str, Any] = (
        json.loads(FLOOR.read_text("utf-8")) if FLOOR.exists() else {"digest": "", "right": {}}
    )
    lost = {
        name: (count, right[name]) for name, count in floor["right"].items() if right[name] < count
    }
    if floor["digest"] == now["digest"]:
        assert not lost, f"fields right, before and now: {lost}"
        return
    FLOOR.write_text(json.dumps(now, indent=2) + "\n", encoding="utf-8")
    pytest.fail(f"the golden pages changed and quality.json was written: review it; fewer: {lost}")
