"""What became of a request that brought no page: noted in the frontier, with its reason."""

from __future__ import annotations

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http import Response

from archiver.crawl.session import session_of
from archiver.store.model import TOO_LARGE


class OutcomeMiddleware:
    """Sits outside Scrapy's retries, so what it sees is final."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._retried = {int(code) for code in crawler.settings.getlist("RETRY_HTTP_CODES")}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> OutcomeMiddleware:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        target = request.meta.get("target")
        if target is not None and (response.status in self._retried or _is_kept_from_us(request)):
            reason = f"HTTP {response.status}"
            if response.status == 200:
                reason = f"a page of the kind {request.meta['facts'].role}"
            session_of(self._crawler).failed(target, request.url, reason)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        target = request.meta.get("target")
        if target is None:
            return
        session = session_of(self._crawler)
        if isinstance(exception, IgnoreRequest):
            session.skipped(target, request.url, str(exception))
        elif isinstance(exception, DownloadCancelledError):
            session.skipped(target, request.url, TOO_LARGE)
        else:
            session.failed(target, request.url, told_by(exception))


def told_by(exception: Exception) -> str:
    """What went wrong, in words: Twisted's lists of failures say it with their classes' names."""
    failures = getattr(exception.__cause__, "reasons", None) or ()
    told = "; ".join(failure.getErrorMessage() for failure in failures)
    return told or str(exception) or type(exception).__name__


def _is_kept_from_us(request: Request) -> bool:
    """Whether an article was asked for and something else than the site answered."""
    meta = request.meta
    return meta["kind"] == "article" and "facts" in meta and meta["facts"].role.is_withheld
