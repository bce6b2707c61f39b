"""Captures read back: ours as written, other tools' as they are, damage told and survived."""

import re
from pathlib import Path

import pytest

from archiver.errors import ArchiveDamaged, BadInput
from archiver.warc.digest import digest_of
from archiver.warc.model import Damage, Original, StoredExchange
from archiver.warc.reader import read_at, read_captures, read_info, read_record
from archiver.warc.writer import WarcWriter
from tests.warc.samples import (
    AT,
    INFO,
    PAGE,
    PLAIN,
    captures,
    damages,
    exchange,
    foreign_record,
    forging,
    gzip_member,
    numbered,
    write_warc,
)


def test_a_capture_comes_back_whole(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, prefix="x", info=INFO)
    place = writer.write(exchange(via="http://vasseur.example/", hops="L", milliseconds=7))
    writer.close()
    path = tmp_path / place.warc_file
    info = read_info(path)
    assert info is not None
    assert info.get("profile") == INFO["profile"]
    assert captures(path) == [
        StoredExchange(
            place=place,
            url="http://vasseur.example/page",
            captured_at=AT,
            record_type="response",
            status=200,
            content_type="text/html",
            headers={"content-type": ("text/html; charset=utf-8",)},
            body=PAGE,
            method="wire",
            request_method="GET",
            via="http://vasseur.example/",
            hops="L",
            milliseconds=7,
            warcinfo_id=info.record_id,
        )
    ]


def test_random_access_gives_the_record_alone(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, prefix="x", info=INFO)
    places = [writer.write(numbered(number)) for number in range(5)]
    writer.close()
    path = tmp_path / places[0].warc_file
    for place, whole in zip(places, captures(path), strict=True):
        alone = read_at(path, place.warc_offset, place.warc_length)
        assert alone.place == place == whole.place
        assert (alone.url, alone.body) == (whole.url, whole.body)
        assert alone.method is None


def test_a_file_being_written_can_be_read(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, prefix="x", info=INFO)
    place = writer.write(exchange())
    path = tmp_path / f"{place.warc_file}.open"
    assert [capture.place for capture in captures(path)] == [place]
    assert read_at(path, place.warc_offset, place.warc_length).place == place
    writer.close()


