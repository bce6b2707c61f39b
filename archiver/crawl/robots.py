"""robots.txt obeyed as RFC 9309 says, and archived like any other response.

Scrapy's own middleware lets concurrent first requests through and takes a failing robots.txt for
"all allowed". Here one fetch per host is awaited by all (a lock); 4xx opens the host (section
2.3.1.3), 429, 5xx and no answer close it (2.3.1.4), five redirects are followed (2.3.1.2), and
Crawl-delay, which the RFC leaves out, holds the whole host.
"""

import asyncio
import logging
from urllib.parse import urljoin, urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser, RobotParser

from archiver.crawl.outcome import told_by
from archiver.crawl.politeness import pace
from archiver.crawl.session import session_of

logger = logging.getLogger(__name__)

MAX_REDIRECTS = 5
MAX_BYTES = 500 * 1024
"""What RFC 9309 section 2.5 asks a crawler to parse at least."""
MAX_CRAWL_DELAY = 60.0

CLOSED = b"User-agent: *\nDisallow: /\n"


class RobotsMiddleware(RobotsTxtMiddleware):
    """Asks each host once, before its first request, and remembers why it is closed."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._locks: dict[str, asyncio.Lock] = {}
        self._known: dict[str, RobotParser] = {}

    async def robot_parser(self, request: Request) -> RobotParser:
        parts = urlsplit(request.url)
        async with self._locks.setdefault(parts.netloc, asyncio.Lock()):
            if parts.netloc not in self._known:
                self._known[parts.netloc] = await self._ask(request)
        return self._known[parts.netloc]

    async def _ask(self, request: Request) -> RobotParser:
        session = session_of(self.crawler)
        parts = urlsplit(request.url)
        address = f"{parts.scheme}://{parts.netloc}/robots.txt"
        try:
            response = await self._fetch(address, request)
        except Exception as error:  # noqa: BLE001 - whatever keeps the rules from us closes the host
            session.unreachable(parts.netloc, f"robots.txt could not be read ({told_by(error)})")
            return self._parser(CLOSED)
        if response.status == 429 or response.status >= 500:
            session.unreachable(parts.netloc, f"robots.txt answered {response.status}")
            return self._parser(CLOSED)
        if response.status >= 300:
            return self._parser(b"")
        parser = self._parser(response.body[:MAX_BYTES])
        delay = parser.rp.crawl_delay(self._robotstxt_useragent or self._default_useragent)
        if delay and not session.options.unhurried:
            pace(self.crawler, request, min(float(delay), MAX_CRAWL_DELAY))
        await self.crawler.signals.send_catch_log_async(
            signal=signals.robots_parsed, robotparser=parser, request=request
        )
        return parser

    async def _fetch(self, address: str, needed_by: Request) -> Response:
        via, hops = needed_by.url, f"{needed_by.meta.get('hops', '')}P"
        slot = needed_by.meta.get("download_slot")
        for _ in range(MAX_REDIRECTS + 1):
            meta = {"dont_obey_robotstxt": True, "kind": "robots", "via": via, "hops": hops}
            if slot:
                meta["download_slot"] = slot
            response = await self.crawler.engine.download_async(
                Request(address, priority=self.DOWNLOAD_PRIORITY, callback=NO_CALLBACK, meta=meta)
            )
            location = response.headers.get("Location")
            if not (300 <= response.status < 400 and location):
                break
            via, hops = address, f"{hops}R"
            address = urljoin(address, location.decode("latin-1"))
        return response

    def _parser(self, body: bytes) -> ProtegoRobotParser:
        return ProtegoRobotParser(body, self.crawler.spider)
