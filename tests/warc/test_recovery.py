"""What is left after a crash, cut to whole captures and published."""

import hashlib
import os
from pathlib import Path

import pytest

from archiver.errors import StorageFailed
from archiver.warc.files import stated_sha256
from archiver.warc.recovery import Recovery, recover
from archiver.warc.writer import WarcWriter
from tests.warc.samples import INFO, captures, forging, numbered, write_warc


@pytest.fixture
def orphan(tmp_path: Path) -> Path:
    """A whole `.open` file of five captures whose process is gone."""
    folder = tmp_path / "warc"
    path = write_warc(folder, [numbered(number) for number in range(5)])
    path.with_name(f"{path.name}.sha256").unlink()
    return path.rename(folder / f"{path.name}.open")


def recovered(orphan: Path) -> tuple[list[Recovery], Path, Path]:
    """(what was done, where the file is now, the quarantine folder)"""
    quarantine = orphan.parent.parent / "quarantine"
    done = recover(orphan.parent, quarantine)
    return done, orphan.with_suffix(""), quarantine


def test_a_whole_file_is_published_as_it_is(orphan: Path) -> None:
    content = orphan.read_bytes()
    done, path, quarantine = recovered(orphan)
    assert done == [Recovery(path.name, len(content), 0, None, 16)]
    assert path.read_bytes() == content
    assert stated_sha256(path) == hashlib.sha256(content).hexdigest()
    assert not orphan.exists()
    assert not quarantine.exists()
    assert recover(orphan.parent, quarantine) == []


def test_every_possible_tear_keeps_the_captures_before_it(orphan: Path) -> None:
    """Cut at every fifth byte and each boundary: whole captures are kept, the rest quarantined."""
    whole = orphan.read_bytes()
    places = [capture.place for capture in captures(orphan)]
    ends = [place.warc_offset + place.warc_length for place in places]
    boundaries = {end + step for end in ends[2:-1] for step in (-1, 0, 1)}
    for size in sorted({*range(ends[2], len(whole), 5), *boundaries, len(whole) - 1}):
        orphan.write_bytes(whole[:size])
        (done,), path, quarantine = recovered(orphan)
        kept = max(end for end in ends if end <= size)
        assert (done.kept_bytes, done.cut_bytes) == (kept, size - kept)
        assert path.read_bytes() == whole[:kept]
        if size > kept:
            assert done.quarantine_file is not None
            assert (quarantine / done.quarantine_file).read_bytes() == whole[kept:size]
        path.unlink()


def test_a_tail_of_zeros_as_after_a_power_loss(orphan: Path) -> None:
    whole = orphan.read_bytes()
    orphan.write_bytes(whole + b"\0" * 5000)
    (done,), path, _ = recovered(orphan)
    assert (done.kept_bytes, done.cut_bytes) == (len(whole), 5000)
    assert path.read_bytes() == whole


def test_damage_that_captures_follow_is_not_cut(orphan: Path) -> None:
    content = bytearray(orphan.read_bytes())
    place = captures(orphan)[1].place
    content[place.warc_offset + 40] ^= 0xFF
    orphan.write_bytes(content)
    (done,), path, _ = recovered(orphan)
    assert (done.cut_bytes, done.records) == (0, 15)
    assert path.read_bytes() == content


def test_a_torn_answer_that_holds_a_record_is_cut(tmp_path: Path) -> None:
    folder = tmp_path / "warc"
    whole = write_warc(folder, [forging(0), forging(1)])
    place = captures(whole)[0].place
    orphan = whole.rename(folder / f"{whole.name}.open")
    os.truncate(orphan, orphan.stat().st_size - 8)
    (done,), path, _ = recovered(orphan)
    assert done.kept_bytes == place.warc_offset + place.warc_length
    assert [capture.place for capture in captures(path)] == [place]


@pytest.mark.parametrize("content", [b"", b"\x1f\x8b\x08", b"\0" * 400])
def test_a_file_with_nothing_whole_is_removed(tmp_path: Path, content: bytes) -> None:
    folder = tmp_path / "warc"
    folder.mkdir()
    (folder / "x.warc.gz.open").write_bytes(content)
    (done,) = recover(folder, tmp_path / "quarantine")
    assert (done.kept_bytes, done.cut_bytes, done.records) == (0, len(content), 0)
    assert list(folder.iterdir()) == []
    if content:
        assert done.quarantine_file is not None
        assert (tmp_path / "quarantine" / done.quarantine_file).read_bytes() == content


def test_a_file_that_a_process_is_writing_is_left_alone(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, prefix="x", info=INFO)
    writer.write(numbered(1))
    assert recover(tmp_path, tmp_path / "quarantine") == []
    writer.write(numbered(2))
    (finished,) = writer.close()
    assert len(captures(tmp_path / finished.name)) == 2


def test_a_crash_between_link_and_unlink(orphan: Path) -> None:
    final = orphan.with_suffix("")
    os.link(orphan, final)
    (done,), path, _ = recovered(orphan)
    assert done.cut_bytes == 0
    assert path == final
    assert not orphan.exists()
    assert len(captures(final)) == 5


def test_another_file_of_that_name_is_not_overwritten(orphan: Path) -> None:
    final = orphan.with_suffix("")
    final.write_bytes(b"someone else's")
    with pytest.raises(StorageFailed, match="exists already"):
        recovered(orphan)
    assert final.read_bytes() == b"someone else's"
    assert orphan.exists()


def test_files_that_are_not_ours_are_not_touched(tmp_path: Path) -> None:
    (tmp_path / "notes.txt.open").write_text("mine")
    (tmp_path / "x.warc.gz").write_text("finished")
    assert recover(tmp_path, tmp_path / "quarantine") == []
    assert recover(tmp_path / "none", tmp_path / "quarantine") == []
