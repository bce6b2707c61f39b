"""A whole crawl of the sample site, pages per CPU-second of the crawler's process.

The site runs in a process of its own and serves gzip. The peers do less: the bare Scrapy spider is
handed the URLs that our crawl asked for and keeps nothing; wget follows links, writes the files
and a WARC, and extracts nothing. All three start from nothing in each round, start-up included.
What capture alone costs is the bare spider with our handler beside itself, for each page after the
first.
"""

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from warcio.archiveiterator import ArchiveIterator

from benchmarks.measure import Line, run, show

ARTICLES = 600
ROUNDS = 3
ROUNDS_OF = ("own", "bare", "captured", "bare start", "captured start", "wget")
NOT_ASKED_FOR = (
    r"/wp-(content|includes|json|admin)/|/xmlrpc|/en/|/[0-9]{4}/|/agenda/|/feed/|/(tag|author)/|\?"
)
"""What our crawl leaves aside (or keeps for later) and wget would follow, as a wget pattern."""


@dataclass(frozen=True, slots=True)
class Round:
    """One crawl: the pages it fetched and the CPU and wall seconds it took."""

    pages: int
    cpu: float
    wall: float

    @property
    def rate(self) -> float:
        return self.pages / self.cpu

    def milliseconds_after(self, start: "Round") -> float:
        """CPU time of each page beyond those of another round, such as one of a single page."""
        return 1000 * (self.cpu - start.cpu) / (self.pages - start.pages)

    def __str__(self) -> str:
        return f"{self.rate:.0f} pages/CPU-s ({self.pages} pages, {self.cpu:.1f} s)"


@contextmanager
def sample_site(articles: int) -> Iterator[str]:
    """The sample site in another process, on a free port; gives its address."""
    command = [sys.executable, "-m", "archiver.demo", "0", str(articles)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


def own_round(site: str, folder: Path) -> Round:
    """`archiver crawl` at delay 0: capture, facts, rows, everything."""
    command = (sys.executable, "-m", "archiver", "crawl", site, "--delay", "0", "--no-assets")
    ended = run((*command, "--json", "--data", folder / "data"), folder)
    report = json.loads(ended.output[ended.output.index("{") :])
    return Round(report["captures"], ended.cpu, ended.wall)


def bare_round(urls: Path, folder: Path) -> Round:
    """Scrapy alone, downloading the same URLs."""
    ended = run((sys.executable, "-m", "benchmarks.bare", urls), folder)
    return Round(int(ended.output.split()[-1]), ended.cpu, ended.wall)


def captured_round(urls: Path, folder: Path) -> Round:
    """The same, each exchange durable in a WARC file before it is looked at."""
    ended = run((sys.executable, "-m", "benchmarks.captured", urls, folder / "warc"), folder)
    return Round(int(ended.output.split()[-1]), ended.cpu, ended.wall)


def wget_round(site: str, folder: Path) -> tuple[Round, set[str]]:
    """wget's recursive crawl with a WARC; the pages are its WARC's responses."""
    command = (
        *("wget", "--quiet", "--recursive", "--level=inf", "--compression=gzip"),
        *(f"--warc-file={folder / 'wget'}", f"--directory-prefix={folder / 'files'}"),
        *(f"--reject-regex={NOT_ASKED_FOR}", site),
    )
    ended = run(command, folder)
    with (folder / "wget.warc.gz").open("rb") as file:
        urls = {
            record.rec_headers.get_header("WARC-Target-URI").strip("<>")
            for record in ArchiveIterator(file)
            if record.rec_type == "response"
        }
    return Round(len(urls), ended.cpu, ended.wall), urls


def asked(database: Path) -> list[str]:
    """The URLs of a crawl's captures, in order."""
    with closing(sqlite3.connect(database)) as db:
        return [url for (url,) in db.execute("SELECT url FROM captures ORDER BY id")]


def measure() -> list[Line]:
    """Interleaved rounds of the crawlers; the best of each is compared."""
    rounds: dict[str, list[Round]] = {name: [] for name in ROUNDS_OF}
    with TemporaryDirectory() as temporary, sample_site(ARTICLES) as site:
        urls, first = Path(temporary) / "urls", Path(temporary) / "first"
        others: set[str] = set()
        for number in range(ROUNDS):
            folder = Path(temporary) / str(number)
            for name in rounds:
                (folder / name).mkdir(parents=True)
            rounds["own"].append(own_round(site, folder / "own"))
            listed = asked(folder / "own" / "data" / "archive.db")
            urls.write_text("\n".join(listed))
            first.write_text(listed[0])
            rounds["bare"].append(bare_round(urls, folder / "bare"))
            rounds["captured"].append(captured_round(urls, folder / "captured"))
            rounds["bare start"].append(bare_round(first, folder / "bare start"))
            rounds["captured start"].append(captured_round(first, folder / "captured start"))
            taken, others = wget_round(site, folder / "wget")
            rounds["wget"].append(taken)
        ours = {_spelt(url) for url in urls.read_text().split()}
        theirs = {_spelt(url) for url in others}
    best = {name: max(found, key=lambda one: one.rate) for name, found in rounds.items()}
    us, scrapy, peer = best["own"], best["bare"], best["wget"]
    kept = best["captured"].milliseconds_after(best["captured start"])
    plain = scrapy.milliseconds_after(best["bare start"])
    lines = [
        Line("crawl", str(us), f"bare Scrapy: {scrapy}", us.rate / scrapy.rate, 0.45),
        Line("crawl", str(us), f"wget -r with WARC: {peer}", us.rate / peer.rate, 0.6),
        Line("bare Scrapy", str(scrapy), f"wget -r with WARC: {peer}", scrapy.rate / peer.rate),
        Line(
            "capture",
            f"{kept:.2f} ms a page",
            f"bare Scrapy: {plain:.2f} ms a page",
            kept / plain,
            1.3,
            at_most=True,
        ),
    ]
    notes = (
        f"{ARTICLES} articles, gzip, delay 0, best of {ROUNDS} interleaved rounds.",
        "Start-up is counted, but for capture, whose pages are those after the first.",
        "Every response counts as a page.",
        "Capture is the tap, the records, gzip and fdatasync; facts and rows are in the crawl.",
        f"wget fetched {len(ours & theirs)} of our {len(ours)} URLs; others: "
        + _sample(theirs - ours),
        f"Only ours, since wget reads no REST, sitemap or endless list: {_sample(ours - theirs)}",
    )
    show("Crawl", lines, notes)
    return lines


def _spelt(url: str) -> str:
    """wget writes percent-escapes in small letters."""
    return re.sub(r"%[0-9A-F]{2}", lambda found: found[0].lower(), url)


def _sample(urls: set[str]) -> str:
    """The kinds of addresses in a set: their path with numbers and slugs folded."""
    kinds: dict[str, int] = {}
    for url in sorted(urls):
        path = re.sub(r"\d+", "N", url.split("/", 3)[3].split("?")[0])
        kind = path if path.count("/") > 1 or "." in path else "slug/"
        kinds[kind] = kinds.get(kind, 0) + 1
    most = sorted(kinds.items(), key=lambda item: -item[1])[:6]
    return ", ".join(f"{count} {kind or 'home'}" for kind, count in most) or "none"
