"""Scrapy's scheduler on the frontier table, so that a kill loses no page.

A request is a row from the moment it is asked for. What a callback asks for and the fact that it
finished are one transaction (`FrontierMiddleware`); a page captured before a kill whose callback
had not finished is given to the spider again from the archive, not fetched again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler
from scrapy.http import Response

from archiver.crawl.originals import validators
from archiver.crawl.session import session_of
from archiver.store.frontier import Target

LISTS = 70
"""The spider's priority of lists: what they state must be known to be older than the pages."""


def target_of(request: Request) -> Target:
    """The frontier row of a request; everything that the spider needs again after a restart."""
    meta = request.meta
    return Target(
        url=request.url,
        key=meta.get("key", request.url),
        kind=meta["kind"],
        priority=request.priority,
        depth=meta.get("depth", 0),
        via=meta.get("via"),
        hops=meta.get("hops", ""),
    )


class FrontierScheduler(BaseScheduler):
    """Gives out the frontier's pending rows, highest priority first."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._retries: list[Request] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> FrontierScheduler:
        return cls(crawler)

    def has_pending_requests(self) -> bool:
        if self._retries:
            return True
        session = session_of(self._crawler)
        pending = False
        with session.stopping():
            pending = not session.exhausted() and session.frontier.has_pending()
        return pending  # noqa: RET504 - False where that failed

    def enqueue_request(self, request: Request) -> bool:
        """Requests of `start` and of the idle checks become rows; a retry already is one."""
        if "target" in request.meta:
            self._retries.append(request)
            return True
        session = session_of(self._crawler)
        added = False
        with session.stopping():
            added = session.frontier.add(target_of(request))
        return added  # noqa: RET504 - False where that failed

    def next_request(self) -> Request | None:
        if self._retries:
            return self._retries.pop(0)
        session = session_of(self._crawler)
        if session.exhausted() or session.error:
            return None
        target = None
        with session.stopping():
            target = session.frontier.pop(first=LISTS)
        return None if target is None else self._request(target)

    def _request(self, target: Target) -> Request:
        session = session_of(self._crawler)
        session.asked += target.kind != "asset"
        return Request(
            target.url,
            headers=(
                validators(session.store, session.warcs, target.url)
                if target.kind == "asset"
                else {}
            ),
            priority=target.priority,
            dont_filter=True,
            errback=_forget,
            meta={
                "target": target.id,
                "archived": target.capture_id,
                "kind": target.kind,
                "key": target.key,
                "depth": target.depth,
                "via": target.via,
                "hops": target.hops,
                "download_slot": session.slot_of(target.url),
            },
        )


def _forget(_failure: Any) -> None:
    """A failed target's row says why (`OutcomeMiddleware`); there is no page to read."""


class FrontierMiddleware:
    """Spider middleware: the targets that a callback asks for are recorded with its end."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> FrontierMiddleware:
        return cls(crawler)

    async def process_spider_output(
        self, response: Response, result: AsyncIterator[Any]
    ) -> AsyncIterator[Any]:
        asked = [target_of(request) async for request in result]
        meta = response.meta
        session_of(self._crawler).finished(meta.get("target"), meta.get("kind", ""), asked)
        for _ in ():
            yield _  # an async generator, as Scrapy asks, that gives nothing
