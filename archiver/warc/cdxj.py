"""The CDXJ index that replay reads: one line a capture, sorted by bytes.

`<SURT> <14 digits> <JSON>` as in the CDXJ 0.1.0 specification of WACZ, with the field names and the
string values that cdxj-indexer writes. 304 answers are left out: they make viewers show a blank
page for the newest instant.
"""

import json
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from archiver.warc.digest import is_own_form
from archiver.warc.model import StoredExchange

_DEFAULT_PORTS = {"http": 80, "https": 443}
_WWW = re.compile(r"www\d*\.")


def surt(url: str) -> str:
    """The Sort-friendly URI Reordering Transform: `fr,vasseur)/page?a=1&b=2`.

    Scheme, `www`, default port, user, fragment, letter case, order of the query and a trailing
    slash make no difference. An address that cannot be taken apart is its own key.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return _without_blanks(url)
    if not host or parts.scheme not in _DEFAULT_PORTS:
        return _without_blanks(url)
    host = _WWW.sub("", host, count=1) if _WWW.match(host) else host
    labels = [host] if ":" in host else _ascii(host).split(".")[::-1]
    key = ",".join(labels)
    if port not in {None, _DEFAULT_PORTS[parts.scheme]}:
        key += f":{port}"
    path = parts.path.lower().rstrip("/") or "/"
    query = "&".join(sorted(parts.query.lower().split("&")))
    return _without_blanks(f"{key}){path}{'?' if query else ''}{query}")


def _ascii(host: str) -> str:
    try:
        return host.encode("idna").decode() if not host.isascii() else host
    except UnicodeError:
        return host


def _without_blanks(key: str) -> str:
    return re.sub(r"[\s\x00-\x20]", lambda match: f"%{ord(match[0]):02x}", key)


def timestamp(instant: str) -> str:
    """An instant as replay tools write it: `YYYYMMDDhhmmss`."""
    return re.sub(r"\D", "", instant)[:14]


def is_replayable(capture: StoredExchange) -> bool:
    """Whether a capture belongs in the index: what a browser would get for a GET."""
    return (
        capture.status != 304
        and capture.revisit != "not-modified"
        and capture.request_method in {None, "GET"}
    )


def index_line(capture: StoredExchange, filename: str) -> bytes:
    """The line of one replayable capture in `filename`, with its line break."""
    fields = {
        "url": capture.url,
        "mime": "warc/revisit" if capture.revisit else capture.content_type or "unk",
        "status": str(capture.status or 200),
        "digest": capture.place.payload_digest,
        "length": str(capture.place.warc_length),
        "offset": str(capture.place.warc_offset),
        "filename": filename,
    }
    packed = json.dumps(fields, separators=(",", ":"))
    return f"{surt(capture.url)} {timestamp(capture.captured_at)} {packed}\n".encode()


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """What one line of an index says of a capture; None is what it does not say."""

    filename: str
    offset: int
    length: int | None
    url: str
    timestamp: str
    status: str | None
    digest: str | None


def parse_line(line: bytes) -> IndexEntry | None:
    """Read an index line, anyone's; None when it cannot be read."""
    try:
        _, stamp, packed = line.decode().split(" ", 2)
        fields = json.loads(packed)
        length, status = fields.get("length"), fields.get("status")
        return IndexEntry(
            filename=str(fields["filename"]),
            offset=int(fields["offset"]),
            length=None if length is None else int(length),
            url=str(fields["url"]),
            timestamp=stamp,
            status=None if status is None else str(status),
            digest=None if fields.get("digest") is None else str(fields["digest"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def disagreement(entry: IndexEntry, capture: StoredExchange | None) -> str | None:
    """How an index line differs from the capture it points at, or None; digests are compared where
    both are ours in form."""
    if capture is None:
        return f"no capture lies at byte {entry.offset} of {entry.filename[:200]}"
    place = capture.place
    comparable = is_own_form(entry.digest) and is_own_form(place.payload_digest)
    knows_status = not capture.revisit and None not in {capture.status, entry.status}
    differs = {
        "length": entry.length not in {None, place.warc_length},
        "address": entry.url != capture.url,
        "time": entry.timestamp[:14] != timestamp(capture.captured_at),
        "status": knows_status and entry.status != str(capture.status),
        "digest": comparable and entry.digest != place.payload_digest,
    }
    for what, is_different in differs.items():
        if is_different:
            return f"the index gives another {what} than the record has"
    return None
