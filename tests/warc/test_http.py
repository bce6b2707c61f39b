"""HTTP messages taken apart, well formed or not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.warc.http import by_name, entity_body, media_type, parse_message, split_interim


def test_headers_keep_order_case_and_repetition() -> None:
    message = parse_message(
        b"HTTP/1.1 200 Tout va bien\r\nLink: <a>\r\nETAG: x\r\nLink:<b> \r\n\r\nbody"
    )
    assert message.start_line == b"HTTP/1.1 200 Tout va bien"
    assert message.status == 200
    assert message.headers == ((b"Link", b"<a>"), (b"ETAG", b"x"), (b"Link", b"<b>"))
    assert by_name(message.headers) == {"link": ("<a>", "<b>"), "etag": ("x",)}
    assert message.body == b"body"


def test_latin_1_malformed_and_folded_header_lines() -> None:
    message = parse_message(
        b"HTTP/1.0 200 OK\r\nX-Nom: caf\xe9\r\nno colon here\r\n: no name\r\n"
        b"X-Long: one\r\n  two\r\nLast : 1\r\n\r\n"
    )
    assert by_name(message.headers) == {"x-nom": ("café",), "x-long": ("one two",), "last": ("1",)}
    assert message.malformed == (b"no colon here", b": no name")


@pytest.mark.parametrize("raw", [b"", b"\r\n", b"<html>no head", b"HTTP/1.1\r\n\r\n", b"\x00\xff"])
def test_what_is_no_message_has_no_status(raw: bytes) -> None:
    assert parse_message(raw).status is None


def test_bare_line_feeds_and_a_head_without_end() -> None:
    message = parse_message(b"HTTP/1.1 404\nServer: x\n\nhello")
    assert (message.status, message.body) == (404, b"hello")
    assert parse_message(b"HTTP/1.1 200 OK\r\nServer: x").headers == ((b"Server", b"x"),)


def test_the_method_of_a_request() -> None:
    assert parse_message(b"POST /x?a=b HTTP/1.1\r\n\r\n").request_method == "POST"
    assert parse_message(b"HTTP/1.1 200 OK\r\n\r\n").request_method is None


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("framed", "body", "whole", "trailers"),
    [
        (b"3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\n\r\n", b"abcde", True, ()),
        (
            b"3\r\nabc\r\n0\r\nX-Sum: 1\r\nY: 2\r\n\r\n",
            b"abc",
            True,
            ((b"X-Sum", b"1"), (b"Y", b"2")),
        ),
        (b"A \r\n0123456789\r\n0\r\n\r\n", b"0123456789", True, ()),
        (b"3\nabc\n0\n\n", b"abc", True, ()),
        (b"0\r\n\r\n", b"", True, ()),
        (b"3\r\nabc\r\n5\r\nde", b"abcde", False, ()),
        (b"3\r\nabc\r\n", b"abc", False, ()),
        (b"3\r\nabc\r\nzz\r\n", b"abc", False, ()),
        (b"3\r\nabc\r\n0\r\n", b"abc", False, ()),
        (b"3\r\nabc\r\n0\r\nX: 1\r\n", b"abc", False, ((b"X", b"1"),)),
        (b"FFFFFFFFFFFFFFFF\r\nabc", b"abc", False, ()),
        (b"", b"", False, ()),
        (b"<html>chunks were removed</html>", b"<html>chunks were removed</html>", True, ()),
    ],
)
def test_chunks(
    framed: bytes, body: bytes, whole: bool, trailers: tuple[tuple[bytes, bytes], ...]
) -> None:
    entity = entity_body(parse_message(CHUNKED + framed))
    assert (entity.body, entity.whole, entity.trailers) == (body, whole, trailers)


@given(st.binary(max_size=300), st.lists(st.integers(1, 40), max_size=8))
@settings(derandomize=True)
def test_any_body_comes_back_from_its_chunks_and_no_cut_invents_bytes(
    body: bytes, sizes: list[int]
) -> None:
    framed, rest = b"", body
    for size in sizes:
        part, rest = rest[:size], rest[size:]
        if part:
            framed += b"%x\r\n%b\r\n" % (len(part), part)
    if rest:
        framed += b"%X\r\n%b\r\n" % (len(rest), rest)
    framed += b"0\r\n\r\n"
    entity = entity_body(parse_message(CHUNKED + framed))
    assert (entity.body, entity.whole) == (body, True)
    for cut in range(len(framed)):
        partial = entity_body(parse_message(CHUNKED + framed[:cut]))
        assert body.startswith(partial.body) or partial.body == framed[:cut]
        assert not partial.whole or partial.body == framed[:cut]


@pytest.mark.parametrize(
    ("head", "body", "whole"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 4", b"abcd", True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000", b"abcd", False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2", b"abcd", True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: four", b"abcd", True),
        (b"HTTP/1.0 200 OK", b"abcd", True),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 10", b"", True),
    ],
)
def test_bodies_without_chunks(head: bytes, body: bytes, whole: bool) -> None:
    entity = entity_body(parse_message(head + b"\r\n\r\n" + body))
    assert (entity.body, entity.whole) == (body, whole)


def test_interim_answers_are_parted_from_the_final_one() -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </s.css>\r\n\r\n"
    final = b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 103 is text here\r\n\r\n"
    assert split_interim(b"HTTP/1.1 100 Continue\r\n\r\n" + early + final) == (
        (b"HTTP/1.1 100 Continue\r\n\r\n", early),
        final,
    )
    assert split_interim(final) == ((), final)
    upgrade = b"HTTP/1.1 101 Switching Protocols\r\n\r\n"
    assert split_interim(upgrade) == ((), upgrade)
    assert split_interim(early[:-2]) == ((), early[:-2])


@pytest.mark.parametrize(
    ("value", "kind"),
    [("Text/HTML; charset=utf-8", "text/html"), ("", None), (" ; charset=x", None)],
)
def test_media_types(value: str, kind: str | None) -> None:
    assert media_type({"content-type": (value,)}) == kind
    assert media_type({}) is None


@given(st.binary(max_size=200))
@settings(derandomize=True)
def test_no_bytes_raise(raw: bytes) -> None:
    message = parse_message(CHUNKED + raw)
    assert len(entity_body(message).body) <= len(raw)
    interim, final = split_interim(raw)
    assert b"".join(interim) + final == raw
    parse_message(raw)
