"""Every way in which a WARC file can be wrong is named, and a right one is not."""

import base64
import gzip
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from archiver.ops.verify import verify_named
from archiver.warc.check import Checked, check_warc
from archiver.warc.digest import digest_of
from archiver.warc.model import Damage, Original
from archiver.warc.writer import WarcWriter
from tests.warc.samples import (
    AT,
    INFO,
    PLAIN,
    captures,
    exchange,
    foreign_record,
    gzip_member,
    numbered,
    write_warc,
)

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nT: 1\r\n\r\n"
HEAD = (
    "WARC-Target-URI: http://vasseur.example/",
    "WARC-Date: 2024-03-01T12:00:00Z",
    "WARC-Record-ID: <urn:uuid:r>",
    "Content-Type: application/http;msgtype=response",
)


def faults(path: Path) -> list[str]:
    return [item.what for item in check_warc(path) if isinstance(item, Damage)]


def one_record(folder: Path, record: bytes) -> Path:
    path = folder / "x.warc.gz"
    path.write_bytes(gzip_member(record))
    return path


def test_our_own_files_are_right(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, prefix="x", info=INFO)
    writer.write(exchange(CHUNKED, protocols=("http/1.1", "tls/1.3"), ip_address="192.0.2.1"))
    place = writer.write(exchange())
    original = Original(place.record_id, "http://vasseur.example/page", AT)
    writer.write(exchange(), original)
    writer.write(exchange(b"HTTP/1.1 304 Not Modified\r\n\r\n"), original)
    writer.write(exchange(truncated="length"))
    writer.write(exchange(b"no http at all", request=b"", method="imported"))
    writer.write_resource("urn:archiver:log", "text/plain", b"log")
    (finished,) = writer.close()
    checked = list(check_warc(tmp_path / finished.name))
    assert [item for item in checked if isinstance(item, Damage)] == []
    records = [item for item in checked if isinstance(item, Checked)]
    assert [record.record_type for record in records].count("response") == 4
    assert sum(record.length for record in records) == finished.size
    read = [capture.place for capture in captures(tmp_path / finished.name)]
    assert [record.capture.place for record in records if record.capture] == read


def test_the_digests_of_others_are_understood(tmp_path: Path) -> None:
    sha1 = hashlib.sha1(b"abc", usedforsecurity=False)
    md5 = hashlib.md5(b"abc", usedforsecurity=False).digest()
    sha256 = hashlib.sha256(b"abc").digest()
    counted_chunks = hashlib.sha1(CHUNKED.split(b"\r\n\r\n", 1)[1], usedforsecurity=False)
    for digest in (
        "sha1:" + _base32(sha1.digest()),
        f"sha1:{sha1.hexdigest()}",
        "SHA-256:" + hashlib.sha256(b"abc").hexdigest().upper(),
        "sha1:" + _base32(counted_chunks.digest()),
        *(f"md5:{_base32(md5)}{padding}" for padding in ("", "======")),
        "sha-256:" + _base32(sha256),
        "sha256:" + base64.b64encode(sha256).decode(),
        "sha256:" + base64.urlsafe_b64encode(sha256).decode().rstrip("="),
    ):
        path = one_record(
            tmp_path, foreign_record("response", CHUNKED, *HEAD, f"WARC-Payload-Digest: {digest}")
        )
        assert faults(path) == [], digest


@pytest.mark.parametrize("digest", ["sha1:\u00e9", "sha1:1", "md5:==", "sha256:"])
def test_a_digest_that_is_none_is_no_match_and_no_crash(tmp_path: Path, digest: str) -> None:
    record = foreign_record("response", PLAIN, *HEAD, f"WARC-Payload-Digest: {digest}")
    assert faults(one_record(tmp_path, record)) == ["the payload is not what its digest says"]


