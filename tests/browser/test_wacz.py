"""The sample site replayed from its exported WACZ, as someone does who was given the file and has
ReplayWeb.page, but nothing of ours."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import expect

from archiver.publish.replay.viewer import Viewer
from tests.browser.answered import answered
from tests.browser.conftest import Watched
from tests.cli import archiver

pytestmark = pytest.mark.browser

PATIENCE = 20_000
PAGE = """<!DOCTYPE html><html lang="fr"><title>Archive</title>
<script src="ui.js"></script>
<style>html, body, replay-web-page { height: 100%%; margin: 0 }</style>
<body><script type="module">
// Else, at times, the viewer asks the file server for a page that only its worker can give
// (webrecorder/replayweb.page issue 412).
const found = await navigator.serviceWorker.register("replay/sw.js?serveIndex=1");
const worker = found.installing || found.waiting;
if (worker) await new Promise((done) => worker.addEventListener("statechange", () => {
    if (worker.state === "activated") done();
}));
const viewer = document.createElement("replay-web-page");
viewer.setAttribute("source", "all.wacz");
viewer.setAttribute("url", "%s");
viewer.setAttribute("ts", "%s");
viewer.setAttribute("replayBase", "./replay/");
viewer.setAttribute("embed", "replayonly");
document.body.append(viewer);
</script></body></html>"""


@pytest.fixture
def handed_over(demo: Path, viewer: Viewer, tmp_path: Path) -> Path:
    """A folder with the WACZ of the sample site and the viewer."""
    done = archiver("export", "wacz", tmp_path / "all.wacz", data=demo)
    assert done.returncode == 0, done.stderr
    (tmp_path / "replay").mkdir()
    (tmp_path / "ui.js").write_bytes(viewer.files["ui.js"])
    (tmp_path / "replay/sw.js").write_bytes(viewer.files["sw.js"])
    return tmp_path


@pytest.fixture
def address(handed_over: Path) -> Iterator[str]:
    """Where a plain file server on loopback gives the folder."""
    handler = partial(Quiet, directory=str(handed_over))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class Quiet(SimpleHTTPRequestHandler):
    """Logs nothing."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        del format, args


def test_the_wacz_shows_text_stylesheet_and_image(
    watched: Watched, demo: Path, handed_over: Path, address: str
) -> None:
    shown_answer = answered(demo, "last")
    page = PAGE % (shown_answer.url, shown_answer.stamp)
    (handed_over / "index.html").write_text(page, encoding="utf-8")
    watched.page.goto(f"{address}/index.html")
    shown = watched.page.frame_locator("iframe").frame_locator("iframe")
    expect(shown.get_by_text(shown_answer.first_words).first).to_be_visible(timeout=PATIENCE)
    frame = next(frame for frame in watched.page.frames if "mp_/" in frame.url)
    styled = frame.locator("h1").first.evaluate("h1 => getComputedStyle(h1).fontFamily")
    assert styled != frame.evaluate("() => getComputedStyle(document.documentElement).fontFamily")
    assert frame.evaluate("() => [...document.images].some(image => image.naturalWidth > 0)")
    watched.page.screenshot(path=handed_over / "replay.png")
    assert watched.outside == []
