"""Content codings: undone, bounded, and honest about what is missing."""

import gzip
import tracemalloc
import zlib

import brotli  # type: ignore[import-untyped]
import pytest
from backports import zstd

from archiver.warc.coding import Decoded, decode
from tests.warc.samples import PAGE

RAW_DEFLATE = zlib.compressobj(6, zlib.DEFLATED, -15)
CODED = {
    "gzip": gzip.compress(PAGE),
    "x-gzip": gzip.compress(PAGE[:100]) + gzip.compress(PAGE[100:]),
    "deflate": zlib.compress(PAGE),
    "br": brotli.compress(PAGE),
    "zstd": zstd.compress(PAGE),
    "identity": PAGE,
}


@pytest.mark.parametrize("coding", CODED)
def test_each_coding(coding: str) -> None:
    assert decode(CODED[coding], (coding,)) == Decoded(PAGE)


def test_raw_deflate_under_the_same_name() -> None:
    assert decode(RAW_DEFLATE.compress(PAGE) + RAW_DEFLATE.flush(), ("deflate",)) == Decoded(PAGE)


def test_codings_are_undone_from_the_last() -> None:
    assert decode(gzip.compress(brotli.compress(PAGE)), ("br", "gzip")) == Decoded(PAGE)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
@pytest.mark.parametrize("body", [PAGE, b"\xef\xbb\xbf\n<p>", b'{"id": 1}'])
def test_a_body_that_was_already_decoded(body: bytes, coding: str) -> None:
    assert decode(body, (coding,)) == Decoded(body)


@pytest.mark.parametrize("coding", ["br", "zstd"])
def test_a_damaged_body_that_only_begins_as_text_is_damaged(coding: str) -> None:
    assert decode(b"[\xe8\x17\x00" + bytes(range(200)), (coding,)).fault == "damaged"


def test_an_empty_body_is_its_own_content() -> None:
    assert decode(b"", ("gzip",)) == Decoded(b"")


def test_unknown_and_endless_codings_leave_the_body() -> None:
    assert decode(b"x", ("compress",)) == Decoded(b"x", "unknown-coding")
    assert decode(b"x", ("gzip",) * 40) == Decoded(b"x", "unknown-coding")


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_cut_body_gives_its_beginning(coding: str) -> None:
    cut = CODED[coding][:-6]
    decoded = decode(cut, (coding,))
    assert decoded.fault == "damaged"
    assert PAGE.startswith(decoded.body)


def test_damage_in_the_middle_gives_what_came_before() -> None:
    noise = bytes(zlib.crc32(bytes([n % 256, n // 256])) % 251 for n in range(60_000))
    damaged = bytearray(gzip.compress(noise))
    damaged[30_000] ^= 0xFF
    decoded = decode(bytes(damaged), ("gzip",))
    assert decoded.fault == "damaged"
    assert len(decoded.body) > 10_000
    assert noise.startswith(decoded.body[:10_000])


MEBIBYTE = b"\0" * 2**20
BOMBS = {
    "gzip": gzip.compress(MEBIBYTE * 200),
    "x-gzip": gzip.compress(MEBIBYTE) * 200,
    "deflate": zlib.compress(MEBIBYTE * 200),
    "br": brotli.compress(MEBIBYTE * 200, quality=5),
    "zstd": zstd.compress(MEBIBYTE * 200),
}


@pytest.mark.parametrize("coding", BOMBS)
def test_a_bomb_gives_its_first_bytes_in_bounded_memory(coding: str) -> None:
    tracemalloc.start()
    decoded = decode(BOMBS[coding], (coding,), limit=2**20 + 17)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert decoded.fault == "too-large"
    assert decoded.body == b"\0" * (2**20 + 17)
    assert peak < 16 * 2**20


def test_the_limit_itself_is_not_too_large() -> None:
    assert decode(CODED["gzip"], ("gzip",), limit=len(PAGE)) == Decoded(PAGE)
    assert decode(CODED["br"], ("br",), limit=len(PAGE)) == Decoded(PAGE)
    assert decode(PAGE, (), limit=10) == Decoded(PAGE[:10], "too-large")


def test_a_bomb_inside_a_bomb() -> None:
    twice = gzip.compress(BOMBS["gzip"])
    assert decode(twice, ("gzip", "gzip"), limit=1000).body == b"\0" * 1000
