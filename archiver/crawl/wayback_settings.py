"""Scrapy's settings for the Internet Archive: what departs from those for a live site, each with
its reason. The rest is in `archiver.crawl.settings`.
"""

from archiver.crawl.wayback_list import Unreadable

# Captures are kept as what the site once sent, lists are only read.
DOWNLOAD_HANDLERS = {
    "http": "archiver.crawl.wayback_handler.WaybackHandler",
    "https": "archiver.crawl.wayback_handler.WaybackHandler",
    "file": None,
    "ftp": None,
    "s3": None,
    "data": None,
}
# The Archive's robots.txt speaks to those who walk through its pages from link to link. Here a
# person asks its interface for programs for one site, and no link is followed; what holds is the
# pace, Retry-After and giving up. No guard on addresses either: the handler refuses every other
# server than the Archive.
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "archiver.crawl.outcome.OutcomeMiddleware": 540,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": 550,
    "archiver.crawl.politeness.RetryAfterMiddleware": 551,
    "archiver.crawl.wayback_handler.BackOffMiddleware": 552,
}
RETRY_TIMES = 4
# Scrapy's own, without what the compression middleware needs, and what the Archive does when busy.
RETRY_EXCEPTIONS = [
    "scrapy.exceptions.CannotResolveHostError",
    "scrapy.exceptions.DownloadConnectionRefusedError",
    "scrapy.exceptions.DownloadFailedError",
    "scrapy.exceptions.DownloadTimeoutError",
    "scrapy.exceptions.ResponseDataLossError",
    Unreadable,
]
CONCURRENT_REQUESTS = 1
# Old captures lie on slow disks.
DOWNLOAD_TIMEOUT = 120
