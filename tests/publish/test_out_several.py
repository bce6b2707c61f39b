"""Articles with several questions: each list counts what it lists, and names who is concerned."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from datasette.app import Datasette

from archiver.publish.engine import build
from archiver.store.migrations import ddl
from archiver.store.summaries import summarise
from tests.publish import sample
from tests.publish.browsing import look, numbers
from tests.publish.taken import as_json

HEALTH, HOME_OFFICE = sample.MINISTERS[2], sample.MINISTERS[7]


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One article that asks three questions of two ministers, and one that asks none."""
    path = tmp_path_factory.mktemp("several") / "archive.db"
    with closing(sqlite3.connect(path)) as connection:
        for statement in ddl():
            connection.execute(statement)
        build = sample.Builder(connection)
        build.site()
        crawl = build.crawl(sample.TODAY)
        at = sample.instant_on(sample.TODAY)
        for post, kind in ((1, "question"), (2, "news")):
            url = f"{sample.HOME}{post}/"
            article = build.insert(
                "articles",
                site_id=sample.SITE,
                url=url,
                post_id=post,
                title=f"Titre {post}",
                kind=kind,
                published_on=None if post == 2 else "2024-01-10",
                categories='["Santé", "=A | B"]',
                tags="[]",
                body_text="Texte des soins.",
                first_captured_at=at,
                last_captured_at=at,
                capture_id=build.capture(crawl, url, at),
            )
            asked = ((HEALTH, "answered"), (HOME_OFFICE, "pending"), (HEALTH, "pending"))
            for position, (addressee, status) in enumerate(asked if post == 1 else (), 1):
                build.insert(
                    "questions",
                    article_id=article,
                    position=position,
                    addressee=addressee,
                    status=status,
                    asked_on="2024-01-05" if position == 2 else None,
                    question=f"Question {position} sur les soins.",
                    answer="Oui." if status == "answered" else None,
                )
        for index in ("articles_fts", "questions_fts"):
            connection.execute(f"insert into {index} ({index}) values ('rebuild')")
        summarise(connection)
        connection.commit()
    return path


@pytest.fixture
def small(several: Path) -> Datasette:
    return build(several)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("query", "articles", "questions"),
    [
        ("", 2, 3),
        ("q=soins", 2, 3),
        ("genre=actualite", 1, 0),
        ("statut=sans-reponse", 1, 2),
        (f"ministre={HEALTH}", 1, 2),
        (f"ministre={HEALTH}&statut=sans-reponse", 1, 1),
        ("type=QE", 0, 0),
    ],
)
async def test_the_figures_agree(
    small: Datasette, query: str, articles: int, questions: int
) -> None:
    total = (await look(small, f"/recherche?{query}")).select_one(".total")
    assert total is not None
    assert numbers(total.get_text()) == [articles, *([questions] if questions else [])]
    listed = await as_json(small, f"/recherche.json?{query}")
    assert (listed["total"], listed["articles"], listed["questions"]) == (
        articles,
        articles,
        questions,
    )
    assert sum(row["questions"] for row in listed["lignes"]) == questions
    whole = await as_json(small, f"/questions.json?{query}")
    assert (whole["total"], len(whole["lignes"])) == (questions, questions)


@pytest.mark.asyncio
async def test_what_an_article_asks_is_told_once_each(small: Datasette) -> None:
    news, asking = (await as_json(small, "/recherche.json?tri=ancien"))["lignes"][::-1]
    assert asking["statuts"] == "repondue | sans-reponse"
    assert asking["destinataires"] == f"{HEALTH} | {HOME_OFFICE}"
    assert asking["categories"] == "Santé | =A | B"
    assert (news["statuts"], news["destinataires"], news["publie_le"]) == (None, None, None)
    rows = (await as_json(small, "/questions.json"))["lignes"]
    assert [row["position"] for row in rows] == [1, 2, 3]
    assert [row["page"].rsplit("#", 1)[1] for row in rows] == ["q1", "q2", "q3"]
    assert [row["echeance"] for row in rows] == ["2024-03-10", "2024-03-05", "2024-03-10"]
