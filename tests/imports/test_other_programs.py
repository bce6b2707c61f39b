"""One article as Common Crawl, Browsertrix, ArchiveWeb.page and Heritrix write it: each comes in
whole, without a word of damage."""

import base64
import gzip
import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from archiver.folder import DataFolder
from archiver.ops.imports import bring_in
from archiver.ops.rebuild import rebuild
from archiver.ops.verify import verify
from tests.imports.files import HOST, page
from tests.imports.reading import captures, rows
from tests.warc.samples import foreign_record, gzip_member

URL = f"{HOST}/question/"
TEXT = "Une question."
BODY = page("question", TEXT)
AT = "2024-03-01T12:00:00Z"
ID = "WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-00000000000{}>"
RESPONSE = "Content-Type: application/http; msgtype=response"
REQUEST = "Content-Type: application/http; msgtype=request"
FIELDS = "Content-Type: application/warc-fields"


def sha1(data: bytes) -> str:
    return f"sha1:{base64.b32encode(hashlib.sha1(data).digest()).decode()}"


def sha256(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def http(*lines: str, body: bytes = BODY) -> bytes:
    return "\r\n".join((*lines, "", "")).encode() + body


def common_crawl_excerpt(folder: Path) -> Path:
    """One member, fetched by its range: no warcinfo, no request, the body decoded."""
    block = http(
        "HTTP/1.1 200",
        "content-type: text/html; charset=UTF-8",
        "X-Crawler-content-encoding: gzip",
        "X-Crawler-transfer-encoding: chunked",
        f"Content-Length: {len(BODY)}",
    )
    record = foreign_record(
        "response",
        block,
        f"WARC-Date: {AT}",
        ID.format(1),
        RESPONSE,
        ID.format(2).replace("Record", "Warcinfo"),
        "WARC-Concurrent-To: <urn:uuid:00000000-0000-4000-8000-000000000003>",
        "WARC-IP-Address: 192.0.2.1",
        f"WARC-Target-URI: {URL}",
        "WARC-Protocol: h2",
        "WARC-Protocol: tls/1.3",
        "WARC-Cipher-Suite: TLS_AES_128_GCM_SHA256",
        f"WARC-Payload-Digest: {sha1(BODY)}",
        f"WARC-Block-Digest: {sha1(block)}",
        "WARC-Identified-Payload-Type: text/html",
        version="1.0",
    )
    path = folder / "CC-MAIN-excerpt.warc.gz"
    path.write_bytes(gzip_member(record))
    return path


def browsertrix(folder: Path) -> Path:
    """A WACZ: HTTP/2 written as HTTP/1.1, the body decoded, a page's resources as one record."""
    block = http(
        "HTTP/1.1 200 OK",
        "content-type: text/html; charset=utf-8",
        "x-orig-content-encoding: br",
        "vary: accept-encoding",
    )
    ask = http("GET /question/ HTTP/1.1", "user-agent: Mozilla/5.0", body=b"")
    info = json.dumps({"pageid": "p", "url": URL, "ts": AT, "urls": {}}).encode()
    records = (
        foreign_record(
            "warcinfo", b"software: Browsertrix-Crawler 1.14.0\r\n", ID.format(1), FIELDS
        ),
        foreign_record(
            "response",
            block,
            "WARC-Date: 2024-03-01T12:00:00.123Z",
            ID.format(2),
            f"WARC-Target-URI: {URL}",
            "WARC-Page-ID: 11111111-1111-4111-8111-111111111111",
            "WARC-Resource-Type: document",
            'WARC-JSON-Metadata: {"ipType":"Public"}',
            "WARC-Protocol: h2",
            f"WARC-Payload-Digest: {sha256(BODY)}",
            f"WARC-Block-Digest: {sha256(block)}",
            RESPONSE,
        ),
        foreign_record(
            "request",
            ask,
            "WARC-Date: 2024-03-01T12:00:00.123Z",
            ID.format(3),
            f"WARC-Target-URI: {URL}",
            "WARC-Concurrent-To: <urn:uuid:00000000-0000-4000-8000-000000000002>",
            REQUEST,
        ),
        foreign_record(
            "resource",
            info,
            f"WARC-Date: {AT}",
            ID.format(4),
            f"WARC-Target-URI: urn:pageinfo:{URL}",
            "Content-Type: application/json",
        ),
    )
    return packed(folder / "crawl.wacz", "rec-1.warc.gz", b"".join(map(gzip_member, records)))


def archive_web_page(folder: Path) -> Path:
    """A WACZ without digests, whose header speaks of gzip though the body is decoded."""
    block = http("HTTP/1.1 200 OK", "content-type: text/html", "content-encoding: gzip")
    records = (
        foreign_record(
            "warcinfo",
            b"software: Webrecorder ArchiveWeb.page 0.14.0\r\nformat: WARC File Format 1.1\r\n",
            ID.format(1),
            f"WARC-Date: {AT}",
            "WARC-Filename: data.warc.gz",
            FIELDS,
        ),
        foreign_record(
            "response",
            block,
            f"WARC-Date: {AT}",
            ID.format(2),
            f"WARC-Target-URI: {URL}",
            'WARC-JSON-Metadata: {"mime":"text/html"}',
            RESPONSE,
        ),
    )
    return packed(folder / "page.wacz", "data.warc.gz", b"".join(map(gzip_member, records)))


def heritrix(folder: Path) -> Path:
    """WARC/1.0: gzip on the wire, addresses in angle brackets, metadata with via and the hops."""
    body = gzip.compress(BODY)
    block = http("HTTP/1.1 200 OK", "Content-Type: text/html", "Content-Encoding: gzip", body=body)
    records = (
        foreign_record(
            "warcinfo", b"software: Heritrix/3.4.0\r\n", ID.format(1), FIELDS, version="1.0"
        ),
        foreign_record(
            "response",
            block,
            f"WARC-Date: {AT}",
            ID.format(2),
            f"WARC-Target-URI: <{URL}>",
            f"WARC-Payload-Digest: {sha1(body)}",
            "WARC-IP-Address: 192.0.2.1",
            "Content-Type: application/http; msgtype=response",
            version="1.0",
        ),
        foreign_record(
            "metadata",
            f"via: {HOST}/\r\nhopsFromSeed: L\r\nfetchTimeMs: 120\r\n".encode(),
            f"WARC-Date: {AT}",
            ID.format(3),
            f"WARC-Target-URI: <{URL}>",
            "WARC-Concurrent-To: <urn:uuid:00000000-0000-4000-8000-000000000002>",
            FIELDS,
            version="1.0",
        ),
    )
    path = folder / "IAH-20240301.warc.gz"
    path.write_bytes(b"".join(map(gzip_member, records)))
    return path


def packed(path: Path, name: str, warc: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"archive/{name}", warc)
        archive.writestr("pages/pages.jsonl", json.dumps({"url": URL, "ts": AT}))
    return path


PROGRAMS = [common_crawl_excerpt, browsertrix, archive_web_page, heritrix]


@pytest.mark.parametrize("make", PROGRAMS, ids=lambda make: make.__name__)
def test_an_article_comes_in_whole(make: Callable[[Path], Path], tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    result = bring_in(folder, [make(tmp_path)], (), workers=1)
    assert result.damages == ()
    assert [(row[0], row[1][:19], row[2]) for row in captures(folder.root)] == [(URL, AT[:19], 200)]
    assert rows(folder.root, "SELECT url, body_text FROM articles") == [(URL, TEXT)]
    assert rebuild(folder, workers=1).differences == ()
    assert verify(folder, workers=1).damages.total == 0
