"""What a journalist comes for, done as one would, at the width of a phone and of a desk. Nothing
fails on the way, and nothing leaves this machine.
"""

import csv
import io
import re
from datetime import UTC, datetime
from urllib.parse import urljoin
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visiting import clipboard, saved, search, total
from tests.publish.browsing import numbers

pytestmark = pytest.mark.browser
ATOM = "{http://www.w3.org/2005/Atom}"
LAST_YEAR = datetime.now(UTC).year - 1


def test_find_the_questions_a_minister_has_left_for_a_year(page: Page) -> None:
    search(page, f"statut:sans-réponse jusque:{LAST_YEAR}")
    everyone = total(page)
    office = page.locator(".facets section", has_text="Destinataire").get_by_role("link").first
    named = office.inner_text()
    office.click()
    expect(page).to_have_url(re.compile("ministre="))
    expect(page.locator(".chosen")).to_contain_text(named)
    assert 0 < total(page) < everyone
    statuses = page.locator(".hit .status").all_inner_texts()
    assert set(statuses) == {"Sans réponse"}
    for told in page.locator(".hit > .meta").all_inner_texts():
        assert int(re.findall(r"\d{4}", told)[0]) <= LAST_YEAR
    page.locator(".hit-title a").first.click()
    expect(page).to_have_url(re.compile("/article/"))
    expect(page.get_by_text("Pas encore de réponse.")).to_be_visible()


def test_see_what_changed_in_a_text(page: Page) -> None:
    page.get_by_role("link", name="voir la différence").first.click()
    expect(page.locator(".compared ins").first).to_be_visible()
    expect(page.get_by_role("heading", name="Chronologie")).to_be_visible()
    page.get_by_role("link", name="preuve").first.click()
    expect(page.get_by_role("link", name="Vérifier maintenant")).to_be_visible()


def test_cite_an_article(page: Page) -> None:
    page.get_by_role("heading", name="Les plus longues attentes").locator("..").get_by_role(
        "link"
    ).first.click()
    title = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("button", name="Copier").first.click()
    copied = clipboard(page)
    assert title in copied
    assert page.locator("#permalien").inner_text() in copied
    digest = page.locator(".proof code.digest").inner_text()
    assert re.fullmatch("[0-9a-f]{64}", digest)
    for name, sign in (("BibTeX", "@"), ("RIS", "TY  - "), ("CSL-JSON", "[")):
        text = saved(page, page.get_by_role("link", name=name, exact=True))
        assert text.startswith(sign)
        assert digest in text


def test_export_a_search_for_a_french_spreadsheet(page: Page) -> None:
    search(page, "train OU transport")
    found = total(page)
    exports = page.get_by_text("Exporter", exact=False).first
    exports.click()
    text = saved(page, page.get_by_role("link", name="CSV pour Excel").first)
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert len(rows) - 1 == found > 0
    shown = page.locator(".hit-title").all_inner_texts()
    assert {row[2] for row in rows[1:]} >= set(shown)


def test_follow_a_search(page: Page) -> None:
    search(page, "train")
    declared = page.locator("link[rel=alternate][type='application/atom+xml']").first
    feed = urljoin(page.url, str(declared.get_attribute("href")))
    answer = page.request.get(feed)
    assert answer.headers["content-type"].startswith("application/atom+xml")
    root = ElementTree.fromstring(answer.body())
    assert root.tag == f"{ATOM}feed"
    entries = root.findall(f"{ATOM}entry")
    assert entries
    link = entries[0].find(f"{ATOM}link[@rel='alternate']")
    assert link is not None
    page.goto(link.attrib["href"])
    expect(page.get_by_role("heading", name="Histoire")).to_be_visible()
    again = page.request.get(feed, headers={"if-none-match": answer.headers["etag"]})
    assert again.status == 304


def test_search_a_phrase_and_read_it_in_its_place(page: Page) -> None:
    search(page, '"de la santé"')
    assert total(page) > 0
    expect(page.locator(".hit mark").first).to_be_visible()
    page.locator(".hit-title a").first.click()
    expect(page).to_have_url(re.compile("/article/"))
    marked = " ".join(page.locator("main mark").all_inner_texts()).lower()
    assert "de la santé" in marked


