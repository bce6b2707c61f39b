"""HTTP/1.1 on sockets for the sample site: framing, gzip when asked, connections closed at the end.

As nginx and PHP do, pages are chunked; files carry their length.
"""

import socket
import sys
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol

from archiver.demo.files import Answer
from archiver.demo.kept import Kept, squeezable
from archiver.demo.switches import Logged, Switches, switched

_CHUNK = 16_384


class Site(Protocol):
    """What the server asks of the site it serves."""

    switches: Switches

    def answer_to(self, target: str, headers: Mapping[str, str]) -> Kept:
        """The answer to a GET; header names are lower-case."""

    def note(self, request: Logged) -> int:
        """Log a request; its ordinal number, from 1."""

    def pause(self, seconds: float) -> None:
        """Wait, but no longer than the site stays open."""


class SiteServer(ThreadingHTTPServer):
    """A thread for each connection; `close_connections` ends those that a client keeps open."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, port: int, site: Site) -> None:
        self.site = site
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        """End the connections that are still open."""
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news; anything else is a fault of ours."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    server: SiteServer

    def do_GET(self) -> None:
        self._serve(with_body=True)

    def do_HEAD(self) -> None:
        self._serve(with_body=False)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._note()
        refused = Answer(403, (("Content-Type", "text/plain"),), b"-1")
        self._send(refused, refused.body, coded=False, with_body=True)

    def version_string(self) -> str:
        return "nginx"

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
            self._send(refused, refused.body, coded=False, with_body=with_body)
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        kept = site.answer_to(self.path, headers)
        coded = "gzip" in headers.get("accept-encoding", "") and kept.gzipped
        self._send(kept.answer, kept.body(coded=coded), coded=coded, with_body=with_body)

    def _send(self, made: Answer, body: bytes, *, coded: bool, with_body: bool) -> None:
        bodiless = made.status == 304
        chunked = made.dynamic and self.request_version == "HTTP/1.1" and not bodiless
        self.send_response(made.status)
        for name, value in made.headers:
            self.send_header(name, value)
        if coded:
            self.send_header("Content-Encoding", "gzip")
        if squeezable(made):
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
