"""The data folder is made ready, or one sentence says what is in the way."""

import os
from pathlib import Path

import pytest

from archiver.errors import BadInput
from archiver.folder import DataFolder
from archiver.ops.rebuild import rebuild
from archiver.ops.verify import verify


def test_a_mark_that_a_power_cut_left_empty_is_written_again(tmp_path: Path) -> None:
    (tmp_path / "FORMAT").write_bytes(b"")
    DataFolder(tmp_path).prepare()
    assert (tmp_path / "FORMAT").read_text() == "1\n"


@pytest.mark.parametrize("mark", [b"2\n", b"\xff\xfe"])
def test_another_format_is_refused(tmp_path: Path, mark: bytes) -> None:
    (tmp_path / "FORMAT").write_bytes(mark)
    with pytest.raises(BadInput, match=r"is of format .*install the archiver"):
        DataFolder(tmp_path).prepare()
    assert (tmp_path / "FORMAT").read_bytes() == mark


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "warc").write_text("x")
    with pytest.raises(BadInput, match=r"/warc is not a folder: move it away"):
        DataFolder(tmp_path).prepare()


def test_a_name_that_is_no_text_is_told(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.prepare()
    (folder.warcs / os.fsdecode(b"\xff.warc.gz")).touch()
    with pytest.raises(BadInput, match=r"not UTF-8, '\\udcff.warc.gz': rename it"):
        verify(folder)
    with pytest.raises(BadInput, match=r"not UTF-8"):
        rebuild(folder)
