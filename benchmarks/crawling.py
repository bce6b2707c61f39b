"""A whole crawl of the sample site, pages per CPU-second of the crawler's process.

The site runs in a process of its own and serves gzip. The peers do less: the bare Scrapy spider is
handed the URLs that our crawl asked for and keeps nothing; wget follows links, writes the files
and a WARC, and extracts nothing. All three start from nothing in each round, start-up included.
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
    """Interleaved rounds of the three crawlers; the best of each is compared."""
    own: list[Round] = []
    bare: list[Round] = []
    wget: list[Round] = []
    with TemporaryDirectory() as temporary, sample_site(ARTICLES) as site:
        urls = Path(temporary) / "urls"
        others: set[str] = set()
        for number in range(ROUNDS):
            folder = Path(temporary) / str(number)
            for name in ("own", "bare", "wget"):
                (folder / name).mkdir(parents=True)
            own.append(own_round(site, folder / "own"))
            urls.write_text("\n".join(asked(folder / "own" / "data" / "archive.db")))
            bare.append(bare_round(urls, folder / "bare"))
            taken, others = wget_round(site, folder / "wget")
            wget.append(taken)
        ours = {_spelt(url) for url in urls.read_text().split()}
        theirs = {_spelt(url) for url in others}
    us, scrapy, peer = (max(rounds, key=lambda one: one.rate) for rounds in (own, bare, wget))
    lines = [
        Line("crawl", str(us), f"bare Scrapy: {scrapy}", us.rate / scrapy.rate, 0.45),
        Line("crawl", str(us), f"wget -r with WARC: {peer}", us.rate / peer.rate, 0.6),
        Line("bare Scrapy", str(scrapy), f"wget -r with WARC: {peer}", scrapy.rate / peer.rate),
    ]
    notes = (
        f"{ARTICLES} articles, gzip, delay 0, best of {ROUNDS} interleaved rounds, with start-up.",
        "Every response counts as a page.",
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
