"""A large archive of the sample site, written by the WARC writer as a crawl writes it.

Of its captures three fifths are articles seen for the first time, one fifth the same articles in
other bytes, as nonces make them, one fifth the same unchanged, which become revisits. All are
gzipped by the server, as most are.
"""

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archiver import instants
from archiver.demo.growth import FIRST_ID
from archiver.demo.routes import answer
from archiver.demo.states import load
from archiver.profiles import load as load_profile
from archiver.provenance import Provenance
from archiver.warc.digest import payload_digest
from archiver.warc.model import Exchange, Original
from archiver.warc.writer import WarcWriter

BASE = "http://127.0.0.1:8765"
BEGAN = datetime(2024, 1, 1, tzinfo=UTC)
MODELS = 400
"""Pages that are rendered; the others are these under another number."""

HEAD = (
    "HTTP/1.1 200 OK\r\nServer: nginx\r\nDate: {}\r\nContent-Type: text/html; charset=UTF-8\r\n"
    "Content-Encoding: gzip\r\nContent-Length: {}\r\n\r\n"
)


def write_archive(warcs: Path, captures: int) -> None:
    """Write so many captures into WARC files of the folder, which is made."""
    profile = load_profile("demo")
    provenance = Provenance(1, profile.site_id, "live", at(0), "0", profile, options={})
    originals: dict[str, Original] = {}
    with WarcWriter(warcs, prefix="bench", info=provenance.fields(), max_bytes=2**26) as writer:
        for number, (url, page) in enumerate(pages(captures)):
            exchange = exchange_of(url, page, number)
            digest = payload_digest(exchange)
            place = writer.write(exchange, originals.get(digest))
            if digest not in originals:
                originals[digest] = Original(place.record_id, url, exchange.captured_at)


def pages(captures: int) -> Iterator[tuple[str, bytes]]:
    """URL and HTML of each capture, in order."""
    content = load(1, 70 + MODELS)
    models = [post for post in content.listed() if post.id >= FIRST_ID][:MODELS]
    rendered = [answer(content, BASE, f"/{post.slug}/", {}).body for post in models]
    articles = captures * 3 // 5
    for number in range(captures):
        article = number % articles
        model = models[article % len(models)]
        own, other = str(model.id), str(FIRST_ID + 100_000 + article)
        page = rendered[article % len(models)].replace(own.encode(), other.encode())
        if number >= articles and number % 2 == 0:
            page = page.replace(b"</body>", f"<!-- {number} --></body>".encode())
        yield f"{BASE}/{model.slug.replace(own, other)}/", page


def exchange_of(url: str, page: bytes, number: int) -> Exchange:
    """The page as a server would send it; one is captured each second."""
    body = gzip.compress(page, 6, mtime=0)
    when = at(number)
    date = instants.parse_instant(when).strftime("%a, %d %b %Y %H:%M:%S GMT")
    path = url.removeprefix(BASE)
    return Exchange(
        url=url,
        captured_at=when,
        request=f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:8765\r\n\r\n".encode(),
        response=HEAD.format(date, len(body)).encode() + body,
        ip_address="127.0.0.1",
        hops="L",
        milliseconds=20,
    )


def at(number: int) -> str:
    """The instant of a capture."""
    return instants.format_instant(BEGAN + timedelta(seconds=number))
