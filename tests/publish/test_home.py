"""The home page says what the tables hold, and each of its numbers leads to as many rows."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from datasette.app import Datasette
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.publish.engine import build
from archiver.publish.site.periods import MOST_MONTHS, periods
from archiver.publish.site.queries import overview
from archiver.store.migrations import ddl
from archiver.store.summaries import summarise
from tests.publish import sample
from tests.publish.browsing import look, numbers


@pytest.fixture
def rows(database: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(database)) as connection:
        connection.row_factory = sqlite3.Row
        yield connection


@pytest.mark.asyncio
async def test_every_figure_leads_to_as_many_rows(site: Datasette) -> None:
    soup = await look(site, "/")
    figures = soup.select(".figures > li")
    assert len(figures) == 4
    for item in figures:
        figure, link = item.select_one(".figure"), item.select_one("a")
        assert figure is not None
        assert link is not None
        total = (await look(site, str(link["href"]))).select_one(".total")
        assert total is not None
        assert numbers(figure.get_text())[0] in numbers(total.get_text())
        assert numbers(figure.get_text())[0] > 0


@pytest.mark.asyncio
async def test_the_overdue_lead_to_as_many_questions(site: Datasette) -> None:
    link = (await look(site, "/")).select_one(".figures .note a")
    assert link is not None
    total = (await look(site, str(link["href"]))).select_one(".total")
    assert total is not None
    assert numbers(total.get_text())[1] == numbers(link.get_text())[0] > 0


@pytest.mark.asyncio
async def test_every_month_and_wait_leads_to_as_many_questions(site: Datasette) -> None:
    soup = await look(site, "/")
    months = soup.select("[aria-labelledby=par-mois] tbody tr")
    for row in [*months[:3], *months[-3:]]:
        link = row.select_one("a")
        assert link is not None
        total = (await look(site, str(link["href"]))).select_one(".total")
        assert total is not None
        counted = sum(int(cell.get_text()) for cell in row.select("td"))
        assert numbers(total.get_text())[1] == counted
        for number in row.select("td a"):
            rows = (await look(site, str(number["href"]))).select_one(".total")
            assert rows is not None
            assert numbers(rows.get_text())[1] == int(number.get_text())
    for row in soup.select(".bars tbody tr"):
        link, cell = row.select_one("a"), row.select_one(".num")
        assert link is not None
        assert cell is not None
        total = (await look(site, str(link["href"]))).select_one(".total")
        assert total is not None
        assert numbers(total.get_text())[-1] == numbers(cell.get_text())[0]


@pytest.mark.asyncio
async def test_the_waits_in_words_lead_to_their_answers(
    site: Datasette, rows: sqlite3.Connection
) -> None:
    soup = await look(site, "/")
    links = soup.select("[aria-labelledby=delais] p a[href*=attente]")
    counts = []
    for link in links:
        total = (await look(site, str(link["href"]))).select_one(".total")
        assert total is not None
        counts.append(numbers(total.get_text())[1])
    half, nine_tenths, unknown = counts
    (known,) = rows.execute(
        "select count(*) from questions where status = 'answered' and answered_on >= asked_on"
    ).fetchone()
    assert known / 2 <= half < known * 0.6
    assert known * 0.9 <= nine_tenths < known
    assert numbers(links[2].get_text()) == [unknown]


@pytest.mark.asyncio
async def test_each_bar_of_the_chart_has_its_line_in_the_table(site: Datasette) -> None:
    soup = await look(site, "/")
    bars = {str(a["href"]) for a in soup.select("svg a") if a.select("rect.bar")}
    lines = {str(a["href"]) for a in soup.select("[aria-labelledby=par-mois] tbody th a")}
    assert bars == lines
    assert all(a["tabindex"] == "-1" for a in soup.select("svg a"))
    counts = {
        str(row.select("th a")[0]["href"]): [int(cell.get_text()) for cell in row.select("td")]
        for row in soup.select("[aria-labelledby=par-mois] tbody tr")
    }
    for bar in soup.select("svg a:has(rect.bar)"):
        assert bar.title is not None
        hint = bar.title.get_text().partition(" : ")[2]
        assert [n for n in numbers(hint) if n] == [n for n in counts[str(bar["href"])] if n]


def test_overdue_is_beyond_two_months(rows: sqlite3.Connection) -> None:
    expected = sum(
        1
        for since in rows.execute(
            "select coalesce(asked_on, published_on) from questions join articles a on"
            " a.id = article_id where status = 'pending'"
        )
        if since[0] < "2024-01-15"
    )
    found = overview.figures(rows, sample.TODAY.isoformat())
    assert found.overdue == expected
    assert 0 < found.overdue < found.pending


def test_waits_are_counted_where_both_days_are_known(rows: sqlite3.Connection) -> None:
    days = sorted(
        (date.fromisoformat(end) - date.fromisoformat(start)).days
        for start, end in rows.execute(
            "select asked_on, answered_on from questions where status = 'answered'"
            " and asked_on is not null and answered_on is not null"
        )
    )
    found = overview.waits(rows)
    assert found.known == len(days) == sum(found.classes)
    assert found.classes[0] == sum(1 for wait in days if wait < 31)
    assert found.classes[-1] == sum(1 for wait in days if wait >= 365)
    assert found.median == days[-(-len(days) // 2) - 1]
    assert found.unknown > 0


@pytest.mark.asyncio
async def test_an_empty_archive_has_a_home_page(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with closing(sqlite3.connect(path)) as connection:
        for statement in ddl():
            connection.execute(statement)
    soup = await look(build(path), "/")
    assert "archiver crawl" in soup.get_text()
    assert not soup.select("svg.chart")


@pytest.mark.parametrize(
    ("day", "gone", "lead"),
    [
        (None, None, "1\xa0article conservés"),
        (
            "2024-01-02",
            "2024-01-15T06:00:00.000000Z",
            "1\xa0article publiés le 2\xa0janvier\xa02024,",
        ),
    ],
)
@pytest.mark.asyncio
async def test_one_article_is_told_in_french(
    tmp_path: Path, day: str | None, gone: str | None, lead: str
) -> None:
    path = tmp_path / "archive.db"
    seen = "2024-01-15T06:00:00.000000Z"
    with closing(sqlite3.connect(path)) as connection:
        for statement in ddl():
            connection.execute(statement)
        build_rows = sample.Builder(connection)
        build_rows.site()
        url = f"{sample.HOME}permanence/"
        capture = build_rows.capture(build_rows.crawl(date(2024, 1, 15)), url, seen)
        article = build_rows.insert(
            "articles",
            site_id=sample.SITE,
            url=url,
            title="La permanence",
            kind="news",
            published_on=day,
            categories="[]",
            tags="[]",
            body_text="Ouverte.",
            first_captured_at=seen,
            last_captured_at=seen,
            gone_at=gone,
            capture_id=capture,
        )
        for kind in ("retitled", "edited"):
            build_rows.insert("events", article_id=article, at=seen, kind=kind, capture_id=capture)
        summarise(connection)
        connection.commit()
    soup = await look(build(path), "/")
    text = soup.get_text(" ", strip=True)
    assert lead in soup.select(".lead")[0].get_text()
    assert "inconnue" not in text
    assert "– des questions" not in text
    assert "du site, gardé ici" in text
    assert len(soup.select("[aria-labelledby=nouveau] li:has(time)")) == 1


@settings(derandomize=True, deadline=None)
@given(st.lists(st.from_regex(r"[0-9]{4}-(0[1-9]|1[0-2])", fullmatch=True), max_size=30))
def test_periods_cover_every_month_and_stay_few(months: list[str]) -> None:
    found = periods(months)
    assert list(found) == sorted(set(found))
    assert len(found) <= MOST_MONTHS
    for month in months:
        assert any(month.startswith(key) for key in found)
