"""What the writer writes, record by record, and when it begins a new file."""

import hashlib
import json
import os
import socket
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from archiver.errors import ArchiveDamaged, BadInput, StorageFailed
from archiver.warc.check import check_warc
from archiver.warc.digest import digest_of, payload_digest
from archiver.warc.files import final_name, resolve, stated_sha256
from archiver.warc.members import Member, walk_members
from archiver.warc.model import Damage, Original
from archiver.warc.reader import read_item
from archiver.warc.record import Record
from archiver.warc.writer import WarcWriter
from tests.warc.samples import (
    AT,
    INFO,
    NOON,
    PAGE,
    PLAIN,
    REQUEST,
    captures,
    exchange,
    numbered,
    ticking,
    write_warc,
)

ORIGINAL = Original("urn:uuid:00000000-0000-4000-8000-000000000001", "http://vasseur.example/o", AT)
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3\r\nabc\r\n2\r\nde\r\n0\r\nX-Sum: 9\r\n\r\n"
)


def records(path: Path) -> list[Record]:
    with path.open("rb") as file:
        return [read_item(item) for item in walk_members(file)]


def by_type(path: Path) -> dict[str, Record]:
    return {record.record_type: record for record in records(path)}


def test_the_warcinfo_names_its_file_and_carries_the_profile(tmp_path: Path) -> None:
    path = write_warc(tmp_path, [exchange()])
    info = records(path)[0]
    assert info.record_type == "warcinfo"
    assert info.get("warc-filename") == path.name
    assert info.get("content-type") == "application/warc-fields"
    text = info.block.decode()
    assert "operator: Archives de Vasseur\r\n" in text
    assert json.loads(text.split("profile: ")[1]) == {"é": 1}


def test_request_and_response_are_the_bytes_of_the_exchange(tmp_path: Path) -> None:
    kept = by_type(write_warc(tmp_path, [exchange(CHUNKED)]))
    assert kept["request"].block == REQUEST
    assert kept["response"].block == CHUNKED
    assert kept["response"].get("content-type") == "application/http;msgtype=response"
    assert kept["request"].get("content-type") == "application/http;msgtype=request"


def test_every_record_of_a_capture_has_its_date_block_digest_and_warcinfo(tmp_path: Path) -> None:
    info, *capture = records(write_warc(tmp_path, [exchange()]))
    assert [record.record_type for record in capture] == ["metadata", "request", "response"]
    for record in capture:
        assert record.version == "1.1"
        assert record.get("warc-date") == AT
        assert record.get("warc-target-uri") == "http://vasseur.example/page"
        assert record.get("warc-warcinfo-id") == f"<{info.record_id}>"
        assert record.get("warc-block-digest") == digest_of(record.block)


def test_the_records_of_a_capture_name_each_other(tmp_path: Path) -> None:
    kept = by_type(write_warc(tmp_path, [exchange()]))
    response = kept["response"].get("warc-record-id")
    assert kept["request"].get("warc-concurrent-to") == response
    assert kept["metadata"].get("warc-concurrent-to") == response
    assert kept["response"].get("warc-concurrent-to") == kept["request"].get("warc-record-id")


def test_the_payload_digest_is_over_the_unchunked_body(tmp_path: Path) -> None:
    expected = "sha256:" + hashlib.sha256(b"abcde").hexdigest()
    writer = WarcWriter(tmp_path, prefix="x", info=INFO)
    place = writer.write(exchange(CHUNKED))
    writer.close()
    kept = by_type(tmp_path / place.warc_file)
    assert kept["response"].get("warc-payload-digest") == expected
    assert place.payload_digest == expected == payload_digest(exchange(CHUNKED))
    assert kept["response"].get("warc-block-digest") == digest_of(CHUNKED)


def test_the_connection_is_described_on_request_and_response(tmp_path: Path) -> None:
    kept = by_type(
        write_warc(
            tmp_path,
            [
                exchange(
                    ip_address="2001:db8::1",
                    protocols=("http/1.1", "tls/1.3"),
                    cipher_suite="TLS_AES_256_GCM_SHA384",
                )
            ],
        )
    )
    for record in (kept["request"], kept["response"]):
        assert record.get("warc-ip-address") == "2001:db8::1"
        assert record.get_all("warc-protocol") == ("http/1.1", "tls/1.3")
        assert record.get("warc-cipher-suite") == "TLS_AES_256_GCM_SHA384"
    assert kept["metadata"].get("warc-ip-address") is None


def test_metadata_says_how_the_capture_came_about(tmp_path: Path) -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nX: caf\xe9\r\n\r\n"
    path = write_warc(
        tmp_path,
        [
            exchange(
                method="reconstructed",
                via="http://vasseur.example/a b\r\nX: y",
                hops="LL",
                milliseconds=42,
                interim=(early,),
            )
        ],
    )
    fields = dict(
        line.split(": ", 1) for line in by_type(path)["metadata"].block.decode().splitlines()
    )
    assert fields["capture-method"] == "reconstructed"
    assert fields["via"] == "http://vasseur.example/a%20b%0D%0AX:%20y"
    assert (fields["hopsFromSeed"], fields["fetchTimeMs"]) == ("LL", "42")
    assert [part.encode("latin-1") for part in json.loads(fields["interim-responses"])] == [early]


