"""Only captures that are there and whole are referred to, and compared by."""

import sqlite3
from contextlib import closing
from pathlib import Path

from archiver.warc.files import resolve
from archiver.warc.reader import read_record
from archiver.warc.record import Record, bare
from tests.cli import crawl
from tests.crawl.rawserver import RawServer

STYLE = b"h1 { color: navy }\n"
HEAD = b'HTTP/1.1 200 OK\r\nContent-Type: text/css\r\nETag: "a"\r\nContent-Length: %d\r\n\r\n'
SHORT = HEAD % 999 + STYLE
WHOLE = HEAD % len(STYLE) + STYLE
HOME = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<!DOCTYPE html><html lang=fr><title>Site"
    b"</title><link rel=stylesheet href=/s.css><h1>Site</h1>"
)


def visit(server: RawServer, answer: bytes, data: Path) -> None:
    """Crawl all of the site with this stylesheet; it has no article, whence the 2."""
    server.answers["/s.css"] = answer
    crawl(server.url, data, "--full", "--no-resume", code=2)


def kept(data: Path, url: str) -> list[Record]:
    with closing(sqlite3.connect(data / "archive.db")) as db:
        sql = "SELECT warc_file, warc_offset, warc_length FROM captures WHERE url = ? ORDER BY id"
        places = db.execute(sql, (url,)).fetchall()
    return [
        read_record(resolve(data / "warc", name), offset, length) for name, offset, length in places
    ]


def test_what_was_cut_short_is_asked_for_again_and_never_referred_to(tmp_path: Path) -> None:
    with RawServer({"/": HOME}) as server:
        visit(server, SHORT, tmp_path)
        visit(server, WHOLE, tmp_path)
        assert b"If-None-Match" not in server.received["/s.css"]
        visit(server, b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n', tmp_path)
        assert b'If-None-Match: "a"' in server.received["/s.css"]
        visit(server, WHOLE, tmp_path)
        url = f"{server.url}/s.css"
    *cut, whole, unmodified, same = kept(tmp_path, url)
    assert {record.get("warc-truncated") for record in cut} == {"disconnect"}
    assert (whole.record_type, whole.block) == ("response", WHOLE)
    for revisit in (unmodified, same):
        assert revisit.record_type == "revisit"
        assert bare(revisit.get("warc-refers-to") or "") == whole.record_id


def test_a_capture_that_cannot_be_read_is_not_referred_to(tmp_path: Path) -> None:
    with RawServer({"/": HOME}) as server:
        visit(server, WHOLE, tmp_path)
        for path in (tmp_path / "warc").iterdir():
            path.rename(tmp_path / path.name)
        visit(server, WHOLE, tmp_path)
        assert b"If-None-Match" not in server.received["/s.css"]
        url = f"{server.url}/s.css"
        for path in tmp_path.glob("*.warc.gz*"):
            path.rename(tmp_path / "warc" / path.name)
    assert [record.record_type for record in kept(tmp_path, url)] == ["response", "response"]