def test_revisits_name_their_originals(tmp_path: Path) -> None:
    original = Original("urn:uuid:1", "http://vasseur.example/o", "2024-02-01T00:00:00.000000Z")
    writer = WarcWriter(tmp_path, prefix="x", info=INFO)
    same = writer.write(exchange(), original)
    unchanged = writer.write(exchange(b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n"), original)
    writer.close()
    first, second = captures(tmp_path / same.warc_file)
    assert (first.place, second.place) == (same, unchanged)
    assert (first.revisit, second.revisit) == ("identical-payload", "not-modified")
    assert (first.status, second.status) == (200, 304)
    assert first.refers_to_url == original.url
    assert first.refers_to_at == original.captured_at
    assert (first.body, first.truncated) == (b"", None)


def test_records_of_other_addresses_are_no_captures(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, prefix="x", info=INFO)
    place = writer.write_resource("urn:archiver:log", "text/plain", b"log")
    writer.close()
    path = tmp_path / place.warc_file
    assert captures(path) == []
    assert read_record(path, place.warc_offset, place.warc_length).block == b"log"
    with pytest.raises(ArchiveDamaged, match="not a capture"):
        read_at(path, place.warc_offset, place.warc_length)


HERITRIX = (
    foreign_record("warcinfo", b"software: Heritrix/3.4\r\n", "WARC-Record-ID: <urn:uuid:i>"),
    foreign_record(
        "response",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"3\r\nabc\r\n0\r\n\r\n",
        "WARC-Target-URI: http://vasseur.example/h",
        "WARC-Date: 2016-05-04T03:02:01Z",
        "WARC-Payload-Digest: sha1:ZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZ",
        "WARC-Record-ID: <urn:uuid:r>",
        "Content-Type: application/http; msgtype=response",
        version="1.0",
    ),
    foreign_record(
        "request",
        b"GET /h HTTP/1.0\r\n\r\n",
        "WARC-Concurrent-To: <urn:uuid:r>",
        "WARC-Record-ID: <urn:uuid:q>",
        version="1.0",
    ),
    foreign_record(
        "metadata",
        b"via: http://vasseur.example/\r\nhopsFromSeed: LE\r\nfetchTimeMs: 31\r\n",
        "WARC-Concurrent-To: <urn:uuid:r>",
        "WARC-Record-ID: <urn:uuid:m>",
        version="1.0",
    ),
    foreign_record(
        "response",
        b"\x00\x01",
        "WARC-Target-URI: dns:vasseur.example",
        "WARC-Date: 2016-05-04T03:02:01Z",
        "Content-Type: text/dns",
        version="1.0",
    ),
)


def write_members(path: Path, records: tuple[bytes, ...]) -> Path:
    path.write_bytes(b"".join(gzip_member(record) for record in records))
    return path


def test_the_order_of_other_writers_is_joined_too(tmp_path: Path) -> None:
    (capture,) = captures(write_members(tmp_path / "h.warc.gz", HERITRIX))
    assert capture.captured_at == "2016-05-04T03:02:01.000000Z"
    assert (capture.request_method, capture.via, capture.hops) == (
        "GET",
        "http://vasseur.example/",
        "LE",
    )
    assert (capture.milliseconds, capture.method) == (31, "imported")
    assert capture.body == b"abc"
    assert capture.place.payload_digest == digest_of(b"abc")


def test_a_response_that_names_its_request(tmp_path: Path) -> None:
    """As wget writes them: request first, with the target in angle brackets."""
    path = write_members(
        tmp_path / "w.warc.gz",
        (
            foreign_record("request", b"GET / HTTP/1.1\r\n\r\n", "WARC-Record-ID: <urn:uuid:q>"),
            foreign_record(
                "response",
                PLAIN,
                "WARC-Target-URI: <http://vasseur.example/>",
                "WARC-Date: 2024-03-01T12:00:00Z",
                "WARC-Record-ID: <urn:uuid:r>",
                "WARC-Concurrent-To: <urn:uuid:q>",
            ),
            foreign_record("request", b"POST / HTTP/1.1\r\n\r\n", "WARC-Record-ID: <urn:uuid:s>"),
        ),
    )
    (capture,) = captures(path)
    assert (capture.url, capture.request_method) == ("http://vasseur.example/", "GET")


def test_a_resource_is_a_capture_without_status(tmp_path: Path) -> None:
    path = write_members(
        tmp_path / "r.warc.gz",
        (
            foreign_record(
                "resource",
                b"body { color: red }",
                "WARC-Target-URI: https://vasseur.example/s.css",
                "WARC-Date: 2024-03-01T12:00:00Z",
                "Content-Type: text/css; charset=utf-8",
            ),
        ),
    )
    (capture,) = captures(path)
    assert (capture.status, capture.content_type) == (None, "text/css")
    assert capture.body == b"body { color: red }"


def test_a_revisit_that_gives_only_address_and_date(tmp_path: Path) -> None:
    path = write_members(
        tmp_path / "b.warc.gz",
        (
            foreign_record(
                "revisit",
                b"",
                "WARC-Target-URI: http://vasseur.example/",
                "WARC-Date: 2024-03-01T12:00:00Z",
                "WARC-Profile: http://netpreserve.org/warc/1.0/revisit/identical-payload-digest",
                "WARC-Payload-Digest: sha1:ZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZ",
                "WARC-Refers-To-Target-URI: http://vasseur.example/o",
                "WARC-Refers-To-Date: 2024-02-01T12:00:00Z",
            ),
        ),
    )
    (capture,) = captures(path)
    assert (capture.revisit, capture.status) == ("identical-payload", None)
    assert capture.place.revisit_of == ""
    assert capture.refers_to_at == "2024-02-01T12:00:00.000000Z"
    assert capture.place.payload_digest == "sha1:ZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZ"


def members_of(path: Path) -> list[bytes]:
    """Each record's member, cut apart by the places of the responses around them."""
    content = path.read_bytes()
    starts = [at for at in range(len(content)) if content[at : at + 4] == b"\x1f\x8b\x08\x00"]
    return [content[a:b] for a, b in zip(starts, [*starts[1:], len(content)], strict=True)]


def test_reading_goes_on_after_a_flipped_byte(tmp_path: Path) -> None:
    path = write_warc(tmp_path, [numbered(number) for number in range(4)])
    place = captures(path)[1].place
    content = bytearray(path.read_bytes())
    content[place.warc_offset + place.warc_length - 12] ^= 0x55
    path.write_bytes(content)
    (damage,) = damages(path)
    assert (damage.file, damage.offset) == (path.name, place.warc_offset)
    assert "corrupt" in damage.what
    left = [item.url for item in read_captures(path) if isinstance(item, StoredExchange)]
    assert left == [f"http://vasseur.example/{number}" for number in (0, 2, 3)]
    with pytest.raises(ArchiveDamaged, match=f"at byte {place.warc_offset}"):
        read_at(path, place.warc_offset, place.warc_length)


@pytest.mark.parametrize("cut", [1, 8, 9, 200])
def test_a_torn_tail_is_damage_and_never_a_shorter_page(tmp_path: Path, cut: int) -> None:
    path = write_warc(tmp_path, [numbered(number) for number in range(3)])
    content = path.read_bytes()
    path.write_bytes(content[:-cut])
    (damage,) = damages(path)
    assert "cut off" in damage.what
    left = [item.url for item in read_captures(path) if isinstance(item, StoredExchange)]
    assert left == ["http://vasseur.example/0", "http://vasseur.example/1"]


def test_rubbish_between_members_is_told_and_passed(tmp_path: Path) -> None:
    path = tmp_path / "x.warc.gz"
    rubbish = b"\x1f\x8b\x08 and other noise" * 3
    good = b"".join(gzip_member(record) for record in HERITRIX)
    path.write_bytes(good + rubbish + good)
    (damage,) = damages(path)
    assert damage.offset == len(good)
    assert sum(isinstance(item, StoredExchange) for item in read_captures(path)) == 2


def with_length(length: bytes) -> bytes:
    """A response record with another Content-Length."""
    return re.sub(rb"Content-Length: \d+", b"Content-Length: " + length, HERITRIX[1])


@pytest.mark.parametrize(
    ("record", "what"),
    [
        (with_length(b"99999"), "shorter than its Content-Length"),
        (with_length(b"9"), "longer than its Content-Length"),
        (with_length(b"-3"), "no readable Content-Length"),
        (with_length(b"9" * 40), "no readable Content-Len"),
        (HERITRIX[1].replace(b"WARC-Date", b"WARC-Data"), "WARC-Date is not an instant"),
        (HERITRIX[1] + HERITRIX[1], "more than one record"),
        (b"WARC/1.0\r\nWARC-Type: response\r\n" + b"X: y\r\n" * 20_000, "header does not end"),
        (b"WARC/one\r\n\r\n", "does not begin with a WARC version"),
    ],
)
def test_each_malformed_record_is_told_with_its_offset(
    tmp_path: Path, record: bytes, what: str
) -> None:
    path = write_members(tmp_path / "x.warc.gz", (HERITRIX[0], record, *HERITRIX[1:]))
    (damage,) = damages(path)
    assert what in damage.what
    assert damage.offset == len(gzip_member(HERITRIX[0]))
    assert sum(isinstance(item, StoredExchange) for item in read_captures(path)) == 1


def test_a_bomb_is_told_and_passed(tmp_path: Path) -> None:
    head = b"WARC/1.1\r\nWARC-Type: resource\r\nWARC-Target-URI: http://v.example/\r\n"
    bomb = gzip_member(head + b"Content-Length: 99999999999\r\n\r\n" + b"\0" * (80 * 2**20))
    good = gzip_member(HERITRIX[1])
    path = tmp_path / "bomb.warc.gz"
    path.write_bytes(good + bomb + good)
    (damage,) = damages(path)
    assert (damage.offset, damage.what) == (len(good), "the gzip member inflates absurdly")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "not a WARC"),
        (b"<html></html>", "not a WARC"),
        (gzip_member(b"<html></html>"), "not a WARC"),
        (b"PK\x03\x04", "not a WARC"),
        (HERITRIX[0], "not compressed record by record"),
        (gzip_member(b"".join(HERITRIX)), "not compressed record by record"),
    ],
)
def test_what_is_no_warc_is_refused_in_a_sentence(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=sentence):
        list(read_captures(path))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        list(read_captures(tmp_path / "none.warc.gz"))
    with pytest.raises(BadInput, match="cannot be read"):
        read_at(tmp_path, 0, 1)


