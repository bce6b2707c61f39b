"""The calendar of answers due: read back by the library, and the days that the law gives."""

import sqlite3
from contextlib import closing
from datetime import date, timedelta

import pytest
from datasette.app import Datasette
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from archiver.publish.site.deadlines import due_day
from archiver.publish.site.formats import addressee
from archiver.publish.site.search.filters import DEADLINE
from tests.publish.taken import as_json, got


async def calendar(site: Datasette, query: str = "") -> Calendar:
    answer = await got(site, f"/questions.ics?{query}")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    lines = answer.content.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 75
    read = Calendar.from_ical(answer.content)
    assert isinstance(read, Calendar)
    assert read.errors == []
    assert str(read["version"]) == "2.0"
    return read


@pytest.mark.asyncio
@pytest.mark.parametrize("query", ["", "q=retraites", "q=hostilité", "annee=2021", "q=zzzz"])
async def test_the_days_are_those_of_the_questions_that_wait(site: Datasette, query: str) -> None:
    read = await calendar(site, query)
    events = read.events
    rows = (await as_json(site, f"/questions.json?{query}"))["lignes"]
    expected = {
        row["page"]: row for row in rows if row["statut"] == "sans-reponse" and row["echeance"]
    }
    assert {str(event["url"]) for event in events} == set(expected)
    assert len({str(event["uid"]) for event in events}) == len(events)
    for event in events:
        row = expected[str(event["url"])]
        day = date.fromisoformat(row["echeance"])
        assert event.decoded("dtstart") == day
        assert event.decoded("dtend") == day + timedelta(days=1)
        assert str(event["summary"]) == f"Réponse attendue : {row['titre']}"
        assert row["adresse"] in str(event["description"])
        assert event.categories == [addressee(row["destinataire"])]
        assert event.decoded("dtstamp") is not None
    assert str(read["x-wr-caldesc"]).split()[0] == str(len(events))


@pytest.mark.asyncio
async def test_oral_questions_have_no_day_and_unknown_days_are_counted_from_the_article(
    site: Datasette,
) -> None:
    rows = (await as_json(site, "/questions.json"))["lignes"]
    oral = [row for row in rows if row["type"] == "QG"]
    assert oral
    assert {row["echeance"] for row in oral} == {None}
    undated = [row for row in rows if row["type"] == "QE" and row["posee_le"] is None]
    assert undated
    for row in undated:
        assert row["echeance"] == due_day(row["publie_le"])


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2023-11-20", "2024-01-20"),
        ("2023-12-31", "2024-02-29"),
        ("2022-12-29", "2023-02-28"),
        ("2024-12-01", "2025-02-01"),
        ("9999-12-01", None),
        ("2024-13-01", None),
        ("bientôt", None),
        (None, None),
    ],
)
def test_the_last_day_to_answer(asked: str | None, due: str | None) -> None:
    assert due_day(asked) == due


@settings(max_examples=150, derandomize=True, deadline=None)
@given(st.dates(date(1958, 1, 1), date(2100, 1, 1)), st.integers(min_value=-40, max_value=5))
def test_overdue_begins_the_day_after(asked: date, after: int) -> None:
    last = date.fromisoformat(due_day(asked.isoformat()) or "")
    today = last + timedelta(days=after)
    with closing(sqlite3.connect(":memory:")) as connection:
        (overdue,) = connection.execute(
            f"select :asked < {DEADLINE}",
            {"asked": asked.isoformat(), "today": today.isoformat()},
        ).fetchone()
    assert bool(overdue) == (today > last)