@pytest.mark.parametrize("digest", ["blake9:x", ":", "crc:1"])
def test_a_digest_of_an_unknown_kind_is_noted(tmp_path: Path, digest: str) -> None:
    """It is no damage in a file of another program; in ours it would be, which writes none."""
    fields = (f"WARC-{part}-Digest: {digest}" for part in ("Block", "Payload"))
    path = one_record(tmp_path, foreign_record("response", PLAIN, *HEAD, *fields))
    kind = digest.partition(":")[0]
    assert faults(path) == [
        f"the {part} is not checked: its digest is of the unknown kind {kind!r}"
        for part in ("block", "payload")
    ]
    result = verify_named([path], workers=1)
    assert (result.damages.total, result.warnings.total) == (0, 2)


def test_a_revisit_may_write_the_digest_of_its_original_in_another_way(tmp_path: Path) -> None:
    sha1 = hashlib.sha1(b"abc", usedforsecurity=False)
    original = foreign_record(
        "response", CHUNKED, *HEAD, f"WARC-Payload-Digest: sha1:{sha1.hexdigest()}"
    )
    revisit = foreign_record(
        "revisit",
        b"",
        *HEAD[:2],
        "WARC-Record-ID: <urn:uuid:again>",
        f"WARC-Payload-Digest: sha1:{_base32(sha1.digest()).lower()}",
        f"WARC-Refers-To: {HEAD[2].partition(' ')[2]}",
        "WARC-Profile: identical-payload-digest",
    )
    path = tmp_path / "x.warc.gz"
    path.write_bytes(gzip_member(original) + gzip_member(revisit))
    assert faults(path) == []


def _base32(raw: bytes) -> str:
    return base64.b32encode(raw).decode()


@pytest.mark.parametrize(
    ("kind", "fields", "what"),
    [
        ("response", (*HEAD, f"WARC-Block-Digest: {digest_of(b'x')}"), "the block is not what"),
        ("response", (*HEAD, f"WARC-Payload-Digest: {digest_of(b'x')}"), "the payload is not"),
        ("response", (*HEAD, "WARC-Payload-Digest: sha1:AAAA"), "the payload is not"),
        ("response", (*HEAD, "WARC-Refers-To: <urn:uuid:o>"), "must not have WARC-Refers-To"),
        ("request", (*HEAD, "WARC-Refers-To: <urn:uuid:o>"), "must not have WARC-Refers-To"),
        ("warcinfo", (*HEAD, "WARC-Concurrent-To: <urn:uuid:o>"), "must not have WARC-Concurrent"),
        ("response", (*HEAD, "WARC-Concurrent-To: urn:uuid:o"), "no record ID in angle"),
        ("response", HEAD[1:], "has no WARC-Target-URI"),
        ("response", (HEAD[0], *HEAD[2:]), "has no warc-date"),
        ("response", (*HEAD[:2], HEAD[3]), "has no warc-record-id"),
        ("response", (*HEAD, HEAD[1]), "has warc-date more than once"),
        ("revisit", HEAD, "has no WARC-Profile"),
        ("revisit", HEAD, "has no WARC-Payload-Digest"),
        ("answer", HEAD, "is no type of record"),
        ("response", (HEAD[0], "WARC-Date: yesterday", *HEAD[2:]), "is no WARC-Date"),
        ("response", (*HEAD, "a line without colon"), "a line of the record header"),
    ],
)
def test_each_breach_of_the_grammar(
    tmp_path: Path, kind: str, fields: tuple[str, ...], what: str
) -> None:
    found = faults(one_record(tmp_path, foreign_record(kind, PLAIN, *fields)))
    assert any(what in fault for fault in found), found


