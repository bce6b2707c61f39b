"""Plain and one-piece WARC files made into files whose records can be reached."""

import gzip
import hashlib
import io
from pathlib import Path

import pytest

from archiver.errors import BadInput
from archiver.warc.check import Checked, check_warc
from archiver.warc.members import walk_members
from archiver.warc.reader import read_item
from archiver.warc.recompress import recompress
from archiver.warc.record import Record
from archiver.warc.subset import copy_captures
from tests.warc.samples import captures, foreign_record, gzip_member, numbered, write_warc


def records(path: Path) -> list[Record]:
    with path.open("rb") as file:
        return [read_item(item) for item in walk_members(file)]


@pytest.mark.parametrize("pack", ["plain", "one-piece", "members"])
def test_every_record_is_kept_byte_for_byte(tmp_path: Path, pack: str) -> None:
    source = write_warc(tmp_path, [numbered(number) for number in range(3)])
    content = gzip.decompress(source.read_bytes())
    odd = tmp_path / "odd.warc.gz"
    odd.write_bytes(
        {"plain": content, "one-piece": gzip.compress(content), "members": source.read_bytes()}[
            pack
        ]
    )
    with (tmp_path / "out.warc.gz").open("wb") as out:
        assert recompress(odd, out) == 10
    assert records(tmp_path / "out.warc.gz") == records(source)
    assert all(isinstance(item, Checked) for item in check_warc(tmp_path / "out.warc.gz"))


def test_a_record_larger_than_what_is_read_ahead(tmp_path: Path) -> None:
    block = hashlib.shake_256(b"x").digest(300_000)
    record = foreign_record("resource", block, "WARC-Target-URI: http://vasseur.example/")
    plain = tmp_path / "x.warc"
    plain.write_bytes(record * 2)
    target = io.BytesIO()
    assert recompress(plain, target) == 2
    assert gzip.decompress(target.getvalue()) == record * 2


@pytest.mark.parametrize(
    "content",
    [
        b"<html>",
        foreign_record("resource", b"x" * 99)[:-60],
        gzip_member(foreign_record("resource", b"x"))[:-3],
        gzip_member(b"WARC/1.0\r\nContent-Length: 99999999999\r\n\r\n"),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.warc"
    path.write_bytes(content)
    with pytest.raises(BadInput, match="cannot be read past"):
        recompress(path, io.BytesIO())


def test_a_part_holds_the_chosen_captures_with_their_companions(tmp_path: Path) -> None:
    source = write_warc(tmp_path, [numbered(n, via="http://v.example/") for n in range(5)])
    wanted = [captures(source)[n].place for n in (1, 3)]
    part = tmp_path / "part.warc.gz"
    with part.open("wb") as target:
        assert copy_captures(source, {*(place.warc_offset for place in wanted), 7}, target) == 2
    assert [record.record_type for record in records(part)] == [
        "warcinfo",
        *["metadata", "request", "response"] * 2,
    ]
    copied = captures(part)
    assert [c.place.record_id for c in copied] == [place.record_id for place in wanted]
    assert copied[0].via == "http://v.example/"
    assert all(isinstance(item, Checked) for item in check_warc(part))


def test_a_file_with_none_of_them_gives_nothing(tmp_path: Path) -> None:
    target = io.BytesIO()
    assert copy_captures(write_warc(tmp_path, [numbered(1)]), {7}, target) == 0
    assert target.getvalue() == b""
