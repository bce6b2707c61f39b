"""`python -m benchmarks.bare FILE`: Scrapy as it comes, downloading the URLs of a file, no more."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response


class BareSpider(Spider):
    """Asks for each URL and looks at nothing; 404 and redirects count as pages, as they do here."""

    name = "bare"
    custom_settings = {  # noqa: RUF012 - Scrapy declares it so
        "HTTPERROR_ALLOW_ALL": True,
        "REDIRECT_ENABLED": False,
        "LOG_LEVEL": "WARNING",
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
    }
    pages = 0

    async def start(self) -> AsyncIterator[Request]:
        for url in Path(sys.argv[1]).read_text().split():
            yield Request(url, dont_filter=True)

    def parse(self, response: Response) -> None:
        del response
        BareSpider.pages += 1


if __name__ == "__main__":
    process = AsyncCrawlerProcess()
    process.crawl(BareSpider)
    process.start()
    sys.stdout.write(f"{BareSpider.pages}\n")
