"""Where imported files come to lie, and what is refused before anything does."""

import bz2
import hashlib
import io
import lzma
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from archiver.errors import BadInput
from archiver.folder import DataFolder
from archiver.ops.imports import bring_in
from archiver.ops.imports.run import Imported
from archiver.ops.rebuild import rebuild
from archiver.ops.recovery import recover
from archiver.ops.verify import verify
from archiver.store.compare import differences
from tests.cli import archiver
from tests.imports.files import INFO, answer, page, record, write
from tests.imports.reading import captures, rows
from tests.warc.samples import gzip_member

ONE = record("response", "one", answer(page("question", "Une question.")))
TWO = record("response", "two", answer(page("question", "Une autre.")), day=2)


def take(data: Path, *sources: Path) -> Imported:
    return bring_in(DataFolder(data), sources, workers=1)


def names(data: Path) -> set[str]:
    return {path.name for path in (data / "warc").glob("*.warc.gz")} - own(data)


def own(data: Path) -> set[str]:
    return {path.name for path in (data / "warc").glob("import-*.warc.gz")}


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_original_stays_as_it_was(tmp_path: Path) -> None:
    source = write(tmp_path / "theirs.warc.gz", [ONE])
    before = sha256(source), source.stat().st_mtime_ns, source.stat().st_nlink
    take(tmp_path / "data", source)
    assert (sha256(source), source.stat().st_mtime_ns, source.stat().st_nlink) == before
    kept = tmp_path / "data/warc/theirs.warc.gz"
    assert sha256(kept) == before[0]
    assert kept.with_name("theirs.warc.gz.sha256").read_text() == f"{before[0]}  theirs.warc.gz\n"
    assert kept.stat().st_mode & 0o777 == 0o644


def test_the_same_bytes_are_said_and_skipped(tmp_path: Path) -> None:
    source = write(tmp_path / "theirs.warc.gz", [ONE])
    again = tmp_path / "other-name.warc.gz"
    again.write_bytes(source.read_bytes())
    take(tmp_path / "data", source)
    before = captures(tmp_path / "data")
    result = take(tmp_path / "data", source, again)
    assert result.held == (
        ("theirs.warc.gz", "theirs.warc.gz"),
        ("other-name.warc.gz", "theirs.warc.gz"),
    )
    assert (result.files, result.captures) == ((), 0)
    assert captures(tmp_path / "data") == before
    assert len(own(tmp_path / "data")) == 1


def test_a_plain_file_that_came_in_before_is_known_again(tmp_path: Path) -> None:
    source = tmp_path / "theirs.warc"
    source.write_bytes(INFO + ONE)
    take(tmp_path / "data", source)
    assert take(tmp_path / "data", source).held == (("theirs.warc", "theirs.warc.gz"),)


def test_another_file_of_the_same_name_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    one = write(tmp_path / "data.warc.gz", [ONE])
    two = write(tmp_path / "other/data.warc.gz", [TWO])
    take(tmp_path / "data", one, two)
    kept = f"data-{sha256(two)[:12]}.warc.gz"
    assert names(tmp_path / "data") == {"data.warc.gz", kept}
    assert sha256(tmp_path / "data/warc" / kept) == sha256(two)


@pytest.mark.parametrize("name", ["été à l'Assemblée.warc.gz", "..warc.gz", "a" * 240 + ".warc.gz"])
def test_any_name_becomes_a_plain_one(tmp_path: Path, name: str) -> None:
    source = write(tmp_path / name, [ONE])
    take(tmp_path / "data", source)
    (kept,) = names(tmp_path / "data")
    assert kept.isascii()
    assert len(kept) < 170
    assert rebuild(DataFolder(tmp_path / "data"), workers=1).differences == ()


