"""The Wayback spider: which captures are asked for of those that the Internet Archive lists.

Those of pages, feeds and REST answers within the site's scope, and those of redirects and missing
pages, which tell what was renamed and what is gone; never images and scripts, nor what the site
answered while it was broken. A capture leads nowhere: what it links to is in the list if it was
captured.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any, Protocol

from scrapy import Request, Spider
from scrapy.http import Response

from archiver.extract.urls import in_scope
from archiver.profiles.model import Profile

LIST, CAPTURE = 100, 50
PAGES = (
    "text/html",
    "application/xhtml+xml",
    "text/xml",
    "application/xml",
    "application/rss+xml",
    "application/atom+xml",
    "application/json",
    "warc/revisit",
    "unk",
)
MISSING = (404, 410)
MOVED = (301, 302, 303, 307, 308)
ASSET = re.compile(
    r"\.(?:avif|css|docx?|eot|gif|ico|jpe?g|js|mp[34]|odt|pdf|png|svg|ttf|webp|woff2?|xlsx?|zip)$",
    re.IGNORECASE,
)
"""No page: that an image is missing is not worth asking for."""


class Line(Protocol):
    """One capture that the Archive lists."""

    @property
    def url(self) -> str: ...
    @property
    def mimetype(self) -> str: ...
    @property
    def status(self) -> int | None: ...
    @property
    def key(self) -> str:
        """What tells it from the others."""


class Archive(Protocol):
    """What the spider may ask."""

    profile: Profile

    def lists(self) -> list[str]:
        """Where the lists of the site's captures begin."""

    def address(self, line: Line) -> str:
        """Where a capture's bytes are given."""

    def holds(self, line: Line) -> bool:
        """Whether a capture came in before."""


class WaybackSpider(Spider):
    """Brings in what the Internet Archive holds of one site."""

    name = "wayback"

    def __init__(self, session: Archive, **options: Any) -> None:
        super().__init__(**options)
        self.session = session

    async def start(self) -> AsyncIterator[Request]:
        for url in self.session.lists():
            yield ask(url, "list", url, LIST)

    def parse(self, response: Response) -> Iterator[Request]:
        page = response.meta.get("page")
        if page is None:
            return
        for line in page.lines:
            if self.is_wanted(line):
                yield ask(self.session.address(line), "capture", line.key, CAPTURE)
        if page.next_page:
            yield ask(page.next_page, "list", page.next_page, LIST)

    def is_wanted(self, line: Line) -> bool:
        if line.status in (None, 200):
            is_fact = line.mimetype in PAGES
        else:
            is_fact = line.status in (*MISSING, *MOVED) and not is_asset(line.url)
        return is_fact and in_scope(line.url, self.session.profile) and not self.session.holds(line)


def ask(url: str, kind: str, key: str, priority: int) -> Request:
    return Request(url, priority=priority, meta={"kind": kind, "key": key})


def is_asset(url: str) -> bool:
    return ASSET.search(url.partition("?")[0]) is not None
