"""The pace at which one host is asked: Crawl-delay and Retry-After hold the whole host.

Scrapy knows neither. Both act on the downloader's slot, which every request to the host passes;
`_get_slot` is a private name of Scrapy 2.19.
"""

import logging
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from archiver.crawl.session import session_of

logger = logging.getLogger(__name__)

LONGEST_WAIT = 3600.0
"""Seconds of Retry-After that a crawl sits out; beyond them it stops and can be resumed."""

SMALLEST_DELAY = 0.001
"""A slot without a delay never looks at when it was last used."""


def pace(crawler: Crawler, request: Request, seconds: float) -> None:
    """Leave at least `seconds` between two requests to this host, from now on."""
    key, slot = crawler.engine.downloader._get_slot(request)
    slot.delay = max(slot.delay, seconds)
    crawler.engine.downloader.per_slot_settings[key] = {"delay": slot.delay, "concurrency": 1}


def hold(crawler: Crawler, request: Request, seconds: float) -> None:
    """Send nothing to this host for `seconds`."""
    _, slot = crawler.engine.downloader._get_slot(request)
    slot.delay = max(slot.delay, SMALLEST_DELAY)
    slot.lastseen = max(slot.lastseen, monotonic() + seconds - slot.delay)


def seconds_of(retry_after: str, now: datetime) -> float | None:
    """Read a Retry-After value (RFC 9110 section 10.2.3): seconds, or an HTTP date."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


class RetryAfterMiddleware:
    """Sits between the network and Scrapy's retries, so that a retry waits as long as asked."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RetryAfterMiddleware":
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        value = response.headers.get("Retry-After")
        if response.status not in (429, 503) or value is None:
            return response
        seconds = seconds_of(value.decode("latin-1"), datetime.now(UTC))
        if seconds is None:
            return response
        hold(self.crawler, request, min(seconds, LONGEST_WAIT))
        logger.info("%s asks to wait %.0f s", request.url, seconds)
        if seconds > LONGEST_WAIT:
            session_of(self.crawler).stop(
                f"the server asks to come back in {seconds / 3600:.1f} hours"
            )
        return response
