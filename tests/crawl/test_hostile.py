"""Hostile answers over HTTP and TLS: kept byte for byte, or truncated with the right reason, and
the crawl goes on."""

import gzip
import sqlite3
import zlib
from contextlib import closing
from pathlib import Path

import pytest

from archiver.crawl.settings import DOWNLOAD_MAXSIZE
from archiver.warc.files import resolve
from archiver.warc.reader import read_at, read_record
from tests import forks
from tests.cli import archiver
from tests.crawl.rawserver import RawServer, certificate

HTML = b"<!DOCTYPE html><html lang=fr><title>Page</title><h1>Page</h1><p>Un texte.</p>"


def chunked(body: bytes, trailer: bytes = b"") -> bytes:
    half = len(body) // 2
    return (
        b"".join([b"%x;a=b\r\n%s\r\n" % (len(part), part) for part in (body[:half], body[half:])])
        + b"0\r\n%s\r\n" % trailer
    )


def bomb() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = [packer.compress(bytes(2**20)) for _ in range(100)]
    return b"".join([*packed, packer.flush()])


WHOLE = {
    "/chunked-gzip": b"HTTP/1.1 200 Tout va bien\r\nContent-Encoding: gzip\r\n"
    b"Transfer-Encoding: chunked\r\nContent-Type: text/html\r\n\r\n" + chunked(gzip.compress(HTML)),
    "/trailers": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-End\r\n\r\n"
    + chunked(HTML + b"!", b"X-End: oui\r\n"),
    "/304": b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n',
    "/204": b"HTTP/1.1 204 Rien\r\nX: y\r\n\r\n",
    "/301": b"HTTP/1.1 301 Ailleurs\r\nLocation: /nulle-part\r\nContent-Length: 0\r\n\r\n",
    "/http10": b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n10" + HTML,
    "/latin1": b"HTTP/1.1 200 OK\r\nX-Nom: \xe9t\xe9\r\nContent-Length: 2\r\n\r\nok",
    "/repeated": b"HTTP/1.1 200 OK\r\nlink: <a>\r\nLINK: <b>\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2"
    b"\r\nContent-Length: 2\r\n\r\nre",
    "/malformed": b"HTTP/1.1 200 OK\r\nceci n'est pas un en-tete\r\nDATE: hier\r\n"
    b"Content-Length: 2\r\n\r\nma",
    "/bomb": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: text/html\r\n\r\n"
    + bomb(),
}
INTERIM = {
    "/early-hints": b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nea",
}
CUT = {
    "/short": (b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n" + HTML, "disconnect"),
    "/short-chunk": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n" + HTML,
        "disconnect",
    ),
    "/ten-gigabytes": (
        b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n" + HTML,
        "length",
    ),
}
FLOOD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + HTML + bytes(18 * 2**20)
LINKS = "".join(
    f"<p><a href='{path}'>x</a></p>" for path in (*WHOLE, *INTERIM, *CUT, "/flood", "/last")
)
HOME = f"<!DOCTYPE html><html lang=fr><title>Site</title><h1>Site</h1>{LINKS}".encode()
ANSWERS = {
    **WHOLE,
    **INTERIM,
    **{path: answer for path, (answer, _) in CUT.items()},
    "/flood": FLOOD,
    "/last": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nla",
    "/": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(HOME)
    + HOME,
}


@pytest.fixture(scope="module", params=["http", "https"])
def crawled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, RawServer, str]:
    folder = tmp_path_factory.mktemp("hostile")
    context, trusted = certificate(folder)
    data = folder / "data"
    with RawServer(ANSWERS, tls=context if request.param == "https" else None) as server:
        command = ["crawl", f"{server.url}/", "--delay", "0", "--data", str(data)]
        done = forks.run("archiver", *command, env={"SSL_CERT_FILE": str(trusted)})
    assert done.returncode == 2, done.stdout + done.stderr
    assert "No article was found" in done.stderr
    return data, server, request.param


def records(data: Path, url: str) -> list[tuple[str, int, int]]:
    with closing(sqlite3.connect(data / "archive.db")) as db:
        sql = "SELECT warc_file, warc_offset, warc_length FROM captures WHERE url = ? ORDER BY id"
        return db.execute(sql, (url,)).fetchall()


