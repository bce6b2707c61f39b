"""The feeds: RFC 4287 kept, valid when empty or hostile, in pages when long, IDs that stay."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from datasette.app import Datasette
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.publish.engine import build
from archiver.publish.site.out import atom, feeds
from archiver.store.migrations import ddl
from tests.publish import sample
from tests.publish.atom_rules import assert_atom
from tests.publish.browsing import look
from tests.publish.taken import ATOM, entries, feed_of, got, link_of

FEEDS = (
    "/changements.atom",
    "/changements.atom?changement=tous",
    "/recherche.atom?q=retraites&statut=repondue",
    "/recherche.atom?q=hostilité",
    "/recherche.atom?q=zzzz",
    "/changements.atom?changement=inconnu",
    "/questions.atom",
    "/ministres.atom?annee=2021",
    "/commentaires.atom",
    f"/article/{sample.SITE}/1242.atom",
    f"/article/{sample.SITE}/666.atom",
)


@pytest.mark.asyncio
@pytest.mark.parametrize("path", FEEDS)
async def test_a_feed_keeps_the_rules(site: Datasette, path: str) -> None:
    answer = await got(site, path)
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    root = feed_of(answer.text)
    assert_atom(root)
    assert link_of(root, "self") == str(answer.url)
    page = link_of(root, "alternate")
    assert page is not None
    await got(site, page)
    for item in root.findall(f"{ATOM}entry")[:2]:
        for relation in ("alternate", "via"):
            await got(site, link_of(item, relation) or "")


@pytest.mark.asyncio
async def test_an_archive_that_holds_nothing_has_a_valid_feed(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with closing(sqlite3.connect(path)) as connection:
        for statement in ddl():
            connection.execute(statement)
    for address in ("/changements.atom", "/recherche.atom?q=x", "/commentaires.atom"):
        root = feed_of((await got(build(path), address)).text)
        assert_atom(root)
        assert root.findall(f"{ATOM}entry") == []
        assert root.findtext(f"{ATOM}updated") == atom.NEVER


@pytest.mark.asyncio
async def test_a_long_feed_comes_in_pages(site: Datasette, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = await entries(site, "/changements.atom?changement=tous")
    monkeypatch.setattr(feeds, "ENTRIES", 60)
    assert await entries(site, "/changements.atom?changement=tous") == whole
    first = feed_of((await got(site, "/changements.atom?changement=tous")).text)
    assert link_of(first, "previous") is None
    second = feed_of((await got(site, link_of(first, "next") or "")).text)
    assert_atom(second)
    assert link_of(second, "previous") == link_of(second, "first") == link_of(first, "self")
    assert second.findtext(f"{ATOM}id") == first.findtext(f"{ATOM}id")
    said = second.findtext(f"{ATOM}subtitle") or ""
    assert re.findall(r"\d+", said) == [str(len(whole)), "61", "120"]
    beyond = feed_of((await got(site, "/changements.atom?changement=tous&page=99")).text)
    assert_atom(beyond)
    assert beyond.findall(f"{ATOM}entry") == []


@pytest.mark.asyncio
async def test_entries_are_told_in_french(site: Datasette) -> None:
    text = (await got(site, "/changements.atom?changement=tous")).text
    root = feed_of(text)
    told: dict[str, set[str]] = {}
    for item in root.findall(f"{ATOM}entry"):
        (category,) = item.findall(f"{ATOM}category")
        summary = (item.findtext(f"{ATOM}summary") or "").splitlines()[0]
        told.setdefault(category.get("term") or "", set()).add(re.sub(r"\d+", "N", summary))
    assert told["commentaires"] == {"De N à N\N{NO-BREAK SPACE}commentaires."}
    assert "Texte modifié (réponse N), de N à N\N{NO-BREAK SPACE}caractères." in told["texte"]
    assert "Question à : Ministre de l’intérieur." in told["nouveau"]
    assert "Nouvel article, vu ici pour la première fois." in told["nouveau"]
    assert "Réponse de : Ministre de l’Europe et des affaires étrangères." in told["reponse"]
    (gone,) = told["disparu"]
    assert gone.endswith("introuvable\N{NO-BREAK SPACE}» ; l’archive garde le texte.")


@pytest.mark.asyncio
async def test_the_feed_of_answers_takes_those_of_questions_that_waited(site: Datasette) -> None:
    soup = await look(site, "/recherche?genre=question&statut=sans-reponse")
    (link,) = soup.find_all("a", string="Réponses qui arrivent (Atom)")
    arrived = await entries(site, str(link["href"]))
    assert {entry.category for entry in arrived} == {"reponse"}
    assert await entries(site, "/recherche.atom?statut=sans-reponse&changement=reponse") == []


def test_what_xml_cannot_hold_is_replaced() -> None:
    assert_atom(feed_of(atom.write(_made("\x00\x0b\ufffe&<]]>\U0001f600")).decode()))


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=80))
def test_any_text_makes_a_feed(text: str) -> None:
    root = feed_of(atom.write(_made(f"t {text}")).decode())
    title = root.findtext(f"{ATOM}entry/{ATOM}title") or ""
    assert len(title.replace("\r", "\n")) <= len(text) + 2
    assert title.startswith("t")


def _made(text: str) -> atom.Feed:
    entry = atom.Entry(
        id=atom.tag("a.example:8080", text, "nouveau"),
        title=text,
        updated="2024-01-01T00:00:00.000000Z",
        page="http://localhost/article/a.example/1",
        original="https://a.example/1",
        proof="http://localhost/preuve/x",
        summary=text,
        category=("nouveau", text),
    )
    return atom.Feed(
        title=text,
        subtitle=text,
        address="http://localhost/changements.atom",
        here="http://localhost/changements.atom",
        page="http://localhost/changements",
        home="http://localhost/",
        updated=None,
        entries=(entry,),
    )
