"""One import from the Internet Archive: a session whose captures are those that the Archive made.

What the Archive does not give stays in the frontier, so that the next import asks for it again, at
its end; when it gives nothing several times in a row, the import stops.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from archiver.crawl.session import Session
from archiver.crawl.wayback_list import Line, list_addresses
from archiver.store.frontier import Left, Target
from archiver.warc.model import Exchange, Original

logger = logging.getLogger(__name__)

MOST_FAILURES = 3
"""Captures in a row that are given up before the import stops."""


@dataclass(slots=True)
class WaybackSession(Session):
    """`archive` is the Archive's base URL, `hosts` are the site's, `left` has
    the targets that it did not give."""

    archive: str = ""
    hosts: tuple[str, ...] = ()
    left: dict[int, Left] = field(default_factory=dict)
    failures: int = 0

    def lists(self) -> list[str]:
        """Where the lists of the site's captures begin."""
        return [url for host in self.hosts for url in list_addresses(self.archive, host)]

    def address(self, line: Line) -> str:
        """Where a capture's bytes are given."""
        return line.address(self.archive)

    def holds(self, line: Line) -> bool:
        """Whether a capture came in before, with this import or an earlier one."""
        return bool(self.store.captures_referred_to(None, line.url, line.captured_at))

    def exhausted(self) -> bool:
        """Never: a person asked for all that the Archive holds."""
        return False

    def failed(self, target: int, url: str, reason: str) -> None:
        """A capture was not given, or a list, without which nothing is known: both stay pending."""
        if self.error:
            return
        self.errors += 1
        self.failures += 1
        self.left[target] = Left(url, reason)
        logger.warning("%s was not given: %s", url, reason)
        is_list = url.startswith(f"{self.archive}/cdx/")
        if not is_list:
            self.frontier.postpone(target)
        if self.failures >= MOST_FAILURES or is_list:
            self.stop(f"the Internet Archive does not answer ({reason})")

    def finished(self, target: int | None, kind: str, asked: Sequence[Target]) -> None:
        """As for a live site; but an answer that was given up is not the end of its target."""
        if target not in self.left:
            self.failures = 0
            Session.finished(self, target, kind, asked)

    def _original_of(self, exchange: Exchange) -> Original | None:  # noqa: ARG002
        """None: what another archive gave is kept whole, be it known from elsewhere or not."""
        return None
