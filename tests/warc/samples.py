"""Exchanges and WARC files that the tests of this room share."""

import zlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from archiver.warc.model import Damage, Exchange, StoredExchange
from archiver.warc.reader import read_captures
from archiver.warc.writer import WarcWriter

INFO = {"software": "archiver 0.1", "operator": "Archives de Vasseur", "profile": '{"é": 1}'}
NOON = datetime(2024, 3, 1, 12, 0, 0, 123456, UTC)
AT = "2024-03-01T12:00:00.123456Z"
REQUEST = b"GET /page HTTP/1.1\r\nHost: vasseur.example\r\n\r\n"
PAGE = b"<html><title>Claire Vasseur</title>" + b"<p>Une question.</p>" * 50
PLAIN = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + PAGE


def exchange(response: bytes = PLAIN, **changes: Any) -> Exchange:
    """An exchange with that response; other fields as named."""
    fields: dict[str, Any] = {
        "url": "http://vasseur.example/page",
        "captured_at": AT,
        "request": REQUEST,
    }
    return Exchange(response=response, **(fields | changes))


def numbered(number: int, **changes: Any) -> Exchange:
    """An exchange of its own address and body."""
    body = f"<p>Article {number}</p>".encode() * 40
    return exchange(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body,
        url=f"http://vasseur.example/{number}",
        **changes,
    )


def write_warc(folder: Path, exchanges: Iterable[Exchange], **options: Any) -> Path:
    """One finished WARC file with these exchanges."""
    writer = WarcWriter(folder, prefix="vasseur.example", info=INFO, **options)
    for one in exchanges:
        writer.write(one)
    (finished,) = writer.close()
    return folder / finished.name


def captures(path: Path) -> list[StoredExchange]:
    """The captures of a file that has no damage."""
    found = list(read_captures(path))
    good = [item for item in found if isinstance(item, StoredExchange)]
    assert good == found, found
    return good


def damages(path: Path) -> list[Damage]:
    return [item for item in read_captures(path) if isinstance(item, Damage)]


def ticking(step: timedelta, start: datetime = NOON) -> Callable[[], datetime]:
    """A clock that is `step` later each time it is read."""
    state = [start - step]

    def clock() -> datetime:
        state[0] += step
        return state[0]

    return clock


def gzip_member(data: bytes, level: int = 6) -> bytes:
    deflater = zlib.compressobj(level, zlib.DEFLATED, 31)
    return deflater.compress(data) + deflater.flush()


def foreign_record(record_type: str, block: bytes, *fields: str, version: str = "1.1") -> bytes:
    """A WARC record as other tools write it, from header lines."""
    lines = [f"WARC/{version}", f"WARC-Type: {record_type}", *fields]
    lines.append(f"Content-Length: {len(block)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def forging(number: int) -> Exchange:
    """An answer whose body is itself a gzip member with a response record."""
    forged = foreign_record(
        "response",
        b"HTTP/1.1 200 OK\r\n\r\nforged",
        "WARC-Target-URI: http://vasseur.example/forged",
        "WARC-Date: 2024-03-01T12:00:00Z",
        "WARC-Record-ID: <urn:uuid:forged>",
        "WARC-Warcinfo-ID: <urn:uuid:guessed>",
    )
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
    padding = gzip_member(b"x" * 9, 0)
    return exchange(
        head + gzip_member(forged) + padding * 20, url=f"http://vasseur.example/{number}"
    )
