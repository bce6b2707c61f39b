"""Getting the viewer: from a package as npm packs it, pinned, and never another file."""

import hashlib
import io
import sys
import tarfile
from pathlib import Path

import pytest

from archiver.errors import BadInput
from archiver.publish.replay import fetch as fetching
from archiver.publish.replay.fetch import fetch

FILES = {"ui.js": b"ui", "sw.js": b"sw", "LICENSE": b"AGPL", "../evil.js": b"evil"}


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An npm client that packs FILES, alone on the path; the archive it gives."""
    package = tmp_path / "package.tgz"
    with tarfile.open(package, "w:gz") as archive:
        for name, content in FILES.items():
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    programs = tmp_path / "bin"
    programs.mkdir()
    client = programs / "npm"
    client.write_text(
        f"#!{sys.executable}\nimport shutil, sys\n"
        f"assert sys.argv[1:3] == ['pack', 'replaywebpage@2.5.3'], sys.argv\n"
        f"shutil.copy({str(package)!r}, 'replaywebpage-2.5.3.tgz')\n"
    )
    client.chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))
    pinned = {name: hashlib.sha256(FILES[name]).hexdigest() for name in ("ui.js", "sw.js")}
    monkeypatch.setattr(fetching, "SHA256", pinned)
    return package


@pytest.mark.usefixtures("npm")
def test_it_takes_the_two_files_and_the_licence(tmp_path: Path) -> None:
    folder = tmp_path / "replay"
    assert fetch(folder) is True
    assert sorted(path.name for path in folder.iterdir()) == ["LICENSE", "README", "sw.js", "ui.js"]
    assert (folder / "sw.js").read_bytes() == FILES["sw.js"]
    assert not (tmp_path / "evil.js").exists()
    assert fetch(folder) is False


@pytest.mark.usefixtures("npm")
def test_another_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pinned = {"ui.js": "0" * 64, "sw.js": hashlib.sha256(FILES["sw.js"]).hexdigest()}
    monkeypatch.setattr(fetching, "SHA256", pinned)
    with pytest.raises(BadInput, match="not the pinned file"):
        fetch(tmp_path / "replay")
    assert not (tmp_path / "replay").exists()


def test_no_network_is_a_sentence(npm: Path, tmp_path: Path) -> None:
    npm.unlink()
    with pytest.raises(BadInput, match="make replay"):
        fetch(tmp_path / "replay")


def test_without_npm_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(BadInput, match="Node"):
        fetch(tmp_path / "replay")
