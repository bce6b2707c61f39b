"""Crawls of the sample site without the start of a whole command: each in a process of its own,
since Scrapy's reactor runs once in a process, forked from one that has imported everything."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from archiver.crawl.report import CrawlReport
from archiver.crawl.run import crawl
from archiver.crawl.session import CrawlOptions
from archiver.demo.server import DemoSite
from archiver.folder import DataFolder
from archiver.profiles import load
from spiders.news import NewsSpider


class Crawling:
    """Crawls one after another while the context is open, hardly with a pause, but over one
    connection, as in a real crawl."""

    def __enter__(self) -> "Crawling":
        context = get_context("forkserver")
        context.set_forkserver_preload([__name__])
        self._pool = ProcessPoolExecutor(1, mp_context=context, max_tasks_per_child=1)
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()

    def requests_of(
        self,
        site: DemoSite,
        data: Path,
        *,
        full: bool = False,
        outcome: str = "complete",
        profile: Path | None = None,
    ) -> list[str]:
        """Crawl, and the paths that were asked for, with their queries."""
        before = len(site.requests)
        word = str(profile) if profile else site.url
        report = self._pool.submit(_crawl, word, data, full).result()
        assert report.outcome == outcome, report
        return [request.path for request in site.requests[before:]]


def _crawl(word: str, data: Path, full: bool) -> CrawlReport:
    options = CrawlOptions(delay=0.001, assets=False, full=full)
    return crawl(load(word), options, DataFolder(data), NewsSpider, progress=False)
