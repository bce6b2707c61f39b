"""What watching a site costs: the requests and seconds of its first crawl, and of a later one when
nothing has changed but every page is old enough to be asked for again.

The requests are those that the sample site was sent. One connection, hardly a pause, no assets;
against a real site a crawl takes at least as many seconds as it asks for pages.
"""

import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from archiver.demo.server import DemoSite
from archiver.demo.switches import Switches
from benchmarks.measure import Line, run, show
from tests.incremental.archives import age

SIZES = (100, 1_000, 5_000)
LISTS = {
    "REST and sitemap": Switches(),
    "sitemap": Switches(rest_status=404),
    "feeds, listings": Switches(rest_status=404, sitemap_status=404),
}
OLD = 30
"""Days since the first crawl, when every page is due to be refreshed."""


@dataclass(frozen=True, slots=True)
class Cost:
    """One crawl: requests, wall seconds and the crawler's CPU seconds."""

    requests: int
    wall: float
    cpu: float

    def __str__(self) -> str:
        return f"{self.requests} requests, {self.wall:.0f} s ({self.cpu:.0f} s CPU)"


def bound(articles: int, lists: str) -> float:
    """The most requests that a crawl of an unchanged site may need."""
    return 8 + articles / (10 if lists == "feeds, listings" else 50)


def crawl(site: DemoSite, folder: Path) -> Cost:
    """`archiver crawl` as an archivist runs it, but for the pause."""
    before = len(site.requests)
    command = (sys.executable, "-m", "archiver", "crawl", site.url, "--data", folder / "data")
    ended = run((*command, "--delay", "0.001", "--no-assets", "--json"), folder)
    return Cost(len(site.requests) - before, ended.wall, ended.cpu)


def measure() -> list[Line]:
    """A first crawl and one of the unchanged site, for each size and set of lists."""
    lines = []
    for articles in SIZES:
        for lists, switches in LISTS.items():
            with (
                TemporaryDirectory() as temporary,
                DemoSite(articles=articles, switches=switches) as site,
            ):
                first = crawl(site, Path(temporary))
                age(Path(temporary) / "data", OLD)
                again = crawl(site, Path(temporary))
            what = f"{articles} articles, {lists}"
            most = bound(articles, lists)
            lines.append(
                Line(
                    *(what, f"unchanged: {again}", f"first crawl: {first}"),
                    *(again.requests, most),
                    at_most=True,
                    unit="requests",
                )
            )
    show("Watching", lines, ("One connection, a pause of a millisecond, no assets.",))
    return lines