def test_a_truncated_response_says_why_and_is_never_a_revisit(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, prefix="x", info=INFO)
    place = writer.write(exchange(truncated="disconnect"), ORIGINAL)
    writer.close()
    kept = by_type(tmp_path / place.warc_file)
    assert kept["response"].get("warc-truncated") == "disconnect"
    assert place.revisit_of is None


def test_a_capture_of_another_archive_has_its_source_and_no_request(tmp_path: Path) -> None:
    source = "http://127.0.0.1/web/20240301120000id_/http://vasseur.example/page"
    path = write_warc(tmp_path, [exchange(request=b"", method="imported", source_uri=source)])
    kept = by_type(path)
    assert "request" not in kept
    assert kept["response"].get("warc-source-uri") == source
    assert kept["response"].get("warc-concurrent-to") is None


def test_an_identical_payload_becomes_a_revisit_without_it(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, prefix="x", info=INFO)
    place = writer.write(exchange(), ORIGINAL)
    writer.close()
    revisit = by_type(tmp_path / place.warc_file)["revisit"]
    assert place.revisit_of == ORIGINAL.record_id
    assert revisit.get(
        "warc-profile",
    ) == ("http://netpreserve.org/warc/1.1/revisit/identical-payload-digest")
    assert revisit.get("warc-refers-to") == f"<{ORIGINAL.record_id}>"
    assert revisit.get("warc-refers-to-target-uri") == ORIGINAL.url
    assert revisit.get("warc-refers-to-date") == AT
    assert revisit.get("warc-payload-digest") == digest_of(PAGE) == place.payload_digest
    assert revisit.get("warc-truncated") == "length"
    assert revisit.block == PLAIN[: -len(PAGE)]


def test_an_original_without_an_id_is_referred_to_by_address_and_date(tmp_path: Path) -> None:
    with WarcWriter(tmp_path, prefix="x", info=INFO) as writer:
        place = writer.write(exchange(), replace(ORIGINAL, record_id="theirs.warc.gz@17"))
    revisit = by_type(tmp_path / place.warc_file)["revisit"]
    assert place.revisit_of == ""
    assert revisit.get("warc-refers-to") is None
    assert revisit.get("warc-refers-to-target-uri") == ORIGINAL.url
    assert not [item for item in check_warc(tmp_path / place.warc_file) if isinstance(item, Damage)]


def test_a_304_becomes_a_server_not_modified_revisit(tmp_path: Path) -> None:
    answer = b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n"
    writer = WarcWriter(tmp_path, prefix="x", info=INFO)
    place = writer.write(exchange(answer), ORIGINAL)
    writer.close()
    revisit = by_type(tmp_path / place.warc_file)["revisit"]
    assert revisit.get("warc-profile") == (
        "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
    )
    assert revisit.get("warc-payload-digest") is None
    assert revisit.get("warc-truncated") is None
    assert revisit.block == answer


def test_a_resource_lies_where_its_place_says(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, prefix="x", info=INFO, clock=lambda: NOON)
    place = writer.write_resource("urn:archiver:log", "text/plain", b"one line\n")
    (finished,) = writer.close()
    with (tmp_path / finished.name).open("rb") as file:
        member = next(walk_members(file, place.warc_offset))
    assert isinstance(member, Member)
    assert member.length == place.warc_length
    record = read_item(member)
    assert (record.record_type, record.target_uri) == ("resource", "urn:archiver:log")
    assert (record.block, record.get("warc-date")) == (b"one line\n", AT)


def test_header_values_cannot_add_headers(tmp_path: Path) -> None:
    path = write_warc(tmp_path, [exchange(url="http://vasseur.example/\r\nWARC-Type: x <y>")])
    assert by_type(path)["response"].target_uri == (
        "http://vasseur.example/%0D%0AWARC-Type:%20x%20%3Cy%3E"
    )
    with pytest.raises(ValueError, match="line break"):
        WarcWriter(tmp_path, prefix="x", info={"operator": "a\nb"})


def test_a_body_that_is_packed_already_is_stored(tmp_path: Path) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
    noise = hashlib.shake_256(b"seed").digest(50_000)
    writer = WarcWriter(tmp_path, prefix="x", info=INFO)
    stored = writer.write(exchange(head + noise))
    writer.close()
    assert len(noise) < stored.warc_length < len(noise) + 1200


def test_names_sort_by_time_and_survive_odd_prefixes() -> None:
    name = final_name("a-b/é..", NOON, 7, "my-host.lan", 12)
    assert name == "a_b-20240301120000123-00007-my_host-12.warc.gz"


