"""A loopback server that answers as the Internet Archive's do: lists with resume keys, captures raw
with their original headers set apart, and whatever goes wrong there.
"""

import base64
import gzip
import hashlib
import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, quote_plus, urlsplit

from archiver.extract.urls import url_key

FIELDS = ("timestamp", "original", "mimetype", "statuscode", "digest", "length")
Fault = Callable[[BaseHTTPRequestHandler], None]
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Held:
    """One capture as the Archive holds it: `payload` still has its content coding."""

    timestamp: str
    url: str
    status: int
    headers: Headers
    payload: bytes
    mimetype: str = "text/html"
    digest: str = ""

    @property
    def path(self) -> str:
        return f"/web/{self.timestamp}id_/{self.url}"

    @property
    def row(self) -> list[str]:
        digest = self.digest or base64.b32encode(hashlib.sha1(self.payload).digest()).decode()
        size = str(len(self.payload))
        return [self.timestamp, self.url, self.mimetype, str(self.status), digest, size]


@dataclass
class LoopbackArchive:
    """Serves `captures`; `faults` maps a path (without query for the list) to what is done instead,
    each once. `seen` has the path of each request with its time, `widest` how many there were at
    once."""

    captures: list[Held]
    page: int = 100
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    seen: list[tuple[str, float]] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    widest: int = 0
    open: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    rows: list[tuple[str, list[str]]] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self.rows = sorted((f"{url_key(h.url)} {h.timestamp}", h.row) for h in self.captures)
        self.places = {held.path: n for n, held in reversed([*enumerate(self.captures)])}
        bound = type("Bound", (_Handler,), {"kept": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), bound)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def asked(self, since: int = 0) -> list[str]:
        """The captures asked for, in order."""
        return [path for path, _ in self.seen[since:] if path.startswith("/web/")]

    def list_page(self, query: dict[str, list[str]]) -> list[list[str]]:
        host = query["url"][0].removesuffix("/*")
        rows = [row for row in self.rows if row[0].partition("/")[0].split(" ")[0] == host]
        for rule in query.get("filter", []):
            name, _, pattern = rule.removeprefix("!").partition(":")
            place = FIELDS.index(name)
            rows = [
                row
                for row in rows
                if (re.fullmatch(pattern, row[1][place]) is None) == rule.startswith("!")
            ]
        if query.get("collapse") == ["digest"]:
            rows = [row for n, row in enumerate(rows) if not n or row[1][4] != rows[n - 1][1][4]]
        start = query.get("resumeKey", [""])[0].removesuffix("!")
        rows = [row for row in rows if row[0] > start]
        size = min(self.page, int(query["limit"][0]))
        answer = [list(FIELDS), *(row for _, row in rows[:size])] if rows else []
        if len(rows) > size:
            answer += [[], [quote_plus(rows[size - 1][0] + "!")]]
        return answer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    kept: "LoopbackArchive"

    def do_GET(self) -> None:
        archive = self.kept
        with archive.lock:
            archive.seen.append((self.path, time.monotonic()))
            archive.agents.add(self.headers["User-Agent"])
            archive.open += 1
            archive.widest = max(archive.widest, archive.open)
        try:
            self._serve()
        finally:
            with archive.lock:
                archive.open -= 1

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        is_list = parts.path == "/cdx/search/cdx"
        waiting = self.kept.faults.get(parts.path if is_list else self.path)
        if waiting:
            waiting.pop(0)(self)
        elif is_list:
            rows = self.kept.list_page(parse_qs(parts.query))
            answer(self, 200, json.dumps(rows).encode(), ("Content-Type", "application/json"))
        else:
            self._serve_capture()

    def _serve_capture(self) -> None:
        number = self.kept.places.get(self.path)
        if number is None:
            error_page(404)(self)
        else:
            give(self, self.kept.captures[number], number)

    def log_message(self, *_: Any) -> None:
        """Requests are kept in `seen`."""


def answer(handler: BaseHTTPRequestHandler, status: int, body: bytes, *headers: Any) -> None:
    """Send an answer whose length is stated."""
    handler.send_response(status)
    for name, value in headers:
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def give(handler: BaseHTTPRequestHandler, held: Held, number: int = 0) -> None:
    """Send a capture: as it was received, its coding undone, or coded anew, by turns."""
    moment = datetime.strptime(held.timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    headers = [(f"x-archive-orig-{name.lower()}", value) for name, value in held.headers]
    headers.append(("Memento-Datetime", format_datetime(moment, usegmt=True)))
    headers.append(("x-archive-src", "crawl-1.warc.gz"))
    body = held.payload
    if any(name.lower() == "content-encoding" for name, _ in held.headers):
        body = (body, gzip.decompress(body), gzip.compress(gzip.decompress(body), 1))[number % 3]
        if number % 3 != 1:
            headers.append(("Content-Encoding", "gzip"))
    answer(handler, held.status, body, *headers)


def error_page(status: int, *headers: tuple[str, str]) -> Fault:
    """The Archive itself speaks, in HTML."""
    body = b"<html><title>Wayback Machine</title><h1>has not archived that URL</h1></html>"
    return lambda handler: answer(handler, status, body, ("Content-Type", "text/html"), *headers)


def cut_short(held: Held) -> Fault:
    """The connection ends in the middle of the body."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(held.status)
        handler.send_header("Content-Length", str(len(held.payload)))
        handler.end_headers()
        handler.wfile.write(held.payload[: len(held.payload) // 2])
        handler.close_connection = True

    return send