def test_a_good_foreign_record_has_no_fault(tmp_path: Path) -> None:
    assert faults(one_record(tmp_path, foreign_record("response", PLAIN, *HEAD))) == []


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda record: record[:-1], "does not end in two line breaks"),
        (lambda record: record.replace(b"\r\nWARC-Date", b"\nWARC-Date"), "a line of the record"),
        (lambda record: record.replace(b"WARC/1.1", b"WARC/3.0"), "is no version of WARC"),
        (lambda record: record + b"x", "longer than its Content-Length"),
        (lambda record: record[:-9], "shorter than its Content-Length"),
        (lambda record: record + record, "more than one record"),
    ],
)
def test_each_breach_of_the_framing(
    tmp_path: Path, change: Callable[[bytes], bytes], what: str
) -> None:
    record = change(foreign_record("response", PLAIN, *HEAD))
    found = faults(one_record(tmp_path, record))
    assert any(what in fault for fault in found), found


def test_two_records_of_one_id(tmp_path: Path) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(gzip_member(foreign_record("response", PLAIN, *HEAD)) * 2)
    assert faults(path) == ["another record of the file has the same WARC-Record-ID"]


def test_a_revisit_that_disagrees_with_its_original(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, prefix="x", info=INFO)
    place = writer.write(numbered(1))
    writer.write(numbered(2), Original(place.record_id, "http://vasseur.example/1", AT))
    (finished,) = writer.close()
    assert faults(tmp_path / finished.name) == [
        "the revisit's payload digest is not its original's"
    ]


def test_every_flipped_byte_that_changes_what_the_file_holds_is_found(tmp_path: Path) -> None:
    """gzip has bits of no meaning: the packer's clock and name, padding. The file's own SHA-256
    covers those."""
    path = write_warc(tmp_path, [exchange(b"HTTP/1.1 200 OK\r\n\r\nshort")])
    whole = path.read_bytes()
    meaningless = 0
    for at in range(0, len(whole), 3):
        damaged = bytearray(whole)
        damaged[at] ^= 0x10
        path.write_bytes(damaged)
        if not faults(path):
            assert gzip.decompress(damaged) == gzip.decompress(whole), at
            meaningless += 1
    assert meaningless < 12


def test_a_cut_at_any_byte_is_found(tmp_path: Path) -> None:
    """Reference tools pass some of these: gzip without its trailer, a record cut short."""
    path = write_warc(tmp_path, [numbered(0)])
    whole = path.read_bytes()
    boundaries = {item.offset for item in check_warc(path) if isinstance(item, Checked)}
    for size in range(max(boundaries) - 3, len(whole)):
        path.write_bytes(whole[:size])
        assert bool(faults(path)) == (size not in boundaries), size


def test_a_record_too_large_for_memory_is_checked_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archiver.warc.members.KEEP", 5000)
    block = b"HTTP/1.1 200 OK\r\n\r\n" + hashlib.shake_256(b"x").digest(400_000)
    good = foreign_record("response", block, *HEAD, f"WARC-Block-Digest: {digest_of(block)}")
    path = one_record(tmp_path, good)
    assert faults(path) == []
    assert captures(path)[0].truncated == "length"
    assert len(captures(path)[0].body) < 5000
    assert faults(one_record(tmp_path, good.replace(block[-9:], b"corrupted"))) == [
        "the block is not what its digest says"
    ]
    assert faults(one_record(tmp_path, good[:300_000])) == [
        "the record is shorter than its Content-Length",
        "the block is not what its digest says",
    ]


def test_damage_names_file_offset_address_and_advice(tmp_path: Path) -> None:
    record = foreign_record("response", PLAIN, *HEAD, f"WARC-Block-Digest: {digest_of(b'x')}")
    path = tmp_path / "x.warc.gz"
    first = gzip_member(
        foreign_record("warcinfo", b"software: x\r\n", *HEAD[1:2], "WARC-Record-ID: <urn:i>")
    )
    path.write_bytes(first + gzip_member(record))
    (damage,) = [item for item in check_warc(path) if isinstance(item, Damage)]
    assert (damage.file, damage.offset) == ("x.warc.gz", len(first))
    assert damage.url == "http://vasseur.example/"
    assert damage.advice.startswith("bring the file back from a copy")
