"""The Internet Archive's list of captures, asked for and read.

Its CDX server answers JSON: a first row of names, a row for each capture and, when there is more,
an empty row and a resume key (https://github.com/internetarchive/wayback/tree/master/wayback-cdx-server).
A row is kept as one text, which serves as the capture's key in the frontier. What does not have the
shape of a row is left out; an answer that is no list raises.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qs, quote, urlsplit

from archiver.instants import format_instant

PAGE = 3_000
"""Rows asked for at once."""

FIELDS = ("timestamp", "original", "mimetype", "statuscode", "digest", "length")
GOOD = "statuscode:(200|-)"
"""Pages, and revisits of pages, whose row has no status."""

LONGEST_URL = 2_000
LONGEST_WORD = 100
_DIGITS = re.compile(r"\d{14}")


class Unreadable(Exception):
    """The Archive answered with something else than what it was asked for; it may do better when it
    is asked again."""


@dataclass(frozen=True, slots=True)
class Line:
    """One capture that the Archive holds: `digest` is the SHA-1 of its payload in base 32, `status`
    None for a revisit."""

    timestamp: str
    url: str
    mimetype: str
    status: int | None
    digest: str

    @property
    def captured_at(self) -> str:
        """The instant of the capture; the Archive keeps it to the second."""
        moment = datetime.strptime(self.timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        return format_instant(moment)

    @property
    def key(self) -> str:
        """The line as text; `of_key` reads it back."""
        status = "-" if self.status is None else str(self.status)
        return " ".join((self.timestamp, self.mimetype, status, self.digest, self.url))

    @classmethod
    def of_key(cls, key: str) -> "Line":
        timestamp, mimetype, status, digest, url = key.split(" ", 4)
        return cls(timestamp, url, mimetype, None if status == "-" else int(status), digest)

    def address(self, archive: str) -> str:
        """Where the Archive at the base URL `archive` gives the bytes as it received them."""
        return f"{archive}/web/{self.timestamp}id_/{self.url.replace('#', '%23')}"


@dataclass(frozen=True, slots=True)
class ListPage:
    """A part of the list, and the address of the next one."""

    lines: tuple[Line, ...]
    next_page: str | None


def list_addresses(archive: str, host: str) -> tuple[str, ...]:
    """Where the list of a host's captures begins: that of its pages, of which those with the same
    bytes one after the other count once, and that of redirects and missing pages. The latter all
    have the same few bytes, so that leaving out equal ones would leave out facts."""
    fields = f"&output=json&fl={','.join(FIELDS)}&showResumeKey=true&limit={PAGE}"
    query = f"{archive}/cdx/search/cdx?url={quote(host, safe=':')}/*{fields}"
    good = quote(GOOD, safe=":")
    return f"{query}&filter={good}&collapse=digest", f"{query}&filter=!{good}"


def read_list(body: bytes, address: str) -> ListPage:
    """Read the answer that `address` gave; raises Unreadable when it is no list."""
    try:
        rows = json.loads(body) if body.strip() else []
    except (ValueError, RecursionError) as error:
        raise Unreadable("the list of captures is not JSON") from error
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise Unreadable("the list of captures is not made of rows")
    if rows and tuple(rows[0]) != FIELDS:
        raise Unreadable("the list of captures has other columns")
    key = None
    if len(rows) > 2 and not rows[-2] and len(rows[-1]) == 1:
        key = str(rows[-1][0])
    return ListPage(tuple(_lines(rows[1:])), next_address(address, key) if key else None)


def next_address(address: str, key: str) -> str | None:
    """The same list from a resume key on, which comes escaped; None when it leads nowhere new."""
    escaped = quote(key, safe="%+")
    if parse_qs(f"key={escaped}") == parse_qs(f"key={_key_in(address)}"):
        return None
    return f"{address.partition('&resumeKey=')[0]}&resumeKey={escaped}"


def _key_in(address: str) -> str:
    return urlsplit(address).query.partition("&resumeKey=")[2]


def _lines(rows: list[list[object]]) -> Iterator[Line]:
    for row in rows:
        words = [word for word in row if isinstance(word, str) and word.isprintable()]
        if len(words) != len(FIELDS) or any(not word or " " in word for word in words):
            continue
        timestamp, url, mimetype, status, digest, _ = words
        if not _DIGITS.fullmatch(timestamp) or len(url) > LONGEST_URL:
            continue
        if max(map(len, (mimetype, status, digest))) > LONGEST_WORD:
            continue
        if status != "-" and not re.fullmatch("[1-9][0-9][0-9]", status):
            continue
        line = Line(timestamp, url, mimetype, None if status == "-" else int(status), digest)
        try:
            line.captured_at  # noqa: B018 - a day that no calendar has
        except ValueError:
            continue
        yield line