def test_a_place_past_the_end(tmp_path: Path) -> None:
    path = write_members(tmp_path / "h.warc.gz", HERITRIX)
    with pytest.raises(ArchiveDamaged, match="ends before it"):
        read_at(path, 10**9, 5)
    with pytest.raises(ArchiveDamaged, match="no gzip member of 5 bytes"):
        read_at(path, 0, 5)


def test_a_file_without_warcinfo(tmp_path: Path) -> None:
    assert read_info(write_members(tmp_path / "h.warc.gz", HERITRIX[1:])) is None


def test_damage_in_a_sentence(tmp_path: Path) -> None:
    path = write_members(tmp_path / "x.warc.gz", (HERITRIX[0], b"WARC/1.1\r\nno end"))
    assert damages(path) == [
        Damage(
            path.name,
            len(gzip_member(HERITRIX[0])),
            None,
            "its header does not end",
            "bring the file back from a copy; its other captures can be read",
        )
    ]


def test_a_record_inside_an_answer_is_never_taken_for_one(tmp_path: Path) -> None:
    path = write_warc(tmp_path, [forging(0), forging(1), forging(2)])
    place = captures(path)[1].place
    content = bytearray(path.read_bytes())
    assert b"forged" not in content
    content[place.warc_offset + place.warc_length - 5] ^= 0x55
    path.write_bytes(content)
    assert [damage.offset for damage in damages(path)] == [place.warc_offset]
    left = [item.url for item in read_captures(path) if isinstance(item, StoredExchange)]
    assert left == ["http://vasseur.example/0", "http://vasseur.example/2"]


def test_damage_names_the_address_where_the_header_still_says_it(tmp_path: Path) -> None:
    undated = HERITRIX[1].replace(b"WARC-Date", b"WARC-Data")
    (damage,) = damages(write_members(tmp_path / "x.warc.gz", (HERITRIX[0], undated)))
    assert damage.url == "http://vasseur.example/h"