def test_a_renamed_file_is_still_known(tmp_path: Path) -> None:
    take(tmp_path / "data", write(tmp_path / "theirs.warc.gz", [ONE]))
    warcs = tmp_path / "data/warc"
    (warcs / "theirs.warc.gz").rename(warcs / "renamed.warc.gz")
    (warcs / "theirs.warc.gz.sha256").unlink()
    result = rebuild(DataFolder(tmp_path / "data"), workers=1)
    assert (result.damages, result.captures) == ((), 1)
    assert rows(tmp_path / "data", "SELECT warc_file FROM captures") == [("renamed.warc.gz",)]


def test_a_file_put_into_the_folder_by_hand_is_taken_up(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    folder.prepare()
    path = write(folder.warcs / "theirs.warc.gz", [ONE])
    assert [damage.file for damage in rebuild(folder, workers=1).damages] == ["theirs.warc.gz"]
    result = take(tmp_path / "data", path)
    assert [file.warc_file for file in result.files] == ["theirs.warc.gz"]
    assert names(tmp_path / "data") == {"theirs.warc.gz"}
    assert rebuild(folder, workers=1).damages == ()
    assert len(captures(tmp_path / "data")) == 1


def test_a_wacz_gives_its_warc_files(tmp_path: Path) -> None:
    source = wacz(tmp_path, {"archive/data.warc.gz": gzip_member(INFO) + gzip_member(ONE)})
    result = take(tmp_path / "data", source)
    assert [file.source for file in result.files] == ["theirs.wacz/archive/data.warc.gz"]
    assert names(tmp_path / "data") == {"data.warc.gz"}
    assert len(captures(tmp_path / "data")) == 1


def wacz(folder: Path, entries: dict[str, bytes]) -> Path:
    path = folder / "theirs.wacz"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def test_a_wacz_gives_what_can_be_read_of_it(tmp_path: Path) -> None:
    """One of its files is empty, and in another a byte has changed, which costs one record."""
    whole = gzip_member(INFO) + gzip_member(ONE) + gzip_member(TWO)
    source = wacz(tmp_path, {"archive/a.warc.gz": b"", "archive/b.warc.gz": whole})
    packed = bytearray(source.read_bytes())
    packed[packed.index(gzip_member(TWO)) + 80] ^= 0x55
    source.write_bytes(packed)
    result = take(tmp_path / "data", source)
    assert [(damage.file[-9:], damage.what[:27]) for damage in result.damages] == [
        ("b.warc.gz", "its bytes are not those of "),
        ("a.warc.gz", "it is no WARC file, or no r"),
        ("b.warc.gz", "the gzip member is corrupt"),
    ]
    assert [row[8] for row in captures(tmp_path / "data")] == ["urn:uuid:one"]
    assert verify(DataFolder(tmp_path / "data"), workers=1).damages.kept == []


def zip_slip(folder: Path) -> Path:
    member = gzip_member(INFO) + gzip_member(ONE)
    return wacz(folder, {"archive/a.warc.gz": member, "archive/../../out.warc.gz": member})


def zip_bomb(folder: Path) -> Path:
    path = folder / "bomb.wacz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/a.warc.gz", bytes(40 * 2**20))
    return path


def gzip_bomb(folder: Path) -> Path:
    path = folder / "bomb.warc.gz"
    head = b"WARC/1.1\r\nWARC-Type: response\r\nContent-Length: 104857600\r\n\r\n"
    path.write_bytes(gzip_member(head + bytes(100 * 2**20), 9))
    return path


def absurd_length(folder: Path) -> Path:
    path = folder / "long.warc"
    path.write_bytes(ONE.replace(b"Content-Length: ", b"Content-Length: 9999999999"))
    return path


def no_warc(folder: Path) -> Path:
    path = folder / "page.warc.gz"
    path.write_bytes(b"<html>")
    return path


def not_even_warc_inside(folder: Path) -> Path:
    path = folder / "page.warc.gz"
    path.write_bytes(gzip_member(b"<html>"))
    return path


def nothing(folder: Path) -> Path:
    return folder / "nowhere.warc.gz"


def a_folder(folder: Path) -> Path:
    path = folder / "folder.warc.gz"
    path.mkdir()
    return path