@pytest.mark.parametrize("path", WHOLE)
def test_whole_answers_are_kept_byte_for_byte(
    path: str, crawled: tuple[Path, RawServer, str]
) -> None:
    data, server, _ = crawled
    ((name, offset, length),) = records(data, server.url + path)
    record = read_record(resolve(data / "warc", name), offset, length)
    assert record.block == WHOLE[path]
    assert record.get("warc-truncated") is None


def test_the_block_begins_at_the_final_status_line(crawled: tuple[Path, RawServer, str]) -> None:
    data, server, _ = crawled
    ((name, offset, length),) = records(data, f"{server.url}/early-hints")
    assert read_record(resolve(data / "warc", name), offset, length).block == (
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nea"
    )
    assert b'interim-responses: ["HTTP/1.1 103 Early Hints' in warc_bytes(data, name)


@pytest.mark.parametrize("path", CUT)
def test_cut_answers_say_why_and_each_try_is_a_capture(
    path: str, crawled: tuple[Path, RawServer, str]
) -> None:
    data, server, _ = crawled
    answer, reason = CUT[path]
    tries = records(data, server.url + path)
    assert len(tries) == (3 if reason == "disconnect" else 1)
    for name, offset, length in tries:
        record = read_record(resolve(data / "warc", name), offset, length)
        assert record.block == answer
        assert record.get("warc-truncated") == reason


def test_an_answer_larger_than_the_limit_is_cut_by_length(
    crawled: tuple[Path, RawServer, str],
) -> None:
    data, server, _ = crawled
    ((name, offset, length),) = records(data, f"{server.url}/flood")
    record = read_record(resolve(data / "warc", name), offset, length)
    assert FLOOD.startswith(record.block)
    assert DOWNLOAD_MAXSIZE < len(record.block) < DOWNLOAD_MAXSIZE + 2**20
    assert record.get("warc-truncated") == "length"


def test_the_crawl_goes_on(crawled: tuple[Path, RawServer, str]) -> None:
    data, server, _ = crawled
    assert len(records(data, f"{server.url}/last")) == 1
    assert archiver("verify", data=data).returncode == 0


def test_the_requests_are_the_bytes_sent(crawled: tuple[Path, RawServer, str]) -> None:
    data, server, _ = crawled
    for path in WHOLE:
        assert any(
            server.received[path] in warc_bytes(data, name)
            for name, _, _ in records(data, server.url + path)
        )


def warc_bytes(data: Path, name: str) -> bytes:
    return gzip.decompress((data / "warc" / name).read_bytes())


def test_connection_facts_are_noted(crawled: tuple[Path, RawServer, str]) -> None:
    data, server, scheme = crawled
    ((name, offset, length),) = records(data, f"{server.url}/http10")
    record = read_record(resolve(data / "warc", name), offset, length)
    assert record.get("warc-ip-address") == "127.0.0.1"
    protocols = record.get_all("warc-protocol")
    assert protocols == (("http/1.1", "tls/1.3") if scheme == "https" else ("http/1.1",))
    assert (record.get("warc-cipher-suite") is not None) == (scheme == "https")
    assert read_at(resolve(data / "warc", name), offset, length).status == 200


def test_the_way_to_each_capture_is_noted(crawled: tuple[Path, RawServer, str]) -> None:
    data, server, _ = crawled
    ((name, _, _),) = records(data, f"{server.url}/robots.txt")
    noted = warc_bytes(data, name)
    home = server.url.encode()
    assert b"via: %s/\r\nhopsFromSeed: P\r\n" % home in noted
    assert b"via: %s/\r\nhopsFromSeed: L\r\n" % home in noted


def test_a_bomb_is_kept_and_told(crawled: tuple[Path, RawServer, str]) -> None:
    data, server, _ = crawled
    with closing(sqlite3.connect(data / "archive.db")) as db:
        sql = "SELECT kind FROM problems WHERE url = ?"
        assert db.execute(sql, (f"{server.url}/bomb",)).fetchall() == [("truncated",)]
