"""How far a crawl has come: one live line on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from time import monotonic

from rich.console import Console
from rich.live import Live
from rich.text import Text
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import create_looping_call

from archiver.crawl.session import session_of
from archiver.instants import lasting

LIVE_EVERY = 0.25
PLAIN_EVERY = 10.0


class Progress:
    """Scrapy extension; says nothing when the crawl's result is wanted as JSON."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("ARCHIVER_PROGRESS"):
            raise NotConfigured
        self._crawler = crawler
        self._console = Console(stderr=True)
        self._live = (
            Live(console=self._console, auto_refresh=False) if self._console.is_terminal else None
        )
        self._loop = create_looping_call(self._show)
        crawler.signals.connect(self._open, signals.spider_opened)
        crawler.signals.connect(self._close, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Progress:
        return cls(crawler)

    def _open(self) -> None:
        self._began = monotonic()
        if self._live:
            self._live.start()
        self._loop.start(LIVE_EVERY if self._live else PLAIN_EVERY, now=False)

    def _close(self) -> None:
        if self._loop.running:
            self._loop.stop()
        if self._live:
            self._show()
            self._live.stop()

    def _show(self) -> None:
        if self._live:
            self._live.update(Text(self._line()), refresh=True)
        else:
            print(self._line(), file=sys.stderr, flush=True)  # noqa: T201

    def _line(self) -> str:
        session = session_of(self._crawler)
        seconds = monotonic() - self._began
        waiting = session.frontier.counts().pending
        rate = session.pages / seconds if seconds else 0.0
        left = f"about {lasting(waiting / rate)} left" if rate else "starting"
        return (
            f"{session.profile.name}: {session.pages} of {session.pages + waiting} pages, "
            f"{session.articles} articles, {session.errors} errors, {rate:.1f} pages/s, {left}"
        )
