"""Each `cases/<case>.html` is an article's fragment, `<case>.json` what must be read in it.

Comments at the head of a fragment give what the page says around it: `title`, `slug`, and words of
a profile (`question_labels`, `answer_labels`, `pending_phrases`). A fragment without its JSON gets
one written, and the test fails until a person has reviewed it.
"""

import json
import re
from dataclasses import asdict
from pathlib import Path

import pytest

from archiver.extract.problems import KINDS
from archiver.extract.questions import Split, split
from archiver.profiles.model import Rules
from tests.extract_text.parsing import blocks_in

ARCHIVER = Path(__file__).parents[2] / "archiver"
CASES = sorted((Path(__file__).parent / "cases").glob("*.html"))


def split_case(path: Path) -> Split:
    html = path.read_text("utf-8")
    said = dict(re.findall(r"<!-- (\w+): (.*?) -->", html))
    rules = {
        name: tuple(said[name].split(" | "))
        for name in ("question_labels", "answer_labels", "pending_phrases")
        if name in said
    }
    return split(
        blocks_in(html),
        title=said.get("title", "Pêche en mer fictive"),
        slug=said.get("slug", ""),
        rules=Rules(**rules),
    )


def as_json(result: Split) -> dict[str, object]:
    return {
        "kind": result.kind,
        "problems": [problem.kind for problem in result.problems],
        "questions": [
            {name: value for name, value in asdict(question).items() if value is not None}
            for question in result.questions
        ],
        "rest": list(result.rest),
    }


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_fragment_is_read_as_expected(path: Path) -> None:
    result = as_json(split_case(path))
    expected = path.with_suffix(".json")
    if not expected.exists():
        expected.write_text(json.dumps(result, ensure_ascii=False, indent=2) + "\n", "utf-8")
        pytest.fail(f"review me: {expected}")
    assert result == json.loads(expected.read_text("utf-8"))


def test_each_doubt_about_a_text_has_a_case() -> None:
    met = {
        kind
        for path in CASES
        for kind in json.loads(path.with_suffix(".json").read_text("utf-8"))["problems"]
    }
    assert met == {
        "answer_before_question",
        "answer_without_question",
        "dates_disagree",
        "empty_question",
        "several_answers",
        "unconfirmed_labels",
        "unlabelled_answer",
        "unlabelled_question",
        "unpaired_question",
    }


def test_every_kind_of_problem_is_described() -> None:
    source = "".join(path.read_text("utf-8") for path in ARCHIVER.rglob("*.py"))
    reported = set(re.findall(r'\bProblem\(\s*"(\w+)"', source))
    assert reported
    assert reported <= set(KINDS)
