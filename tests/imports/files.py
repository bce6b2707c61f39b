"""WARC files as other programs write them, of a small fictional site."""

from collections.abc import Iterable
from pathlib import Path

from tests.warc.samples import foreign_record, gzip_member

HOST = "https://vasseur.example"
DAY = "2024-03-0{}T12:00:00Z"
INFO = foreign_record(
    "warcinfo",
    b"software: another crawler\r\n",
    "WARC-Record-ID: <urn:uuid:info>",
    "WARC-Date: 2024-03-01T12:00:00Z",
    "Content-Type: application/warc-fields",
)


def page(slug: str, text: str) -> bytes:
    """An article as WordPress shows it."""
    return (
        f"<html lang='fr'><head><title>{slug} - Claire Vasseur</title>"
        f"<link rel='canonical' href='{HOST}/{slug}/'></head>"
        f"<body class='single single-post postid-7'><article class='post-7'><h1>{slug}</h1>"
        f"<div class='entry-content'><p>{text}</p></div></article></body></html>"
    ).encode()


def answer(body: bytes, *lines: str, status: str = "200 OK") -> bytes:
    """An HTTP response."""
    head = "\r\n".join((f"HTTP/1.1 {status}", "Content-Type: text/html; charset=utf-8", *lines))
    return f"{head}\r\n\r\n".encode() + body


def record(kind: str, name: str, block: bytes, *fields: str, day: int = 1, url: str = "") -> bytes:
    """A record called `name`, by default of the page `question`."""
    return foreign_record(
        kind,
        block,
        f"WARC-Record-ID: <urn:uuid:{name}>",
        f"WARC-Target-URI: {url or f'{HOST}/question/'}",
        f"WARC-Date: {DAY.format(day)}",
        f"Content-Type: application/http; msgtype={'request' if kind == 'request' else 'response'}",
        *fields,
    )


def write(path: Path, records: Iterable[bytes]) -> Path:
    """A file with a gzip member for each record."""
    path.write_bytes(b"".join(map(gzip_member, (INFO, *records))))
    return path
