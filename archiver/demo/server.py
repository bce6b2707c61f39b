"""Serves the sample site over real HTTP on loopback, in a thread, with a log and switches.

Answers are made once for each state of the content and kept, so that a crawl measures the crawler.
The content can be edited while it is served; `expected` follows.
"""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from types import TracebackType
from typing import Any, Self, TypeVar

from archiver.demo import editing
from archiver.demo.expected import ExpectedArticle, expected_of
from archiver.demo.handler import SiteServer
from archiver.demo.kept import Kept, kept_of
from archiver.demo.model import Content, Post
from archiver.demo.routes import answer
from archiver.demo.states import load
from archiver.demo.switches import Logged, Switches
from archiver.errors import BadInput

DEMO_PORT = 8765
T = TypeVar("T")


class DemoSite:
    """The sample site, running while the context is open; `port` 0 takes a free one, `articles`
    grows the site to that many. BadInput says so when the port is taken."""

    def __init__(
        self,
        state: int = 1,
        *,
        port: int = 0,
        articles: int | None = None,
        switches: Switches | None = None,
    ) -> None:
        self.switches = switches or Switches()
        self.requests: list[Logged] = []
        self._state = state
        self._port = port
        self._articles = articles
        self._content = load(state, articles)
        self._kept: dict[tuple[str, ...], Kept] = {}
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._server: SiteServer | None = None

    def __enter__(self) -> Self:
        try:
            self._server = SiteServer(self._port, self)
        except OSError as error:
            raise BadInput(
                f"Port {self._port} is in use: stop what listens there and try again."
            ) from error
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._server.close_connections()
        self._thread.join()

    @property
    def port(self) -> int:
        """The port in use."""
        assert self._server is not None, "open the site with `with DemoSite() as site:`"
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """The home page, with its slash."""
        return f"{self.base}/"

    @property
    def base(self) -> str:
        """Scheme, host and port, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def state(self) -> int:
        """The state loaded last; setting it drops the edits made since."""
        return self._state

    @state.setter
    def state(self, number: int) -> None:
        fresh = load(number, self._articles)
        with self._lock:
            self._state, self._content = number, fresh
            self._kept.clear()

    def expected(self) -> list[ExpectedArticle]:
        """What an archive of the site must hold now, newest first."""
        with self._lock:
            return expected_of(self._content)

    def edit(self, post_id: int, **changes: Any) -> Post:
        """See `editing.edit`; the same for the six below."""
        return self._change(lambda content: editing.edit(content, post_id, **changes))

    def answer(self, post_id: int, *texts: str) -> Post:
        return self._change(lambda content: editing.answer(content, post_id, texts))

    def rename(self, post_id: int, slug: str) -> Post:
        return self._change(lambda content: editing.rename(content, post_id, slug))

    def comment(self, post_id: int, count: int = 1) -> Post:
        return self._change(lambda content: editing.comment(content, post_id, count))

    def vote(self, post_id: int, votes: int, rating: float) -> Post:
        return self._change(lambda content: editing.vote(content, post_id, votes, rating))

    def publish(self, entry: Mapping[str, Any]) -> Post:
        return self._change(lambda content: editing.publish(content, entry))

    def delete(self, post_id: int) -> None:
        self._change(lambda content: editing.delete(content, post_id))

    def set_clock(self, moment: datetime) -> None:
        """Date the next edit so; it must be aware."""
        with self._lock:
            self._content.clock = moment

    def _change(self, change: Callable[[Content], T]) -> T:
        with self._lock:
            self._kept.clear()
            return change(self._content)

    def answer_to(self, target: str, headers: Mapping[str, str]) -> Kept:
        """The answer to a GET, made once while the content stays."""
        key = (
            target,
            headers.get("if-none-match", ""),
            headers.get("if-modified-since", ""),
        )
        with self._lock:
            if key not in self._kept:
                self._kept[key] = kept_of(answer(self._content, self.base, target, headers))
            return self._kept[key]

    def note(self, request: Logged) -> int:
        """Log a request; its ordinal number, from 1."""
        with self._lock:
            self.requests.append(request)
            return len(self.requests)

    def pause(self, seconds: float) -> None:
        """Wait as a slow server does, but no longer than the site stays open."""
        self._closing.wait(seconds)
