"""Scrapy's settings: only what departs from its defaults, each with its reason."""

from archiver import __version__

BOT_NAME = "archiver"
SPIDER_MODULES = ["spiders"]

USER_AGENT = f"archiver/{__version__}"
# The product token that robots.txt rules are matched with (RFC 9309 section 2.2.1).
ROBOTSTXT_USER_AGENT = "archiver"
ROBOTSTXT_OBEY = True

# gzip only: the replay viewers cannot show deflate, brotli or zstd.
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "fr,en;q=0.5",
    "Accept-Encoding": "gzip",
}
DOWNLOAD_HANDLERS = {
    "http": "archiver.crawl.handler.CapturingHandler",
    "https": "archiver.crawl.handler.CapturingHandler",
    # Nothing else is a page of a site.
    "file": None,
    "ftp": None,
    "s3": None,
    "data": None,
}
# Written out whole: what a Scrapy version brings is neither on nor imported unless it is named here
# (2.19 came with an HTTP server that runs code; the first cookie makes tldextract fetch a list).
# The spider follows redirects itself, since each is a decision about scope; a proxy taken from the
# environment would be a second party on the wire; the handler decodes what it has captured.
DOWNLOADER_MIDDLEWARES_BASE: dict[str, int] = {}
DOWNLOADER_MIDDLEWARES = {
    "archiver.crawl.guard.GuardMiddleware": 50,
    "archiver.crawl.robots.RobotsMiddleware": 100,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    # Outside the retries: sees what they gave up on.
    "archiver.crawl.outcome.OutcomeMiddleware": 540,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": 550,
    # Inside the retries: a retry then waits as long as the server asked.
    "archiver.crawl.politeness.RetryAfterMiddleware": 551,
}
SPIDER_MIDDLEWARES_BASE: dict[str, int] = {}
# A callback's requests become the frontier's rows.
SPIDER_MIDDLEWARES = {"archiver.crawl.scheduler.FrontierMiddleware": 10}
EXTENSIONS_BASE: dict[str, int] = {}
EXTENSIONS = {"archiver.crawl.progress.Progress": 500}
# Nothing comes out of a callback; each of the hundred by default would be a task for every page.
CONCURRENT_ITEMS = 1
SCHEDULER = "archiver.crawl.scheduler.FrontierScheduler"
TWISTED_DNS_RESOLVER = "archiver.crawl.guard.GuardedResolver"

# Scrapy does not verify certificates unless told to.
DOWNLOAD_VERIFY_CERTIFICATES = True

DOWNLOAD_MAXSIZE = 16 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = 30

CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 1
# At least one second, not one second more or less.
DOWNLOAD_DELAY_JITTER = 0

LOG_LEVEL = "WARNING"
