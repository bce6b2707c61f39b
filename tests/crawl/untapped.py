"""`python -m tests.crawl.untapped COMMAND...`: the archiver command where nothing can be tapped."""

import sys

from scrapy.core.downloader.handlers.http11 import _LenientHTTP11ClientProtocol

from archiver.cli import main
from archiver.crawl import tap

if __name__ == "__main__":
    tap._TappedProtocol.dataReceived = _LenientHTTP11ClientProtocol.dataReceived  # type: ignore[method-assign]
    sys.argv = ["archiver", *sys.argv[1:]]
    main()
