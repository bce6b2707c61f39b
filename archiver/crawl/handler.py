"""The download handler that captures: no response leaves it before it is durable.

It sits below every middleware, so each attempt, redirect, error and robots.txt is a capture with
the bytes as they were sent. What cannot be captured stops the crawl (`Session.record` raises).
"""

from __future__ import annotations

import asyncio
import logging
from time import monotonic

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError
from scrapy.http import Response
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future

from archiver import instants
from archiver.crawl.selftest import is_exact
from archiver.crawl.session import session_of
from archiver.crawl.tap import Tap, TappedFactory, TappingAgent
from archiver.ingest import Recorded
from archiver.warc.http import split_interim
from archiver.warc.model import Exchange, Truncation

logger = logging.getLogger(__name__)

HEAD_ROOM = 256 * 1024
"""Bytes of status line, headers and chunk framing allowed beyond the largest body."""


class CapturingHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP/1.1 handler with a tap on each connection."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = TappedFactory
        self._proving: asyncio.Future[bool] | None = None

    async def download_request(self, request: Request) -> Response:
        session = session_of(self._crawler)
        archived = request.meta.get("archived")
        if archived is not None:
            return respond(request, session.recall(archived))
        if self._proving is None:
            self._proving = asyncio.ensure_future(is_exact(self._fetch))
        exact = await self._proving
        session.note_exactness(exact)
        tap = Tap(self._default_maxsize + HEAD_ROOM)
        began, clock = instants.now(), monotonic()
        try:
            response = await self._fetch(request, tap)
        except Exception as error:
            if tap.received and exact:
                took = int(1000 * (monotonic() - clock))
                session.record(exchange_of(request, tap, began, took, truncation(error)), request)
            raise
        took = int(1000 * (monotonic() - clock))
        exchange = (
            exchange_of(request, tap, began, took)
            if exact and tap.received
            else reconstructed(request, response, began, took)
        )
        return respond(request, session.record(exchange, request))

    async def _fetch(self, request: Request, tap: Tap) -> Response:
        """One exchange; the agent is Scrapy's own but for the tap."""
        agent = TappingAgent(
            tap=tap,
            contextFactory=self._contextFactory,
            bindAddress=self._bind_address,
            pool=self._pool,
            maxsize=self._default_maxsize,
            fail_on_dataloss=self._fail_on_dataloss,
            crawler=self._crawler,
        )
        with wrap_twisted_exceptions():
            return await maybe_deferred_to_future(agent.download_request(request))


def exchange_of(
    request: Request, tap: Tap, began: str, took: int, truncated: Truncation | None = None
) -> Exchange:
    """The exchange as the tap saw it; a limit reached is a truncation by length."""
    interim, response = split_interim(bytes(tap.received))
    return Exchange(
        url=request.url,
        captured_at=began,
        request=bytes(tap.sent),
        response=response,
        method="wire",
        ip_address=tap.ip_address,
        protocols=("http/1.1",) if tap.tls is None else ("http/1.1", tap.tls),
        cipher_suite=tap.cipher_suite,
        truncated="length" if len(tap.received) >= tap.limit else truncated,
        via=request.meta.get("via"),
        hops=request.meta.get("hops", ""),
        milliseconds=took,
        interim=interim,
    )


def truncation(error: Exception) -> Truncation:
    """The WARC-Truncated reason (WARC 1.1 section 5.13) of a transfer that ended early."""
    if isinstance(error, DownloadTimeoutError):
        return "time"
    if isinstance(error, DownloadCancelledError):
        return "length"
    return "disconnect"


def reconstructed(request: Request, response: Response, began: str, took: int) -> Exchange:
    """The exchange put together again from Scrapy's parsed form, for want of the wire's bytes."""
    target = request.url.split("/", 3)[3:] or [""]
    sent = [f"{request.method} /{target[0]} HTTP/1.1".encode()]
    sent += [name + b": " + b", ".join(values) for name, values in request.headers.items()]
    received = [f"{response.protocol or 'HTTP/1.1'} {response.status}".encode()]
    received += [
        name + b": " + value
        for name, values in response.headers.items()
        for value in values
        if name.lower() != b"transfer-encoding"
    ]
    return Exchange(
        url=request.url,
        captured_at=began,
        request=b"\r\n".join(sent) + b"\r\n\r\n",
        response=b"\r\n".join(received) + b"\r\n\r\n" + response.body,
        method="reconstructed",
        ip_address=None if response.ip_address is None else str(response.ip_address),
        via=request.meta.get("via"),
        hops=request.meta.get("hops", ""),
        milliseconds=took,
    )


def respond(request: Request, recorded: Recorded) -> Response:
    """What the middlewares and the spider see: the decoded body, and the facts in `meta`."""
    request.meta["facts"] = recorded.facts
    headers = {name: list(values) for name, values in recorded.headers.items()}
    headers.pop("content-encoding", None)
    return Response(
        request.url, status=recorded.status, headers=headers, body=recorded.body, request=request
    )
