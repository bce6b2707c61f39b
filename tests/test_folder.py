"""The data folder is made ready, or one sentence says what is in the way."""

from pathlib import Path

import pytest

from archiver.errors import BadInput
from archiver.folder import DataFolder


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
