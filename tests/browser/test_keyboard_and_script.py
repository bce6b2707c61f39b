"""The site with the keyboard alone, without script, and what a script adds to it."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Served, Watched
from tests.browser.visiting import clipboard, focused, search, tab_to

pytestmark = pytest.mark.browser


def test_search_and_read_with_the_keyboard_alone(page: Page) -> None:
    tab_to(page, focused("Aller au contenu"))
    page.keyboard.press("Enter")
    tab_to(page, lambda page: page.evaluate("document.activeElement.type") == "search")
    page.keyboard.type("soins")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_be_visible()
    title = page.locator(".hit-title a").first.inner_text()
    tab_to(page, focused(title))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.locator("main mark").first).to_be_visible()


def test_prove_and_cite_with_the_keyboard_alone(page: Page) -> None:
    tab_to(page, focused("sans réponse"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_be_visible()
    tab_to(page, focused(page.locator(".hit-title a").first.inner_text()))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/article/"))
    tab_to(page, focused("Copier"))
    page.keyboard.press("Enter")
    expect(page.locator("[aria-live=polite]", has_text="Copié").first).to_be_visible()
    assert page.get_by_role("heading", level=1).inner_text() in clipboard(page)
    tab_to(page, focused("Octets, empreintes et vérification"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/preuve/"))
    tab_to(page, focused("Vérifier maintenant"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Intacte.")


def test_brush_the_months(watched: Watched, served_demo: Served) -> None:
    page = watched.page
    page.goto(f"{served_demo.reading}/recherche")
    columns = page.locator(".histogram a[data-key]")
    first, last = columns.nth(10), columns.nth(24)
    start, end = first.bounding_box(), last.bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] - 8)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] - 8, steps=8)
    keys = [str(column.get_attribute("data-key")) for column in (first, last)]
    assert columns.nth(12).get_attribute("class") == "brushed"
    with page.expect_navigation():
        page.mouse.up()
    assert f"du={keys[0]}&au={keys[1]}" in page.url
    assert page.locator(".chosen li").count() == 2
    assert watched.errors == []


def test_a_chart_shows_its_newest_end(page: Page) -> None:
    chart = page.locator(".chart").first
    assert chart.evaluate("box => box.scrollWidth - box.clientWidth - box.scrollLeft") < 1


def test_everything_but_copying_works_without_script(
    chromium: Browser, served_demo: Served
) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    page.goto(served_demo.reading)
    search(page, "train")
    page.get_by_role("button", name="Garder cette période").click()
    expect(page.locator(".chosen li")).to_have_count(2)
    page.locator(".hit-title a").first.click()
    expect(page.locator("main mark").first).to_be_visible()
    expect(page.get_by_role("button", name="Copier")).to_have_count(0)
    page.goto(f"{served_demo.reading}/lot")
    page.get_by_label("Termes, un par ligne").fill("train\nsoins")
    page.get_by_role("button", name="Compter").click()
    expect(page.locator(".matrix tbody tr")).to_have_count(2)
    page.goto(f"{served_demo.reading}/archive/questions")
    page.get_by_label("Colonne").select_option("status")
    page.get_by_label("Valeur").fill("pending")
    page.get_by_role("button", name="Filtrer").click()
    expect(page.locator(".total")).to_contain_text("Statut est « pending »")
    context.close()
