"""A correction by hand replaces what the page says, and every reader can see that it did."""

from contextlib import closing
from pathlib import Path

import pytest

from archiver.errors import BadInput
from archiver.store.compare import differences
from archiver.store.corrections import read_corrections
from archiver.store.database import Store
from tests.store.site import Step, at, build, later, page, question

SIGNED = 'by = "Archiviste"\nwhy = "Date lue sur le Journal officiel"\non = 2024-05-01\n'
ENTRY = f"""
[[correction]]
url = "{at("a/")}"
{SIGNED}set = {{ published_on = 2019-11-22 }}

[[correction]]
url = "{at("A")}"
position = 1
{SIGNED}set = {{ answer = "La réponse", status = "answered", answered_on = "2019-12-03" }}

[[correction]]
url = "{at("a/")}"
position = 2
{SIGNED}set = {{ question = "Une seconde question", legislature = 15, number = "" }}
"""

PAGE = page(1, "a/", text="Q", questions=[question()])


def write(folder: Path, text: str) -> None:
    (folder / "corrections.toml").write_text(text, encoding="utf-8")


def question_rows(store: Store) -> list[tuple[object, ...]]:
    return store.connection.execute(
        "SELECT position, question, answer, status, answered_on, number FROM questions ORDER BY 1"
    ).fetchall()


CORRECTED = [
    (1, "Question ?", "La réponse", "answered", "2019-12-03", "1001"),
    (2, "Une seconde question", None, "unknown", None, None),
]


def test_values_are_replaced_and_the_page_stays_in_the_history(tmp_path: Path) -> None:
    write(tmp_path, ENTRY)
    with closing(build(tmp_path / "archive.db", [PAGE])) as store:
        assert question_rows(store) == CORRECTED
        assert store.connection.execute("SELECT published_on FROM articles").fetchone() == (
            "2019-11-22",
        )
        (kept,) = store.connection.execute("SELECT questions FROM revisions").fetchone()
        assert '"answer":null' in kept
        assert store.connection.execute("SELECT kind FROM events").fetchall() == [("new",)]


def test_readers_see_what_was_corrected_by_whom_and_why(tmp_path: Path) -> None:
    write(tmp_path, ENTRY)
    with closing(build(tmp_path / "archive.db", [PAGE])) as store:
        rows = store.connection.execute(
            "SELECT position, field, before, after, corrected_by, reason, corrected_on"
            " FROM corrections ORDER BY position, field"
        ).fetchall()
    signed = ("Archiviste", "Date lue sur le Journal officiel", "2024-05-01")
    assert rows == [
        (None, "published_on", "2024-01-01", "2019-11-22", *signed),
        (1, "answer", None, "La réponse", *signed),
        (1, "answered_on", None, "2019-12-03", *signed),
        (1, "status", "pending", "answered", *signed),
        (2, "legislature", None, "15", *signed),
        (2, "number", None, None, *signed),
        (2, "question", None, "Une seconde question", *signed),
    ]


def test_a_correction_added_later_gives_the_same_rows(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
    write(first, ENTRY)
    build(first / "archive.db", [PAGE, later(PAGE, 5)]).close()
    build(second / "archive.db", [PAGE]).close()
    write(second, ENTRY)
    build(second / "archive.db", [later(PAGE, 5)]).close()
    assert differences(first / "archive.db", second / "archive.db") == []


def test_a_correction_taken_back_is_forgotten(tmp_path: Path) -> None:
    write(tmp_path, ENTRY)
    build(tmp_path / "archive.db", [PAGE]).close()
    write(tmp_path, "")
    with closing(build(tmp_path / "archive.db", [])) as store:
        assert question_rows(store) == [(1, "Question ?", None, "pending", None, "1001")]
        assert store.connection.execute("SELECT * FROM corrections").fetchall() == []


def test_a_correction_follows_a_renamed_article(tmp_path: Path) -> None:
    write(tmp_path, ENTRY)
    renamed: list[Step] = [PAGE, page(2, "b/", canonical="b/", text="Q", questions=[question()])]
    moved_there = page(3, "a/", canonical="b/", text="Q", questions=[question()])
    with closing(build(tmp_path / "archive.db", [*renamed, moved_there])) as store:
        assert store.connection.execute("SELECT url, published_on FROM articles").fetchall() == [
            (at("b/"), "2019-11-22")
        ]


def test_a_correction_of_no_article_is_a_problem(tmp_path: Path) -> None:
    write(tmp_path, ENTRY)
    path = tmp_path / "archive.db"
    problems = "SELECT url, kind, capture_id FROM problems"
    with closing(build(path, [page(1, "b/")])) as store:
        assert store.connection.execute(problems).fetchall() == [
            (at("a/"), "correction_unused", None)
        ]
    with closing(build(path, [page(2, "a/", post_id=2, title="A", text="A")])) as store:
        assert store.connection.execute(problems).fetchall() == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[[correction", "cannot be read"),
        ("[other]\na = 1", "more than"),
        ("correction = [1]", "more than"),
        ("[[correction]]\nurl = 'a'", "'by'"),
        (f"[[correction]]\nurl = 'a'\n{SIGNED}set = {{ title = 'T' }}", "'url'"),
        (f"[[correction]]\nurl = 'https://a/'\n{SIGNED}", "'set'"),
        (f"[[correction]]\nurl = 'https://a/'\n{SIGNED}set = {{ titel = 'T' }}", "'titel'"),
        (f"[[correction]]\nurl = 'https://a/'\n{SIGNED}set = {{ answer = 'R' }}", "'answer'"),
        (f"[[correction]]\nurl = 'https://a/'\n{SIGNED}set = {{ kind = 'poem' }}", "question"),
        (f"[[correction]]\nurl = 'https://a/'\n{SIGNED}set = {{ title = '' }}", "'title'"),
        (
            f"[[correction]]\nurl = 'https://a/'\n{SIGNED}set = {{ published_on = 'hier' }}",
            "'published_on'",
        ),
        (
            f"[[correction]]\nurl = 'https://a/'\n{SIGNED}position = 0\nset = {{ answer = 'R' }}",
            "'position'",
        ),
        (
            f"[[correction]]\nurl = 'https://a'\n{SIGNED}position = 1\nset = {{legislature = 'x'}}",
            "'legislature'",
        ),
        (
            "[[correction]]\nurl = 'https://a/'\nby = 'x'\nwhy = 'y'\nset = { title = 'T' }",
            "'on'",
        ),
        (
            f"[[correction]]\nurl = 'https://a/'\n{SIGNED}who = 'x'\nset = {{ title = 'T' }}",
            "'who'",
        ),
    ],
)
def test_a_bad_file_is_one_sentence(tmp_path: Path, text: str, named: str) -> None:
    write(tmp_path, text)
    with pytest.raises(BadInput) as caught:
        read_corrections(tmp_path / "corrections.toml")
    assert named in str(caught.value)
    assert "\n" not in str(caught.value)
    with pytest.raises(BadInput):
        Store.open(tmp_path / "archive.db")
