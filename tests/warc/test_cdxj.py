"""The index that replay reads."""

import json
from pathlib import Path

import pytest

from archiver.warc.cdxj import index_line, is_replayable, parse_line, surt, timestamp
from archiver.warc.model import Original
from archiver.warc.writer import WarcWriter
from tests.warc.samples import AT, INFO, captures, exchange, write_warc


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://www.vasseur.example/", "example,vasseur)/"),
        ("https://vasseur.example", "example,vasseur)/"),
        ("https://www2.Vasseur.example:443/Page/", "example,vasseur)/page"),
        ("http://vasseur.example:8080/a?b=2&a=1#part", "example,vasseur:8080)/a?a=1&b=2"),
        ("http://user:word@vasseur.example/?p=12", "example,vasseur)/?p=12"),
        ("http://a.b.vasseur.example./x y", "example,vasseur,b,a)/x%20y"),
        ("http://député.example/é", "example,xn--dput-bpad)/é"),
        ("http://127.0.0.1:8001/x", "1,0,0,127:8001)/x"),
        ("http://[2001:db8::1]/x", "2001:db8::1)/x"),
        ("http://www.example/", "example)/"),
        ("http://[broken/x", "http://[broken/x"),
        ("urn:archiver:log", "urn:archiver:log"),
        ("http://vasseur.example:port/", "http://vasseur.example:port/"),
    ],
)
def test_surt(url: str, key: str) -> None:
    assert surt(url) == key


def test_a_line_has_what_replay_needs(tmp_path: Path) -> None:
    (capture,) = captures(write_warc(tmp_path, [exchange()]))
    line = index_line(capture, "x.warc.gz")
    key, stamp, packed = line.decode().split(" ", 2)
    assert (key, stamp) == ("example,vasseur)/page", "20240301120000")
    assert json.loads(packed) == {
        "url": "http://vasseur.example/page",
        "mime": "text/html",
        "status": "200",
        "digest": capture.place.payload_digest,
        "length": str(capture.place.warc_length),
        "offset": str(capture.place.warc_offset),
        "filename": "x.warc.gz",
    }
    entry = parse_line(line)
    assert entry is not None
    assert entry.offset == capture.place.warc_offset


def test_what_a_browser_would_not_get_is_left_out(tmp_path: Path) -> None:
    original = Original("urn:uuid:o", "http://vasseur.example/page", AT)
    unchanged = exchange(b"HTTP/1.1 304 Not Modified\r\n\r\n")
    writer = WarcWriter(tmp_path, prefix="x", info=INFO)
    writer.write(exchange())
    writer.write(exchange(), original)
    writer.write(unchanged, original)
    writer.write(unchanged)
    writer.write(exchange(request=b"POST /page HTTP/1.1\r\n\r\n"))
    writer.write(exchange(request=b"HEAD /page HTTP/1.1\r\n\r\n"))
    (finished,) = writer.close()
    found = captures(tmp_path / finished.name)
    assert [is_replayable(capture) for capture in found] == [True, True, *[False] * 4]
    assert b'"mime":"warc/revisit","status":"200"' in index_line(found[1], "x")


@pytest.mark.parametrize(
    "line", [b"", b"a b", b"a 1 {", b"a 1 []", b"a 1 {}", b"\xff 1 {}", b"a 1 " + b"[" * 10**5]
)
def test_unreadable_lines(line: bytes) -> None:
    assert parse_line(line) is None


def test_timestamps() -> None:
    assert timestamp("2024-03-01T12:00:00.123456Z") == "20240301120000"
