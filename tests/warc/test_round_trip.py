"""Any exchange comes back as it was, and other readers see in our files what ours sees."""

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from fastwarc.warc import ArchiveIterator as FastIterator
from fastwarc.warc import WarcRecordType
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from archiver.instants import format_instant
from archiver.warc.digest import digest_of, payload_digest
from archiver.warc.http import by_name, entity_body, parse_message
from archiver.warc.members import walk_members
from archiver.warc.model import Exchange
from archiver.warc.reader import read_at, read_item
from archiver.warc.record import Record, bare, header_uri
from tests.warc.samples import captures, write_warc

BYTES = st.binary(max_size=400)
HTTP = st.one_of(
    BYTES,
    BYTES.map(lambda body: b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body),
    BYTES.map(
        lambda body: (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX: \xe9\r\n\r\n"
            b"%x\r\n%b\r\n0\r\nT: 1\r\n\r\n" % (len(body), body)
            if body
            else b"HTTP/1.0 204\r\n\r\n"
        )
    ),
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
EXCHANGES = st.builds(
    Exchange,
    url=TEXT.map(lambda text: f"https://vasseur.example/{text}"),
    captured_at=st.datetimes(
        min_value=datetime(1990, 1, 2),  # noqa: DTZ001
        timezones=st.timezones(),
    ).map(format_instant),
    request=BYTES,
    response=HTTP,
    method=st.sampled_from(["wire", "reconstructed", "imported"]),
    ip_address=st.none() | st.ip_addresses().map(str),
    truncated=st.sampled_from([None, "length", "time", "disconnect", "unspecified"]),
    via=st.none() | TEXT,
    hops=st.text("LERP", max_size=5),
    milliseconds=st.none() | st.integers(0, 10**9),
    interim=st.lists(BYTES, max_size=2).map(tuple),
)


@given(st.lists(EXCHANGES, min_size=1, max_size=4))
@settings(derandomize=True, deadline=None)
def test_any_exchange_comes_back(exchanges: list[Exchange]) -> None:
    with TemporaryDirectory() as folder:
        path = write_warc(Path(folder), exchanges)
        found = captures(path)
        for given_one, read in zip(exchanges, found, strict=True):
            message = parse_message(given_one.response)
            assert read.url == header_uri(given_one.url)
            assert read.captured_at == given_one.captured_at
            assert read.status == message.status
            assert read.headers == by_name(message.headers)
            assert read.body == entity_body(message).body
            assert read.place.payload_digest == payload_digest(given_one)
            assert (read.method, read.truncated) == (given_one.method, given_one.truncated)
            assert (read.hops or "", read.milliseconds) == (given_one.hops, given_one.milliseconds)
            place = read.place
            assert read_at(path, place.warc_offset, place.warc_length).body == read.body


def our_records(path: Path) -> list[Record]:
    with path.open("rb") as file:
        return [read_item(item) for item in walk_members(file)]


@given(st.lists(EXCHANGES, min_size=1, max_size=3))
@settings(derandomize=True, deadline=None, max_examples=50)
def test_warcio_and_fastwarc_read_the_same_blocks(exchanges: list[Exchange]) -> None:
    with TemporaryDirectory() as folder:
        path = write_warc(Path(folder), exchanges)
        ours = [(record.record_id, digest_of(record.block)) for record in our_records(path)]
        with path.open("rb") as file:
            by_warcio = [
                (
                    record.rec_headers.get_header("WARC-Record-ID")[1:-1],
                    digest_of(record.raw_stream.read()),
                )
                for record in ArchiveIterator(file, no_record_parse=True)
            ]
        by_fastwarc = [
            (bare(record.record_id or ""), digest_of(record.reader.read()))
            for record in FastIterator(str(path), parse_http=False)
        ]
        assert by_warcio == ours
        assert by_fastwarc == ours


def test_the_places_are_where_fastwarc_finds_the_responses(tmp_path: Path) -> None:
    exchanges = [
        Exchange(
            f"http://v.example/{n}", "2024-03-01T12:00:00.000000Z", b"GET", b"HTTP/1.1 200\r\n"
        )
        for n in range(5)
    ]
    path = write_warc(tmp_path, exchanges)
    offsets = [
        record.stream_pos
        for record in FastIterator(
            str(path), parse_http=False, record_types=WarcRecordType.response
        )
    ]
    assert [capture.place.warc_offset for capture in captures(path)] == offsets
    assert len(offsets) == 5
