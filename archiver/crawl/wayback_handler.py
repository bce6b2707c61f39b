"""Downloads from the Internet Archive: a list is read, a capture is made durable before anything
else sees it, and a busy Archive is left in peace.
"""

from __future__ import annotations

from typing import cast

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http import Response

from archiver.crawl.guard import place_of
from archiver.crawl.politeness import LONGEST_WAIT, hold
from archiver.crawl.session import session_of
from archiver.crawl.wayback_capture import Gap, Headers, exchange_of
from archiver.crawl.wayback_list import Line, Unreadable, read_list
from archiver.crawl.wayback_session import WaybackSession
from archiver.warc.coding import decode
from archiver.warc.http import list_members

FIRST_WAIT = 40
"""Delays to wait when the Archive is busy and does not say how long; each try doubles them."""


class WaybackHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP/1.1 handler for one server; a list is put into its request's `meta`."""

    async def download_request(self, request: Request) -> Response:
        session = cast("WaybackSession", session_of(self._crawler))
        if place_of(request.url) != place_of(session.archive):
            raise IgnoreRequest("refused: another server than the Archive")
        if request.meta["kind"] == "list":
            return await self._read_list(request)
        line = Line.of_key(request.meta["key"])
        if session.holds(line):
            return Response(request.url, request=request)
        try:
            response = await super().download_request(request)
        except DownloadCancelledError:
            raise Gap("it is too large") from None
        if is_busy(response.status) and "Memento-Datetime" not in response.headers:
            return response
        headers = headers_of(response)
        exchange = exchange_of(line, request.url, response.status, headers, response.body)
        session.record(exchange, request)
        return Response(request.url, request=request)

    async def _read_list(self, request: Request) -> Response:
        response = await super().download_request(request)
        if is_busy(response.status):
            return response
        codings = list_members(headers_of(response).get("content-encoding", ()))
        if response.status != 200:
            raise Unreadable(f"HTTP {response.status}")
        request.meta["page"] = read_list(decode(response.body, codings).body, request.url)
        return Response(request.url, request=request)


def is_busy(status: int) -> bool:
    """Whether a status says to try again later."""
    return status in (408, 429) or status >= 500


def headers_of(response: Response) -> Headers:
    """Values in order under lower-case names."""
    return {
        name.decode("latin-1").lower(): tuple(value.decode("latin-1") for value in values)
        for name, values in response.headers.items()
    }


class BackOffMiddleware:
    """Waits longer from try to try when the Archive fails without a Retry-After."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> BackOffMiddleware:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        if is_busy(response.status) and "Retry-After" not in response.headers:
            self._wait(request)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        if not isinstance(exception, IgnoreRequest):
            self._wait(request)

    def _wait(self, request: Request) -> None:
        delay = self._crawler.settings.getfloat("DOWNLOAD_DELAY")
        seconds = delay * FIRST_WAIT * 2 ** request.meta.get("retry_times", 0)
        hold(self._crawler, request, min(seconds, LONGEST_WAIT))
