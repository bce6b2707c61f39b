"""`python -m benchmarks.captured FILE FOLDER`: the bare spider with our download handler, so that
each exchange is durable in a WARC file before it is looked at; no facts, no rows."""

import sys
from dataclasses import dataclass
from pathlib import Path

from scrapy import Request
from scrapy.crawler import AsyncCrawlerProcess

from archiver.extract.facts import Facts, Role
from archiver.ingest import Recorded, as_stored
from archiver.warc.coding import decode
from archiver.warc.http import list_members
from archiver.warc.model import Exchange
from archiver.warc.writer import WarcWriter
from benchmarks.bare import BareSpider


@dataclass(slots=True)
class Captures:
    """What the handler asks of a crawl's session."""

    writer: WarcWriter
    exact: bool = False

    def record(self, exchange: Exchange, request: Request) -> Recorded:
        del request
        stored = as_stored(exchange, self.writer.write(exchange))
        coding = list_members(stored.headers.get("content-encoding", ()))
        body = decode(stored.body, coding).body
        return Recorded(0, Facts(Role.OTHER), stored.status or 0, stored.headers, body)

    def note_exactness(self, exact: bool) -> None:
        self.exact = exact


class CapturedSpider(BareSpider):
    """The bare spider, with the session that the handler looks for."""

    def __init__(self, session: Captures) -> None:
        super().__init__()
        self.session = session


if __name__ == "__main__":
    handler = "archiver.crawl.handler.CapturingHandler"
    settings = {
        "ARCHIVER_SEED": Path(sys.argv[1]).read_text().split()[0],
        "TWISTED_DNS_RESOLVER": "archiver.crawl.guard.GuardedResolver",
        "DOWNLOAD_HANDLERS": {"http": handler, "https": handler},
        "COMPRESSION_ENABLED": False,  # the handler decodes, and asks for no coding by itself
        "DEFAULT_REQUEST_HEADERS": {"Accept-Encoding": "gzip"},
    }
    process = AsyncCrawlerProcess(settings)
    with WarcWriter(Path(sys.argv[2]), prefix="bench", info={"software": "benchmark"}) as writer:
        captures = Captures(writer)
        process.crawl(CapturedSpider, session=captures)
        process.start()
    assert captures.exact
    sys.stdout.write(f"{BareSpider.pages}\n")
