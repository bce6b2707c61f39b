"""What the Archive gives for one capture, made into the exchange that it once had.

The original headers come as `x-archive-orig-*`, the instant as `Memento-Datetime` (RFC 7089 section
2.1.1). Whatever lacks these is the Archive speaking, not the site, whatever its status: such an
answer is a gap. Of the bytes only the payload is the site's own; header lines that describe a
coding which the payload no longer has are left out.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from scrapy.exceptions import IgnoreRequest

from archiver.crawl.wayback_list import Line, Unreadable
from archiver.instants import format_instant
from archiver.warc.coding import decode
from archiver.warc.http import list_members, media_type
from archiver.warc.model import Exchange, Truncation

ORIGINAL = "x-archive-orig-"
_SHA1 = re.compile("[A-Z2-7]{32}")
_GZIP = b"\x1f\x8b"
_PAGE_TYPES = re.compile(r"text/html|application/json|(?:text|application)/(?:[\w.-]+\+)?xml")

Headers = Mapping[str, tuple[str, ...]]


class Gap(IgnoreRequest):
    """The Archive lists a capture and does not give it; asking again would not help."""


def is_page_type(mimetype: str) -> bool:
    """Whether facts can be read from a media type: HTML, feeds and other XML, JSON."""
    return _PAGE_TYPES.fullmatch(mimetype) is not None


def exchange_of(line: Line, address: str, status: int, headers: Headers, body: bytes) -> Exchange:
    """The exchange that the capture `line` keeps, from what `address` answered; header names are
    lower-case.

    Raises Gap when this is not that capture, Unreadable when it came damaged.
    """
    _check_that_it_is(line, status, headers)
    original = {
        name.removeprefix(ORIGINAL): values
        for name, values in headers.items()
        if name.startswith(ORIGINAL)
    }
    if "content-type" not in original and "content-type" in headers:
        original["content-type"] = headers["content-type"]
    if status == 200 and not is_page_type(media_type(original) or "text/html"):
        raise Gap(f"it is no page but {media_type(original)}")
    payload, is_coded = _payload(line, headers, original, body)
    return Exchange(
        url=line.url,
        captured_at=line.captured_at,
        request=b"",
        response=_head(status, original, len(payload), is_coded=is_coded) + payload,
        method="imported",
        protocols=(),
        truncated=_truncation(original, len(payload)),
        source_uri=address,
    )


def _check_that_it_is(line: Line, status: int, headers: Headers) -> None:
    stated = headers.get("memento-datetime")
    if stated is None:
        raise Gap(f"the Archive answered {status} and no capture")
    try:
        moment = parsedate_to_datetime(stated[0])
    except ValueError:
        raise Gap("the Archive does not say of when its answer is") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    if format_instant(moment) != line.captured_at:
        raise Gap("the Archive gave a capture of another time")
    expected = line.status
    if status != (expected or status) or not _is_known(status):
        raise Gap(f"the Archive lists a status of {expected or 'no kind'} and gave {status}")


def _is_known(status: int) -> bool:
    return status < 400 or status in (404, 410)


def _payload(line: Line, headers: Headers, original: Headers, body: bytes) -> tuple[bytes, bool]:
    """(the payload, whether it still has the coding that its own headers announce)

    The Archive undoes codings, or puts on its own. A payload is taken for what was listed when its
    digest says so, or when the original was coded or chunked, for then the digest is of bytes that
    may not be had any more.
    """
    coded = list_members(original.get("content-encoding", ()))
    if coded and _digest(body) == line.digest:
        return body, True
    decoded = decode(body, list_members(headers.get("content-encoding", ())))
    if decoded.fault:
        raise Unreadable(f"the body came {decoded.fault}")
    recoded = bool(coded or original.get("transfer-encoding"))
    if _SHA1.fullmatch(line.digest) and not recoded and _digest(decoded.body) != line.digest:
        raise Gap("its bytes are not those that the Archive lists")
    return decoded.body, bool(coded) and decoded.body[:2] == _GZIP


def _digest(data: bytes) -> str:
    return base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()


def _truncation(original: Headers, length: int) -> Truncation | None:
    """A body shorter than its own headers say was cut before the Archive had it."""
    if "content-encoding" in original or "transfer-encoding" in original:
        return None
    return "unspecified" if _stated_length(original) > length else None


def _stated_length(original: Headers) -> int:
    text = original.get("content-length", ("",))[-1]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _head(status: int, original: Headers, length: int, *, is_coded: bool) -> bytes:
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = ""
    lines = [f"HTTP/1.1 {status} {phrase}"]
    left_out = {"transfer-encoding"} if is_coded else {"transfer-encoding", "content-encoding"}
    if "content-encoding" in original or _stated_length(original) < length:
        left_out.add("content-length")
    for name, values in original.items():
        if name not in left_out:
            lines += [f"{name.title()}: {value}" for value in values]
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")
