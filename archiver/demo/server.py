"""Serves the sample site over real HTTP on loopback, in a thread, with a log and switches.

Answers are made once for each state of the content and kept, gzipped, so that a crawl measures the
crawler. As nginx and PHP do, pages are chunked and gzipped when asked; files carry their length.
"""

import gzip
import socket
import threading
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self, TypeVar

from archiver.demo import editing
from archiver.demo.expected import ExpectedArticle, expected_of
from archiver.demo.files import Answer
from archiver.demo.model import Content, Post
from archiver.demo.routes import answer
from archiver.demo.states import load
from archiver.demo.switches import Logged, Switches, switched
from archiver.errors import BadInput

DEMO_PORT = 8765
_CHUNK = 16_384
T = TypeVar("T")


class DemoSite:
    """The sample site, running while the context is open; `port` 0 takes a free one. BadInput says
    so when the port is taken."""

    def __init__(self, state: int = 1, *, port: int = 0, switches: Switches | None = None) -> None:
        self.switches = switches or Switches()
        self.requests: list[Logged] = []
        self._state = state
        self._port = port
        self._content = load(state)
        self._kept: dict[tuple[str, ...], tuple[Answer, bytes]] = {}
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._server: _Server | None = None

    def __enter__(self) -> Self:
        try:
            self._server = _Server(("127.0.0.1", self._port), _Handler, self)
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
        fresh = load(number)
        with self._lock:
            self._state, self._content = number, fresh
            self._kept.clear()

    def expected(self) -> list[ExpectedArticle]:
        """What an archive of the site must hold now, newest first."""
        with self._lock:
            return expected_of(self._content)

    def edit(self, post_id: int, **changes: Any) -> Post:
        """See `editing.edit`; the same for the five below."""
        return self._change(lambda content: editing.edit(content, post_id, **changes))

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

    def _change(self, change: Callable[[Content], T]) -> T:
        with self._lock:
            self._kept.clear()
            return change(self._content)

    def answer_to(self, target: str, headers: Mapping[str, str]) -> tuple[Answer, bytes]:
        """The answer to a GET and its gzipped body, made once while the content stays."""
        key = (
            target,
            headers.get("if-none-match", ""),
            headers.get("if-modified-since", ""),
        )
        with self._lock:
            if key not in self._kept:
                made = answer(self._content, self.base, target, headers)
                packed = gzip.compress(made.body, 6, mtime=0) if made.body else b""
                self._kept[key] = (made, packed)
            return self._kept[key]

    def note(self, request: Logged) -> int:
        """Log a request; its ordinal number, from 1."""
        with self._lock:
            self.requests.append(request)
            return len(self.requests)

    def pause(self, seconds: float) -> None:
        """Wait as a slow server does, but no longer than the site stays open."""
        self._closing.wait(seconds)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(
        self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler], site: DemoSite
    ) -> None:
        self.site = site
        self._open: set[socket.socket] = set()
        super().__init__(address, handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "nginx"
    sys_version = ""
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._serve(with_body=True)

    def do_HEAD(self) -> None:
        self._serve(with_body=False)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._note()
        self._send(Answer(403, (("Content-Type", "text/plain"),), b"-1"), None, with_body=True)

    def log_message(self, *_: Any) -> None:
        """Requests go to the site's own log."""

    def _note(self) -> int:
        headers = {name.lower(): value for name, value in self.headers.items()}
        return self.server.site.note(Logged(self.command, self.path, headers, time.monotonic()))

    def _serve(self, *, with_body: bool) -> None:
        site, number = self.server.site, self._note()
        switches = site.switches
        path = self.path.partition("?")[0]
        site.pause(switches.robots_delay if path == "/robots.txt" else switches.delay)
        if path in switches.raw:
            self.wfile.write(switches.raw[path]())
            self.close_connection = True
            return
        if refused := switched(switches, path, number):
            self._send(refused, None, with_body=with_body)
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        made, packed = site.answer_to(self.path, headers)
        squeezed = "gzip" in headers.get("accept-encoding", "") and _squeezable(made)
        self._send(made, packed if squeezed else None, with_body=with_body)

    def _send(self, made: Answer, packed: bytes | None, *, with_body: bool) -> None:
        body = made.body if packed is None else packed
        bodiless = made.status == 304
        chunked = made.dynamic and self.request_version == "HTTP/1.1" and not bodiless
        self.send_response(made.status)
        for name, value in made.headers:
            self.send_header(name, value)
        if packed is not None:
            self.send_header("Content-Encoding", "gzip")
        if _squeezable(made):
            self.send_header("Vary", "Accept-Encoding")
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
        elif not bodiless:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if not with_body or bodiless:
            return
        if chunked:
            for start in range(0, len(body), _CHUNK):
                piece = body[start : start + _CHUNK]
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.wfile.write(b"0\r\n\r\n")
        else:
            self.wfile.write(body)


def _squeezable(made: Answer) -> bool:
    kind = made.header("content-type") or ""
    return bool(made.body) and not kind.startswith(("image/", "application/pdf"))
