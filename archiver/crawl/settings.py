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
# The handler decodes what it has captured; a second time would cost and change nothing.
COMPRESSION_ENABLED = False

DOWNLOAD_HANDLERS = {
    "http": "archiver.crawl.handler.CapturingHandler",
    "https": "archiver.crawl.handler.CapturingHandler",
    # Nothing else is a page of a site.
    "file": None,
    "ftp": None,
    "s3": None,
    "data": None,
}
DOWNLOADER_MIDDLEWARES = {
    # The first cookie would make tldextract fetch the public suffix list.
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    # Scope is the spider's and the guard's; nobody logs in, nor reads these counts.
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.stats.DownloaderStats": None,
    "archiver.crawl.guard.GuardMiddleware": 50,
    "archiver.crawl.robots.RobotsMiddleware": 100,
    # Outside the retries (550): sees what they gave up on.
    "archiver.crawl.outcome.OutcomeMiddleware": 540,
    # Inside the retries: a retry then waits as long as the server asked.
    "archiver.crawl.politeness.RetryAfterMiddleware": 551,
}
SPIDER_MIDDLEWARES = {
    # 404, 410 and 5xx are facts to record.
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
    # A callback's requests become the frontier's rows: these four set or watch what no row keeps.
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": None,
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
    # The scope bounds the length of a URL.
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    # Nearest to the engine: it takes what all the others let through.
    "archiver.crawl.scheduler.FrontierMiddleware": 10,
}
EXTENSIONS = {
    "archiver.crawl.progress.Progress": 500,
    # On by default since 2.19: an HTTP server that runs code.
    "scrapy.extensions.remote_control.RemoteControl": None,
    "scrapy.extensions.telnet.TelnetConsole": None,
}
# Nothing comes out of a callback; each of the hundred by default would be a task for every page.
CONCURRENT_ITEMS = 1
SCHEDULER = "archiver.crawl.scheduler.FrontierScheduler"
TWISTED_DNS_RESOLVER = "archiver.crawl.guard.GuardedResolver"

# Scrapy does not verify certificates unless told to.
DOWNLOAD_VERIFY_CERTIFICATES = True
# The spider follows redirects itself: each is a decision about scope.
REDIRECT_ENABLED = False
METAREFRESH_ENABLED = False
# A proxy taken from the environment would be a second party on the wire.
HTTPPROXY_ENABLED = False

DOWNLOAD_MAXSIZE = 16 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = 30

CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 1
# At least one second, not one second more or less.
DOWNLOAD_DELAY_JITTER = 0

LOG_LEVEL = "WARNING"
