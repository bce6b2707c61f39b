"""The archive as one WACZ that nobody wrote: strict checks, byte ranges, and its renewal."""

import sqlite3
import zipfile
import zlib
from contextlib import closing
from pathlib import Path

import pytest

from archiver.publish.pieces import FilePart, read, size_of
from archiver.publish.replay.packing import Package, Packer
from archiver.publish.replay.ranges import Unsatisfiable, read_range
from archiver.publish.replay.zipping import StoredZip
from archiver.warc.wacz import INDEX, Description, Page, write_wacz
from archiver.warc.wacz_check import check_wacz
from tests.publish import held
from tests.publish.held import ARTICLE, FIRST, HeldArchive


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> HeldArchive:
    return held.hold(tmp_path_factory.mktemp("held") / "data")


def packed(archive: HeldArchive) -> tuple[Packer, Package]:
    packer = Packer(archive.folder.database, archive.folder.warcs)
    package = packer.current()
    assert package is not None
    return packer, package


def saved(package: Package, path: Path) -> Path:
    path.write_bytes(b"".join(read(package.pieces)))
    assert path.stat().st_size == package.size
    return path


def test_it_passes_every_check_of_a_wacz(archive: HeldArchive, tmp_path: Path) -> None:
    path = saved(packed(archive)[1], tmp_path / "all.wacz")
    assert list(check_wacz(path)) == []
    with zipfile.ZipFile(path) as zipped:
        assert zipped.testzip() is None
        assert {info.compress_type for info in zipped.infolist()} == {zipfile.ZIP_STORED}


def test_its_index_is_that_of_an_export(archive: HeldArchive, tmp_path: Path) -> None:
    exported = tmp_path / "exported.wacz"
    warcs = sorted(archive.folder.warcs.glob("*.warc.gz"))
    write_wacz(exported, warcs, [Page(ARTICLE, FIRST)], Description("Archive", "test", FIRST))
    with (
        zipfile.ZipFile(exported) as ours,
        zipfile.ZipFile(saved(packed(archive)[1], tmp_path / "virtual.wacz")) as made,
    ):
        assert made.read(INDEX) == ours.read(INDEX)
        assert len(made.read(INDEX).splitlines()) == len(held.EXCHANGES)


def test_an_open_file_is_packed_up_to_its_last_capture(tmp_path: Path) -> None:
    archive = held.hold(tmp_path / "data", finished=False)
    (growing,) = archive.folder.warcs.glob("*.open")
    with growing.open("ab") as file:
        file.write(b"\x1f\x8b\x08half a record")
    path = saved(packed(archive)[1], tmp_path / "all.wacz")
    assert list(check_wacz(path)) == []


def test_it_is_renewed_when_the_archive_has_changed(tmp_path: Path) -> None:
    archive = held.hold(tmp_path / "data")
    packer, first = packed(archive)
    assert packer.current() is first
    with closing(sqlite3.connect(archive.folder.database)) as db:
        db.execute("pragma foreign_keys = off")
        db.execute(
            "insert into captures select id + 100, crawl_id, url || 'x', captured_at, status,"
            " content_type, payload_digest, warc_file, warc_offset, warc_length, 'urn:x', null,"
            " method from captures where id = 1"
        )
        db.commit()
    second = packer.current()
    assert second is not None
    assert second.name != first.name
    assert packer.find(first.name) is first
    assert packer.find("nulle") is None


def test_captures_whose_file_is_missing_or_short_are_left_out(tmp_path: Path) -> None:
    archive = held.hold(tmp_path / "data")
    (warc,) = archive.folder.warcs.glob("*.warc.gz")
    whole = warc.read_bytes()
    warc.write_bytes(whole[: len(whole) // 2])
    with zipfile.ZipFile(saved(packed(archive)[1], tmp_path / "short.wacz")) as zipped:
        lines = zipped.read(INDEX).splitlines()
    assert 0 < len(lines) < len(held.EXCHANGES)
    warc.unlink()
    assert Packer(archive.folder.database, archive.folder.warcs).current() is None


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, None),
        ("bytes=0-", (0, 100)),
        ("bytes=10-19", (10, 20)),
        ("bytes=90-500", (90, 100)),
        ("bytes=-10", (90, 100)),
        ("bytes=-500", (0, 100)),
        ("bytes=5-4", None),
        ("bytes=0-1,5-6", None),
        ("items=0-1", None),
        ("bytes=-", None),
        ("bytes=x-y", None),
        ("bytes=" + "9" * 400 + "-", None),
    ],
)
def test_a_range(header: str | None, expected: tuple[int, int] | None) -> None:
    assert read_range(header, 100) == expected


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_range_beyond_the_end(header: str) -> None:
    with pytest.raises(Unsatisfiable):
        read_range(header, 100)


def test_any_range_is_that_part_of_the_whole(archive: HeldArchive) -> None:
    package = packed(archive)[1]
    whole = b"".join(read(package.pieces))
    edges = [0, 1]
    for piece in package.pieces:
        edges += [edges[-1] + size_of(piece) - 1, edges[-1] + size_of(piece)]
    for start in edges:
        for end in edges:
            if start < end <= package.size:
                assert b"".join(read(package.pieces, start, end)) == whole[start:end]


@pytest.mark.soak
def test_beyond_four_gibibytes_it_is_zip64(tmp_path: Path) -> None:
    big, size = tmp_path / "big.warc.gz", 4 * 2**30 + 5
    with big.open("wb") as file:
        file.truncate(size)
    crc, block = 0, bytes(2**24)
    for start in range(0, size, len(block)):
        crc = zlib.crc32(block[: min(len(block), size - start)], crc)
    archive = StoredZip()
    archive.add_pieces("archive/big", [FilePart(tmp_path, big.name, 0, size)], crc)
    archive.add("after", b"after")
    path = tmp_path / "big.zip"
    with path.open("wb") as file:
        for piece in archive.finish():
            if isinstance(piece, FilePart):
                file.truncate(file.tell() + piece.length)
                file.seek(0, 2)
            else:
                file.write(piece)
    with zipfile.ZipFile(path) as zipped:
        assert zipped.read("after") == b"after"
        assert zipped.getinfo("archive/big").file_size == size
        assert zipped.testzip() is None
