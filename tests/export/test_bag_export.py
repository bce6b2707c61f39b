"""A bag validates, and is an archive that can be used as it is."""

import os
import subprocess
import sys
from pathlib import Path

import bagit
import pytest

from archiver.errors import ArchiveDamaged, BadInput
from archiver.folder import DataFolder
from archiver.ops.export.bag import export_bag
from archiver.ops.export.drafts import beside
from archiver.store.compare import differences
from tests.cli import archiver
from tests.export.conftest import Archived


@pytest.fixture(scope="module")
def bag(archived: Archived, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("bags") / "bag"
    words = ("--organization", "Archives de Vasseur", "--contact", "a@vasseur.example")
    done = archiver("export", "bag", out, *words, data=archived.folder.root)
    assert done.returncode == 0, done.stderr
    assert "a valid bag" in done.stdout
    return out


def test_others_find_the_bag_valid(bag: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bagit", "--validate", str(bag)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_bag_says_what_it_is(bag: Path) -> None:
    info = bagit.Bag(str(bag)).info
    assert info["Source-Organization"] == "Archives de Vasseur"
    assert info["Contact-Email"] == "a@vasseur.example"
    assert info["External-Description"].startswith("Web archive of Claire Vasseur, captured from")
    assert info["Bagging-Date"]
    assert {path.name for path in bag.glob("manifest-*")} == {
        "manifest-sha256.txt",
        "manifest-sha512.txt",
    }


def test_the_payload_is_an_archive(archived: Archived, bag: Path) -> None:
    payload = DataFolder(bag / "data")
    assert differences(archived.folder.database, payload.database) == []
    for path in archived.folder.warcs.iterdir():
        assert (payload.warcs / path.name).read_bytes() == path.read_bytes()
    assert not list(payload.root.glob("archive.db-*"))


def test_nothing_is_said_that_nobody_stated(archived: Archived, tmp_path: Path) -> None:
    before = Path.cwd()
    export_bag(archived.folder, tmp_path / "bag", workers=1)
    assert Path.cwd() == before
    info = (tmp_path / "bag/bag-info.txt").read_text()
    assert "Source-Organization" not in info
    assert "Contact" not in info


def test_a_line_break_makes_no_further_tag(archived: Archived, tmp_path: Path) -> None:
    export_bag(archived.folder, tmp_path / "bag", organization="A\nContact-Name: B", workers=1)
    info = (tmp_path / "bag/bag-info.txt").read_text().splitlines()
    assert "Source-Organization: A Contact-Name: B" in info


def test_a_damaged_warc_makes_no_bag(archived: Archived, tmp_path: Path) -> None:
    data = DataFolder(tmp_path / "data")
    data.warcs.mkdir(parents=True)
    data.database.write_bytes(archived.folder.database.read_bytes())
    for path in archived.folder.warcs.glob("*.warc.gz"):
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 0x55
        (data.warcs / path.name).write_bytes(content)
    with pytest.raises(ArchiveDamaged):
        export_bag(data, tmp_path / "bag", workers=1)
    assert not (tmp_path / "bag").exists()


def test_what_is_there_is_not_overwritten(archived: Archived, tmp_path: Path) -> None:
    (tmp_path / "bag").mkdir()
    os.utime(tmp_path / "bag", (1, 1))
    with pytest.raises(BadInput, match="exists already"):
        export_bag(archived.folder, tmp_path / "bag", workers=1)
    assert (tmp_path / "bag").stat().st_mtime == 1


def test_what_a_killed_export_left_goes_and_what_a_running_one_has_stays(tmp_path: Path) -> None:
    out = tmp_path / "bag"
    (tmp_path / ".bag.archiver-killed").mkdir()
    (tmp_path / ".bag.archiver-killed/half").write_bytes(b"half of the archive")
    others = tmp_path / ".bag-of-mine"
    others.mkdir()
    with beside(out) as running, beside(out) as second:
        assert {path.name for path in tmp_path.iterdir()} == {
            others.name,
            running.name,
            second.name,
        }
    assert list(tmp_path.iterdir()) == [others]