def test_an_open_file_is_locked_and_gets_its_name_at_the_end(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, prefix="vasseur.example", info=INFO, clock=lambda: NOON)
    place = writer.write(exchange())
    host = socket.gethostname().partition(".")[0].replace("-", "_")
    assert place.warc_file.endswith(f"-20240301120000123-00000-{host}-{os.getpid()}.warc.gz")
    assert [path.name for path in tmp_path.iterdir()] == [f"{place.warc_file}.open"]
    assert resolve(tmp_path, place.warc_file).name == f"{place.warc_file}.open"
    locked = subprocess.run(
        ["flock", "-n", tmp_path / f"{place.warc_file}.open", "true"], check=False
    )
    assert locked.returncode == 1
    (finished,) = writer.close()
    assert finished.name == place.warc_file
    assert resolve(tmp_path, place.warc_file) == tmp_path / place.warc_file
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        place.warc_file,
        f"{place.warc_file}.sha256",
    ]
    content = (tmp_path / place.warc_file).read_bytes()
    assert finished.sha256 == hashlib.sha256(content).hexdigest()
    assert finished.size == len(content)
    assert stated_sha256(tmp_path / place.warc_file) == finished.sha256
    check = ["sha256sum", "--check", "--status", f"{finished.name}.sha256"]
    assert subprocess.run(check, cwd=tmp_path, check=False).returncode == 0
    assert writer.close() == (finished,)


def test_a_file_without_captures_is_not_kept(tmp_path: Path) -> None:
    assert WarcWriter(tmp_path, prefix="x", info=INFO).close() == ()
    assert list(tmp_path.iterdir()) == []


def test_files_are_rotated_by_size(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, prefix="x", info=INFO, max_bytes=3000)
    places = [writer.write(numbered(number)) for number in range(10)]
    finished = writer.close()
    assert len(finished) > 2
    assert sum(len(captures(tmp_path / file.name)) for file in finished) == 10
    assert {place.warc_file for place in places} == {file.name for file in finished}
    assert all(file.size < 3000 + 2500 for file in finished)


def test_files_are_rotated_by_age(tmp_path: Path) -> None:
    clock = ticking(timedelta(hours=1))
    writer = WarcWriter(tmp_path, prefix="x", info=INFO, clock=clock, max_age=timedelta(hours=3))
    for number in range(8):
        writer.write(numbered(number))
    assert len(writer.close()) == 3


def test_publication_never_overwrites(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, prefix="x", info=INFO)
    place = writer.write(exchange())
    taken = tmp_path / place.warc_file
    taken.write_bytes(b"someone else's")
    with pytest.raises(StorageFailed, match="exists already"):
        writer.close()
    assert taken.read_bytes() == b"someone else's"
    taken.unlink()
    (finished,) = writer.close()
    assert len(captures(tmp_path / finished.name)) == 1


def test_two_writers_of_one_process_and_instant_do_not_meet(tmp_path: Path) -> None:
    one = WarcWriter(tmp_path, prefix="x", info=INFO, clock=lambda: NOON)
    two = WarcWriter(tmp_path, prefix="x", info=INFO, clock=lambda: NOON)
    assert one.write(exchange()).warc_file != two.write(exchange()).warc_file
    one.close()
    two.close()


def test_a_folder_that_cannot_be_written_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StorageFailed, match="cannot be written"):
        WarcWriter(tmp_path / "file" / "warc", prefix="x", info=INFO)
    missing = Path("/proc/nowhere")
    with pytest.raises(StorageFailed, match="cannot be written"):
        WarcWriter(missing, prefix="x", info=INFO)


@pytest.mark.parametrize("name", ["../x.warc.gz", "/etc/passwd", "", "..", "a/b"])
def test_a_name_that_is_a_path_is_not_resolved(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput):
        resolve(tmp_path, name)


def test_a_missing_file_is_damage(tmp_path: Path) -> None:
    with pytest.raises(ArchiveDamaged, match="missing"):
        resolve(tmp_path, "x.warc.gz")


def test_warcio_reads_the_same_records(tmp_path: Path) -> None:
    path = write_warc(tmp_path, [exchange(CHUNKED), exchange()])
    with path.open("rb") as file:
        seen = [
            (record.rec_type, record.rec_headers.get_header("WARC-Record-ID"))
            for record in ArchiveIterator(file, check_digests=False)
        ]
    assert seen == [(one.record_type, one.get("warc-record-id")) for one in records(path)]


def test_a_capture_costs_one_write_and_one_sync(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    write, sync = os.write, os.fdatasync

    def noted_write(descriptor: int, data: bytes) -> int:
        calls.append("write")
        return write(descriptor, data)

    def noted_sync(descriptor: int) -> None:
        calls.append("sync")
        sync(descriptor)

    monkeypatch.setattr(os, "write", noted_write)
    monkeypatch.setattr(os, "fdatasync", noted_sync)
    with WarcWriter(tmp_path, prefix="x", info=INFO) as writer:
        calls.clear()
        writer.write(exchange())
        assert calls == ["write", "sync"]