def a_pipe(folder: Path) -> Path:
    """Nobody writes into it: whoever opened it would wait for ever."""
    path = folder / "pipe.warc.gz"
    os.mkfifo(path)
    return path


def still_open(folder: Path) -> Path:
    return write(folder / "theirs.warc.gz.open", [ONE])


REFUSED = [
    zip_slip,
    zip_bomb,
    gzip_bomb,
    absurd_length,
    no_warc,
    not_even_warc_inside,
    nothing,
    a_folder,
    a_pipe,
    still_open,
]


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"filedesc://a.arc 0.0.0.0 2024 text/plain 9\n", "warcio recompress"),
        (gzip_member(b"filedesc://a.arc 0.0.0.0 2024 text/plain 9\n"), "warcio recompress"),
        (b"\x28\xb5\x2f\xfd" + bytes(9), "zstd -d"),
        (bz2.compress(INFO), "bzip2 -d"),
        (lzma.compress(INFO), "xz -d"),
    ],
)
def test_what_must_be_converted_first_is_told(tmp_path: Path, content: bytes, advice: str) -> None:
    (tmp_path / "theirs").write_bytes(content)
    with pytest.raises(BadInput, match=f"theirs is .*`{advice}`"):
        take(tmp_path / "data", tmp_path / "theirs")


@pytest.mark.parametrize("make", REFUSED, ids=lambda make: make.__name__)
def test_what_cannot_be_used_is_refused_and_nothing_comes_in(
    tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    good, bad = write(tmp_path / "good.warc.gz", [ONE]), make(tmp_path)
    with pytest.raises(BadInput) as refusal:
        take(tmp_path / "data", good, bad)
    sentence = str(refusal.value)
    assert bad.name in sentence
    assert sentence.count("\n") == 0
    assert list((tmp_path / "data/warc").iterdir()) == []
    assert not list(tmp_path.glob("out*"))


def test_the_command_says_it_in_one_sentence(tmp_path: Path) -> None:
    done = archiver("import", zip_slip(tmp_path), data=tmp_path / "data")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("Error: ")
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("after", ["publish", "fill", "settle"])
def test_an_import_that_was_stopped_is_finished_by_recovery(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: str
) -> None:
    """Stopped as by a kill: the files stay as they are at that moment, the manifest open."""
    source = write(tmp_path / "theirs.warc.gz", [ONE, TWO])
    data = tmp_path / "data"
    pid = os.fork()
    if pid == 0:
        monkeypatch.setattr(f"archiver.ops.imports.run.{after}", lambda *_, **__: os._exit(9))
        take(data, source)
    assert os.waitpid(pid, 0)[1] == 9 << 8
    assert list((data / "warc").glob("*.open"))
    recover(DataFolder(data))
    result = take(data, source)
    assert bool(result.files) == (after == "publish")
    take(tmp_path / "whole", source)
    assert differences(data / "archive.db", tmp_path / "whole/archive.db") == []
    assert len(captures(data)) == 2
    assert not list((data / "warc").glob("*.importing"))
    assert not list((data / "warc").glob("*.open"))
    assert rebuild(DataFolder(data), workers=1).differences == ()


def test_one_import_at_a_time(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    folder.prepare()
    with folder.lock("import", "x"), pytest.raises(BadInput, match="Another import"):
        take(tmp_path / "data", write(tmp_path / "a.warc.gz", [ONE]))


@pytest.mark.soak
def test_a_file_larger_than_one_piece_of_memory_is_streamed(tmp_path: Path) -> None:
    """A file in one piece whose first member is larger than what is kept of it is still cut into
    its records."""
    padding = record("response", "big", answer(os.urandom(2**20).hex().encode() * 35), day=3)
    packed = io.BytesIO()
    packed.write(gzip_member(INFO + padding + ONE, 1))
    source = tmp_path / "piece.warc.gz"
    source.write_bytes(packed.getvalue())
    take(tmp_path / "data", source)
    assert len(captures(tmp_path / "data")) == 2
