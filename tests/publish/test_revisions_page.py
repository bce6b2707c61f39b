"""The states of an article: both texts are in the difference, and the timeline is complete."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from datasette.app import Datasette

from archiver.publish.site.pages.revisions import is_silent
from archiver.publish.site.queries.revisions import Revision
from tests.publish import sample
from tests.publish.browsing import look


@pytest.fixture
def edited(database: Path) -> tuple[str, list[str]]:
    """The address of an edited article, and its texts in order."""
    with closing(sqlite3.connect(database)) as connection:
        article, post_id = connection.execute(
            "select id, post_id from articles where kind = 'question' and id in"
            " (select article_id from events where kind = 'edited') order by id limit 1"
        ).fetchone()
        texts = connection.execute(
            "select body_text from revisions where article_id = ? order by seen_at", (article,)
        ).fetchall()
    return f"/revisions/{sample.SITE}/{post_id}", [text for (text,) in texts]


@pytest.mark.asyncio
async def test_the_difference_holds_both_texts(
    site: Datasette, edited: tuple[str, list[str]]
) -> None:
    path, texts = edited
    soup = await look(site, path)
    shown = soup.select_one(".difference")
    assert shown is not None
    removed = [element.extract().get_text() for element in shown.select("del")]
    assert removed
    assert " ".join(shown.get_text().split()) == " ".join(texts[1].split())
    assert len(soup.select(".timeline li")) == len(texts) == 2
    assert soup.select_one(".timeline .status-pending") is not None


@pytest.mark.asyncio
async def test_the_difference_is_data_too(site: Datasette, edited: tuple[str, list[str]]) -> None:
    path, texts = edited
    soup = await look(site, path)
    (link,) = soup.select('main a[href*=".json"]')
    answer = await site.client.get(str(link["href"]))
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    found = answer.json()
    assert [state["body_text"] for state in found["states"]] == texts
    for left_out, text in zip(("added", "removed"), texts, strict=True):
        pieces = found["comparison"]["text"]
        assert "".join(p["text"] for p in pieces if p["kind"] != left_out) == text
    assert "removed" in {piece["kind"] for piece in found["comparison"]["text"]}
    assert (await site.client.get(f"/revisions/{sample.SITE}/999999.json")).status_code == 404


@pytest.mark.asyncio
@pytest.mark.parametrize("query", ["?de=x&a=y", "?de=&a=", "?a=2024-01-15T06:00:00.000000Z"])
async def test_states_that_are_not_there_are_no_error(
    site: Datasette, edited: tuple[str, list[str]], query: str
) -> None:
    await look(site, edited[0] + query)


@pytest.mark.asyncio
async def test_one_state_says_that_nothing_changed(site: Datasette) -> None:
    soup = await look(site, f"/revisions/{sample.SITE}/1207")
    assert "un seul état" in soup.get_text()
    assert not soup.select("del, ins")


@pytest.mark.parametrize(
    ("before", "after", "silent"),
    [
        ("Un texte.", "Un autre texte.", True),
        ("Un texte.", "Un autre texte. Mis à jour le 3 mai.", False),
        ("Un texte.", "Un texte.", False),
        (None, "Un texte.", None),
        ("Un texte.", None, None),
    ],
)
def test_a_silent_change_is_one_without_a_word_about_it(
    before: str | None, after: str | None, silent: bool | None
) -> None:
    old, new = (Revision("", "", "Titre", text, "", "", "") for text in (before, after))
    assert is_silent(old, new) is silent
