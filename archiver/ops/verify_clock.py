"""The server's clock beside ours: the `Date` of each answer and the instant of its capture.

A clock that is wrong is no damage, but whoever relies on an instant should know of it. RFC 9110
section 6.6.1 (Date) and RFC 9111 section 5.1 (Age, of an answer that a cache had kept).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from archiver.counting import counted
from archiver.instants import parse_instant
from archiver.ops.verify_model import Finding
from archiver.warc.model import StoredExchange

TOLERATED = timedelta(minutes=5)
_ADVICE = "check this machine's clock; if it is right, the site's is not"


@dataclass(slots=True)
class _Apart:
    captures: int
    widest: timedelta
    offset: int
    url: str


class Clocks:
    """The hosts of one WARC file whose clock is further from ours than is tolerated."""

    def __init__(self) -> None:
        self._hosts: dict[str, _Apart] = {}

    def compare(self, capture: StoredExchange) -> None:
        """Take in one capture; an answer without a readable Date says nothing."""
        said = served_at(capture)
        if said is None:
            return
        apart = said - parse_instant(capture.captured_at)
        if abs(apart) <= TOLERATED:
            return
        host = urlsplit(capture.url).netloc
        known = self._hosts.get(host)
        if known is None:
            self._hosts[host] = _Apart(1, apart, capture.place.warc_offset, capture.url)
        else:
            known.captures += 1
            known.widest = max(known.widest, apart, key=abs)

    def findings(self, file: str) -> Iterator[Finding]:
        """One warning for each host."""
        for host, apart in self._hosts.items():
            minutes = abs(apart.widest).total_seconds() / 60
            what = (
                f"the clock of {host} was up to {counted(round(minutes), 'minute')} "
                f"{'ahead of' if apart.widest > timedelta() else 'behind'} ours "
                f"in {counted(apart.captures, 'capture')}"
            )
            yield Finding(file, apart.offset, apart.url, what, _ADVICE)


def served_at(capture: StoredExchange) -> datetime | None:
    """When the answer was sent, by the server's clock; None when it does not say."""
    dates = capture.headers.get("date", ())
    ages = capture.headers.get("age", ())
    try:
        date = parsedate_to_datetime(dates[-1])
        age = int(ages[-1]) if ages and ages[-1].isascii() and ages[-1].isdigit() else 0
        return date.replace(tzinfo=date.tzinfo or UTC) + timedelta(seconds=age)
    except (IndexError, ValueError, TypeError, OverflowError):
        return None
