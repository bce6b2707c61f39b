"""What is said of a request that brought no page."""

from scrapy.exceptions import DownloadFailedError
from twisted.internet.error import ConnectionDone
from twisted.python.failure import Failure
from twisted.web.client import ResponseNeverReceived

from archiver.crawl.outcome import told_by


def test_a_failure_is_told_in_words() -> None:
    error = DownloadFailedError("[<twisted.python.failure.Failure …>]")
    error.__cause__ = ResponseNeverReceived([Failure(ConnectionDone())])  # type: ignore[no-untyped-call]
    assert told_by(error) == "Connection was closed cleanly."
    assert told_by(TimeoutError()) == "TimeoutError"