def test_compare_ministers(page: Page) -> None:
    page.get_by_role("navigation", name="Rubriques").get_by_role("link", name="Ministres").click()
    page.get_by_role("link", name="Attente médiane").click()
    expect(page).to_have_url(re.compile("tri=attente"))
    waits = [
        numbers(text)[0] if numbers(text) else -1
        for text in page.locator(".ministers tbody td:nth-of-type(5)").all_inner_texts()
    ]
    assert waits == sorted(waits, reverse=True)
    assert waits[0] > 0
    page.get_by_label("Articles publiés en").select_option("2020")
    page.get_by_role("button", name="Afficher").click()
    expect(page).to_have_url(re.compile("annee=2020"))
    asked = page.locator(".ministers tbody tr").first.locator("td a").first
    expected = numbers(asked.inner_text())[0]
    asked.click()
    expect(page).to_have_url(re.compile("/recherche"))
    assert numbers(page.locator(".total").inner_text())[1] == expected
    expect(page.locator(".chosen")).to_contain_text("2020")


def test_find_what_readers_comment_most(page: Page) -> None:
    page.get_by_role("navigation", name="Rubriques").get_by_role(
        "link", name="Commentaires"
    ).click()
    counts = [
        numbers(text)[0]
        for text in page.locator("[aria-labelledby=plus] tbody td:nth-of-type(1)").all_inner_texts()
    ]
    assert counts == sorted(counts, reverse=True)
    page.locator("[aria-labelledby=plus] tbody th a").first.click()
    expect(page.get_by_role("heading", name="Commentaires")).to_be_visible()
    assert (
        numbers(page.locator("[aria-labelledby=commentaires] p").first.inner_text())[0] == counts[0]
    )


def test_count_a_list_of_terms_by_year(page: Page) -> None:
    page.get_by_role("navigation", name="Rubriques").get_by_role("link", name="Par lot").click()
    page.get_by_label("Termes, un par ligne").fill("train\nsoins\nministre:santé\nmot introuvable")
    page.get_by_role("button", name="Compter").click()
    lines = page.locator(".matrix tbody th").all_inner_texts()
    assert lines == ["train", "soins", "ministre:santé", "mot introuvable"]
    text = saved(page, page.get_by_role("link", name="CSV", exact=True))
    rows = list(csv.reader(io.StringIO(text)))
    assert [row[0] for row in rows[1:]] == lines
    cell = page.locator(".matrix td a").last
    expected = numbers(cell.inner_text())[0]
    cell.click()
    expect(page).to_have_url(re.compile("/recherche"))
    assert total(page) == expected


def test_prove_a_value(page: Page) -> None:
    page.get_by_role("navigation", name="Rubriques").get_by_role(
        "link", name="Commentaires"
    ).click()
    page.locator("[aria-labelledby=hausses-7] a").first.click()
    page.get_by_text("Les relevés", exact=True).click()
    page.locator("[aria-labelledby=commentaires] tbody a").first.click()
    page.get_by_role("link", name="Vérifier maintenant").click()
    expect(page.get_by_role("status")).to_contain_text("Intacte.")
    answer = page.request.get(urljoin(page.url + "/", "../verifier.json"))
    assert answer.json()["intact"] is True


def test_go_down_to_the_tables(page: Page) -> None:
    page.get_by_role("navigation", name="Rubriques").get_by_role("link", name="Données").click()
    page.get_by_role("link", name="Questions sans réponse").click()
    rows = page.locator("table.rows-and-columns tbody tr").count()
    page.get_by_role("navigation", name="Fil d’Ariane").get_by_role("link").click()
    page.get_by_role("link", name="Questions et réponses", exact=True).click()
    page.get_by_label("Colonne").select_option("status")
    page.get_by_label("Valeur").fill("pending")
    page.get_by_role("button", name="Filtrer").click()
    expect(page).to_have_url(re.compile("status"))
    assert total(page) == rows > 0
    page.locator("td.col-id a").first.click()
    page.get_by_role("link", name="Voir l’article").click()
    expect(page.locator("main").get_by_text("Sans réponse").first).to_be_visible()
