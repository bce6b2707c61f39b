"""Sixty-four readers, each asking for a page a second, while a crawl of ten pages a second writes
to the archive that they read.

The crawl must not take a fifth longer than alone, and no reader may meet an error. `archiver serve`
and `archiver crawl` are processes of their own on an archive of 1,000 articles; the sample site is
another. Readers follow a seed: home, searches, articles, ministers, comments.
"""

import asyncio
import random
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from archiver.instants import parse_instant
from benchmarks import filling
from benchmarks.crawling import sample_site
from benchmarks.measure import Line, show
from benchmarks.serving import own, serving

READERS = 64
ARTICLES = 1_000
PAGES = 300
DELAY = "0.1"
LONGEST = 30.0


@dataclass(frozen=True, slots=True)
class Read:
    """What the readers met: how many pages, how many errors of each status (0 where there was no
    answer), and their waits in milliseconds, in order."""

    pages: int
    errors: Mapping[int, int]
    waits: tuple[float, ...]

    def __str__(self) -> str:
        middle, high = self.waits[len(self.waits) // 2], self.waits[len(self.waits) * 95 // 100]
        errors = ", ".join(f"{n} × {status}" for status, n in self.errors.items()) or "no error"
        return f"{self.pages} pages, {errors}, {middle:.0f} / {high:.0f} ms"


def measure() -> list[Line]:
    """The crawl alone, then with readers, each on a copy of the same archive."""
    with TemporaryDirectory() as name, sample_site(PAGES * 2) as site:
        folders = [Path(name) / str(number) for number in range(2)]
        for folder in folders:
            folder.mkdir()
        filling.fill(folders[0] / "archive.db", ARTICLES)
        shutil.copy(folders[0] / "archive.db", folders[1])
        alone = crawl(site, folders[0])
        read = asyncio.run(crawl_with_readers(site, folders[1]))
        together = rate(folders[1] / "archive.db")
    lines = [
        Line(
            "crawl with readers, beside alone",
            f"{together:.1f} pages/s",
            f"{alone:.1f} pages/s",
            together / alone,
            0.8,
        ),
        Line(
            "errors that readers met",
            str(read),
            "",
            sum(read.errors.values()),
            0,
            at_most=True,
            unit="",
        ),
        Line(
            "pages a second that readers had",
            f"{read.pages * together / PAGES:.1f}",
            f"asked for: {READERS}",
            read.pages * together / PAGES,
            unit="pages/s",
        ),
    ]
    notes = (
        f"{READERS} readers, a page a second each; {PAGES} pages crawled, {DELAY} s apart;",
        f"an archive of {ARTICLES:,} articles.",
        "of readers: pages, errors, median / 95th percentile of their waits.",
    )
    show("Readers during a crawl", lines, notes)
    return lines


def command(site: str, folder: Path) -> list[str]:
    """The crawl."""
    words = [sys.executable, "-m", "archiver", "crawl", site, "--delay", DELAY, "--no-assets"]
    return [*words, "--max-pages", str(PAGES), "--data", str(folder)]


def crawl(site: str, folder: Path) -> float:
    """Crawl, and tell the pages a second."""
    subprocess.run(command(site, folder), check=True, capture_output=True)
    return rate(folder / "archive.db")


def rate(database: Path) -> float:
    """Pages a second of the last crawl, from its first capture to its last."""
    with closing(sqlite3.connect(database)) as connection:
        count, first, last = connection.execute(
            "SELECT count(*), min(captured_at), max(captured_at) FROM captures"
            " WHERE crawl_id = (SELECT max(id) FROM crawls)"
        ).fetchone()
    return float((count - 1) / (parse_instant(last) - parse_instant(first)).total_seconds())


async def crawl_with_readers(site: str, folder: Path) -> Read:
    """Serve the archive, crawl into it, and read until the crawl has ended."""
    with serving(own(folder / "archive.db")) as server:
        crawler = await asyncio.create_subprocess_exec(
            *command(site, folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        ended = asyncio.Event()
        limits = httpx.Limits(max_connections=READERS)
        address = f"http://127.0.0.1:{server.port}"
        async with httpx.AsyncClient(base_url=address, limits=limits, timeout=LONGEST) as client:
            readers = [
                asyncio.create_task(reader(client, number, ended)) for number in range(READERS)
            ]
            code = await crawler.wait()
            ended.set()
            met = [one for found in await asyncio.gather(*readers) for one in found]
    assert code == 0, f"the crawl ended with {code}"
    errors = Counter(status for status, _ in met if status != 200)
    return Read(len(met), errors, tuple(sorted(wait for _, wait in met)))


async def reader(
    client: httpx.AsyncClient, number: int, ended: asyncio.Event
) -> list[tuple[int, float]]:
    """Status (0 where there was no answer) and milliseconds of each page that one reader asks for,
    on the second, or as soon as the one before has come."""
    paths = wanted(random.Random(number))
    loop = asyncio.get_running_loop()
    due = loop.time() + number / READERS
    met = []
    while not ended.is_set():
        await asyncio.sleep(max(0.0, due - loop.time()))
        due = max(due + 1, loop.time())
        began = loop.time()
        try:
            status = (await client.get(next(paths))).status_code
        except httpx.HTTPError:
            status = 0
        met.append((status, 1000 * (loop.time() - began)))
    return met


def wanted(chance: random.Random) -> Iterator[str]:
    """What a reader looks at, page after page."""
    words = filling.COMMON.split()
    while True:
        article = chance.randint(1, ARTICLES)
        word = chance.choice(words)
        yield from (
            "/",
            f"/recherche?q={word}",
            f"/article/{filling.SITE}/{article}?q={word}",
            f"/article/{filling.SITE}/{chance.randint(1, ARTICLES)}",
            chance.choice(("/ministres", "/commentaires", "/recherche?statut=sans-reponse")),
        )
