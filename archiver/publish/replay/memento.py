"""Memento: the captures of an address by instant (RFC 7089, pattern 2.1 with a remote TimeGate).

Three resources: `/timegate/<url>` leads to the capture nearest to Accept-Datetime,
`/timemap/<url>` lists them all, `/memento/<14 digits>/<url>` gives a capture's entity as it was
captured, content coding included, in a sandbox where nothing of it can run.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import quote, urljoin

from archiver.instants import parse_instant
from archiver.publish.pieces import Stream
from archiver.publish.replay.requests import Asked
from archiver.store.model import CaptureRow
from archiver.warc.cdxj import timestamp
from archiver.warc.model import StoredExchange

LINK_FORMAT = "application/link-format"
# A captured page is shown without running, loading or framing anything.
INERT = "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_MEMENTO = re.compile(r"/memento/(\d{14})/(.+)", re.ASCII | re.DOTALL)
_KEPT_HEADERS = ("content-encoding", "content-language")
_PRINTABLE = re.compile(r"[\x20-\x7e\xa0-\xff]{1,1000}")
_IN_URI = "%/:=&?~#+!$,;'@()*[]"
_SLASHES = re.compile(r"(https?):/+(?=[^/])", re.IGNORECASE)


def asked_memento(asked: Asked) -> tuple[str, str] | None:
    """(14 digits, the address) of a request for a memento."""
    match = _MEMENTO.fullmatch(asked.path)
    return (match[1], _with_query(asked, match[2])) if match else None


def asked_url(asked: Asked, prefix: str) -> str | None:
    """The address after a prefix such as `/timemap/`."""
    rest = asked.path.removeprefix(prefix)
    return _with_query(asked, rest) if rest and rest != asked.path else None


def _with_query(asked: Asked, url: str) -> str:
    """An address out of a path, where proxies make one slash of two."""
    url = _SLASHES.sub(r"\1://", url, count=1)
    return f"{url}?{asked.query}" if asked.query else url


def nearest(rows: Sequence[CaptureRow], moment: datetime) -> CaptureRow:
    """The capture nearest in time, to the second; of equals the earliest."""
    return min(rows, key=lambda row: abs(_seconds(row) - moment))


def at_stamp(rows: Sequence[CaptureRow], stamp: str) -> CaptureRow | None:
    """The first capture in the second that 14 digits name."""
    return next((row for row in rows if timestamp(row.captured_at) == stamp), None)


def read_stamp(stamp: str) -> datetime | None:
    """14 digits as an instant; None for a day or an hour that does not exist."""
    try:
        return datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def timegate(asked: Asked, rows: Sequence[CaptureRow]) -> Stream:
    """The redirect of a TimeGate: to the newest capture, or by Accept-Datetime."""
    wanted = asked.headers.get("accept-datetime")
    chosen = rows[-1]
    if wanted is not None:
        moment = _http_date(wanted)
        if moment is None:
            sentence = (
                "Accept-Datetime n’est pas une date HTTP, comme « Thu, 31 May 2012 20:35:00 GMT »."
            )
            return plain(400, sentence, {"vary": "accept-datetime"})
        chosen = nearest(rows, moment)
    links = _links(asked, rows, chosen)
    headers = {"location": memento_uri(asked, chosen), "vary": "accept-datetime", "link": links}
    return plain(302, "", headers)


def timemap(asked: Asked, url: str, rows: Sequence[CaptureRow]) -> Stream:
    """Every capture of an address, as links."""
    span = f'from="{_date(rows[0])}"; until="{_date(rows[-1])}"'
    lines = [
        f'<{_uri(rows[-1].url)}>; rel="original"',
        f'<{asked.origin}/timemap/{_uri(url)}>; rel="self"; type="{LINK_FORMAT}"; {span}',
        f'<{asked.origin}/timegate/{_uri(url)}>; rel="timegate"',
        *(_memento(asked, rows, row) for row in rows),
    ]
    return Stream([",\n".join(lines).encode() + b"\n"], LINK_FORMAT)


def memento(
    asked: Asked, rows: Sequence[CaptureRow], row: CaptureRow, capture: StoredExchange, body: bytes
) -> Stream:
    """A capture's own status and entity. A redirect leads to the capture of where it led."""
    headers = {"memento-datetime": _date(row), "link": _links(asked, rows, row)}
    for name in _KEPT_HEADERS:
        value = ", ".join(capture.headers.get(name, ()))
        if _PRINTABLE.fullmatch(value):
            headers[name] = value
    headers["content-security-policy"] = INERT
    target = _target(row, capture)
    if target is not None:
        headers["location"] = f"{asked.origin}/memento/{timestamp(row.captured_at)}/{_uri(target)}"
    named = capture.headers.get("content-type", (capture.content_type or "",))[-1]
    kind = named if _PRINTABLE.fullmatch(named) else "application/octet-stream"
    status = row.status or 200
    return Stream([b"" if status in {204, 205} else body], kind, status, headers)


def _target(row: CaptureRow, capture: StoredExchange) -> str | None:
    """Where a captured redirect led; None for other answers, and where it led nowhere."""
    location = capture.headers.get("location", ("",))[-1]
    if not location or not 300 <= (row.status or 200) < 400:
        return None
    try:
        return urljoin(row.url, location)
    except ValueError:
        return None


def memento_uri(asked: Asked, row: CaptureRow) -> str:
    """The address of a capture as a memento."""
    return f"{asked.origin}/memento/{timestamp(row.captured_at)}/{_uri(row.url)}"


def plain(status: int, sentence: str, headers: dict[str, str] | None = None) -> Stream:
    """A sentence for people and programs."""
    content = f"{sentence}\n".encode() if sentence else b""
    return Stream([content], "text/plain; charset=utf-8", status, headers or {})


def _links(asked: Asked, rows: Sequence[CaptureRow], row: CaptureRow) -> str:
    """The Link header of a memento or of the answer that leads to it."""
    at = rows.index(row)
    shown = {0, max(at - 1, 0), at, min(at + 1, len(rows) - 1), len(rows) - 1}
    return ", ".join(
        (
            f'<{_uri(row.url)}>; rel="original"',
            f'<{asked.origin}/timegate/{_uri(row.url)}>; rel="timegate"',
            f'<{asked.origin}/timemap/{_uri(row.url)}>; rel="timemap"; type="{LINK_FORMAT}"',
            *(_memento(asked, rows, rows[index], at) for index in sorted(shown)),
        )
    )


def _memento(
    asked: Asked, rows: Sequence[CaptureRow], row: CaptureRow, at: int | None = None
) -> str:
    index = rows.index(row) if at is not None else -1
    names = {
        "first": row is rows[0],
        "last": row is rows[-1],
        "prev": at is not None and index == at - 1,
        "next": at is not None and index == at + 1,
    }
    rel = " ".join((*(name for name, holds in names.items() if holds), "memento"))
    return f'<{memento_uri(asked, row)}>; rel="{rel}"; datetime="{_date(row)}"'


def _seconds(row: CaptureRow) -> datetime:
    return parse_instant(row.captured_at).replace(microsecond=0)


def _date(row: CaptureRow) -> str:
    return format_datetime(_seconds(row), usegmt=True)


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _uri(url: str) -> str:
    return quote(url, safe=_IN_URI)
