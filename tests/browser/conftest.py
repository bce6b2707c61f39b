"""A real browser on a real archive: Chromium, kept off the network by watching it.

Without Chromium these tests fail, and say what to install: they are asked for by name.
"""

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from archiver.publish.replay.viewer import CHECKOUT, Viewer, find_viewer
from tests.cli import archiver

ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
]
LOOPBACK = {"127.0.0.1", "localhost", "[::1]", ""}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, or playwright's own, without a window."""
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
        program = shutil.which("chromium") or shutil.which("chromium-browser") or own
        if not Path(program).exists():
            pytest.fail("These tests need Chromium: make chromium", pytrace=False)
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def viewer() -> Viewer:
    """The two files of ReplayWeb.page."""
    found = find_viewer((CHECKOUT,))
    if found is None:
        pytest.fail("These tests need the replay viewer: make replay", pytrace=False)
    return found


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample site crawled in both states, as the command leaves it."""
    data = tmp_path_factory.mktemp("demo")
    done = archiver("demo", "--no-serve", data=data)
    assert done.returncode == 0, done.stderr
    return data / "demo"


@dataclass
class Watched:
    """A page with what went wrong on it and what it asked for; not slotted, since playwright keeps
    something of its own on what it calls."""

    page: Page
    outside: list[str] = field(default_factory=list)
    errors: list[tuple[str, str]] = field(default_factory=list)

    def on_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob", "about"} and parts.hostname not in LOOPBACK:
            self.outside.append(request.url)

    def on_failure(self, request: Request) -> None:
        """What the page's own policy stopped never left."""
        if request.failure == "csp" and request.url in self.outside:
            self.outside.remove(request.url)

    def on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append((message.location["url"], message.text))


@pytest.fixture(scope="session")
def served_demo(demo: Path) -> Iterator["Served"]:
    yield from serve(demo)


@pytest.fixture
def watched(chromium: Browser) -> Iterator[Watched]:
    """A page in a fresh profile, watched."""
    context = chromium.new_context(viewport={"width": 1400, "height": 900}, locale="fr-FR")
    found = Watched(context.new_page())
    context.on("request", found.on_request)
    context.on("requestfailed", found.on_failure)
    context.on("console", found.on_console)
    found.page.on("websocket", lambda socket: found.outside.append(socket.url))
    found.page.on("pageerror", lambda error: found.errors.append(("", str(error))))
    yield found
    context.close()


@dataclass(frozen=True, slots=True)
class Served:
    """The two addresses of an archive that is being served."""

    reading: str
    replay: str


def serve(data: Path) -> Iterator[Served]:
    """`archiver serve` as a process of its own, on free ports."""
    command = [sys.executable, "-u", "-m", "archiver", "serve", "--port", "0", "--data", str(data)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        reading, replay = re.findall(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        yield Served(reading, replay)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)


@pytest.fixture(params=[360, 1400], ids=lambda width: f"{width}px")
def page(watched: Watched, served_demo: Served, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The home page of the sample archive, at two widths; at the end nothing has failed, and
    nothing was asked of another machine."""
    watched.page.set_viewport_size({"width": request.param, "height": 900})
    watched.page.context.grant_permissions(
        ["clipboard-read", "clipboard-write"], origin=served_demo.reading
    )
    watched.page.goto(served_demo.reading)
    yield watched.page
    assert watched.outside == []
    assert watched.errors == []
