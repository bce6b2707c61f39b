"""The archive whose every field attacks, opened page by page in Chromium: nothing runs, first under
our policy, then without it, so that the policy hides no markup that got through.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Dialog, Error, Page

from tests.browser.conftest import Served, Watched, serve
from tests.publish import hostile
from tests.publish.hostile import MARK, MOVED, QUESTION
from tests.publish.test_hostile import EXAMPLES

pytestmark = pytest.mark.browser
SAVED = re.compile(r"\.(csv|ics|atom|ndjson|bib|ris|db|blob|xml|ico)$")
WATCHING = "window.vole = () => { window.ran = true; console.error('vole'); };"
MOST_LINKS = 60


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    yield from serve(hostile.hold(tmp_path_factory.mktemp("hostile") / "data").root)


def shown(served: Served) -> list[str]:
    """The addresses that a browser shows, rather than saves."""
    replayed = [f"{served.replay}/?{urlencode({'url': url})}" for url in (QUESTION, MOVED, MARK)]
    pages = [path for path in EXAMPLES if not SAVED.search(urlsplit(path).path)]
    return [*(served.reading + path for path in pages), *replayed]


@pytest.mark.parametrize("bypass", [False, True], ids=["under our policy", "without it"])
def test_nothing_runs(chromium: Browser, served: Served, bypass: bool) -> None:
    context = chromium.new_context(bypass_csp=bypass, locale="fr-FR")
    context.add_init_script(WATCHING)
    watched = Watched(context.new_page())
    context.on("request", watched.on_request)
    context.on("requestfailed", watched.on_failure)
    context.on("console", watched.on_console)
    dialogs: list[str] = []

    def note(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    watched.page.on("dialog", note)
    waiting, seen = shown(served), set[str]()
    try:
        while waiting and len(seen) < len(EXAMPLES) + MOST_LINKS:
            address = waiting.pop(0)
            if address in seen:
                continue
            seen.add(address)
            open_page(watched.page, address)
            assert watched.page.evaluate("window.ran") is None, address
            assert watched.outside == [], address
            waiting += followed(watched.page, served)
    finally:
        context.close()
    assert dialogs == []
    told = [
        text
        for _, text in watched.errors
        # What answers 4xx says so on the console.
        if not text.startswith("Failed to load resource")
    ]
    assert told == []


def open_page(page: Page, address: str) -> None:
    """Open it and touch what a reader touches: what opens, and what can be focused."""
    try:
        page.goto(address)
    except Error as reason:
        if "Download is starting" not in str(reason) and "ERR_ABORTED" not in str(reason):
            raise
        return
    page.evaluate(
        "for (const one of document.querySelectorAll('details')) one.open = true;"
        "for (const one of document.querySelectorAll('a, input, button, [tabindex]')) one.focus();"
    )


def followed(page: Page, served: Served) -> list[str]:
    """Where the page leads within the site."""
    found: list[str] = page.evaluate("[...document.links].map((link) => link.href.split('#')[0])")
    return [
        address
        for address in found
        if address.startswith(served.reading + "/") and not SAVED.search(urlsplit(address).path)
    ]


def test_what_watches_would_see_it(chromium: Browser, tmp_path: Path) -> None:
    """The payload does run where a page lets it."""
    context = chromium.new_context()
    context.add_init_script(WATCHING)
    page = context.new_page()
    careless = tmp_path / "careless.html"
    careless.write_text(f"<!doctype html><title>x</title><p>{hostile.PAYLOAD}</p>")
    page.goto(careless.as_uri())
    page.wait_for_function("window.ran")
    context.close()
