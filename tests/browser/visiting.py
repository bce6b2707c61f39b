"""What the tests do in a browser again and again: search, save, copy, go on with the keyboard."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.publish.browsing import numbers

MOST_TABS = 120


def search(page: Page, text: str) -> None:
    page.get_by_role("searchbox").first.fill(text)
    page.get_by_role("searchbox").first.press("Enter")
    expect(page).to_have_url(re.compile("/recherche"))


def total(page: Page) -> int:
    return numbers(page.locator(".total strong").inner_text())[0]


def clipboard(page: Page) -> str:
    """What was just copied, once it is there."""
    page.wait_for_function("navigator.clipboard.readText().then(text => text !== '')")
    return str(page.evaluate("navigator.clipboard.readText()"))


def saved(page: Page, link: Locator) -> str:
    with page.expect_download() as download:
        link.click()
    return download.value.path().read_bytes().decode("utf-8")


def tab_to(page: Page, is_there: Callable[[Page], bool]) -> None:
    """Press Tab until the focus is there; it must be visible all the way."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if is_there(page):
            return
    raise AssertionError(f"never reached on {page.url}")


def focused(text: str) -> Callable[[Page], bool]:
    """Whether the focus is on an element that says this and shows its outline."""

    def found(page: Page) -> bool:
        said = page.evaluate("document.activeElement.textContent")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        return text in said and outline != "none"

    return found
