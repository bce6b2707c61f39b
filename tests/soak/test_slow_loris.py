"""A server that sends byte after byte without ever coming to an end: what came is kept as cut short
by time, and the crawl goes on."""

import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from archiver.warc.files import resolve
from archiver.warc.reader import read_record
from tests.cli import archiver
from tests.crawl.rawserver import RawServer, certificate

pytestmark = pytest.mark.soak

PATIENCE = "3"
PAGE = b"<!DOCTYPE html><html lang=fr><title>%s</title><h1>%s</h1><p>Un texte.</p>"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
DRIPPING = {
    "/body": HEAD + b"\r\n" + PAGE % (b"Lent", b"Lent") + b"<p>Encore.</p>" * 1000,
    "/head": HEAD + b"X-Encore: oui\r\n" * 1000,
    "/status": b"HTTP/1.1 200 " + b"O" * 10_000,
}
LINKS = b"".join(b"<a href='%s'>x</a>" % path.encode() for path in (*DRIPPING, "/after"))
ANSWERS = {
    **DRIPPING,
    "/": HEAD + b"\r\n" + PAGE % (b"Site", b"Site") + LINKS,
    "/after": HEAD + b"\r\n" + PAGE % (b"Suite", b"Suite"),
}


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_slow_loris_is_cut_short_by_time(
    scheme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, trusted = certificate(tmp_path)
    monkeypatch.setitem(os.environ, "SSL_CERT_FILE", str(trusted))
    data = tmp_path / "data"
    tls = context if scheme == "https" else None
    with RawServer(ANSWERS, tls=tls, dripping=frozenset(DRIPPING)) as server:
        hasty = [sys.executable, "-m", "tests.crawl.hasty", PATIENCE]
        done = archiver("crawl", f"{server.url}/", "--delay", "0", data=data, module=hasty)
    assert "No article was found" in done.stderr, done.stderr
    assert [block for block, _ in kept(data, f"{server.url}/after")] == [ANSWERS["/after"]]
    for path, answer in DRIPPING.items():
        tries = kept(data, server.url + path)
        assert len(tries) == 3, path
        for block, reason in tries:
            assert reason == "time", path
            assert block, path
            assert answer.startswith(block), path
            assert len(block) < len(answer), path
    assert archiver("verify", data=data).returncode == 0


def kept(data: Path, url: str) -> list[tuple[bytes, str | None]]:
    """The blocks of the captures of an address, each with what it says it was truncated by."""
    sql = "SELECT warc_file, warc_offset, warc_length FROM captures WHERE url = ? ORDER BY id"
    with closing(sqlite3.connect(data / "archive.db")) as db:
        places = db.execute(sql, (url,)).fetchall()
    records = [
        read_record(resolve(data / "warc", name), offset, length) for name, offset, length in places
    ]
    return [(record.block, record.get("warc-truncated")) for record in records]
