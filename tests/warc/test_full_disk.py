"""A disk that refuses: the failed capture is cut back, all before it stay readable, and once there
is room again the same writer goes on.

On a full tmpfs where one may be mounted; a limit on the size of files makes the same happen
anywhere.
"""

import contextlib
import hashlib
import os
import resource
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from archiver.errors import StorageFailed
from archiver.warc.model import Exchange, Place
from archiver.warc.writer import WarcWriter
from tests.disk import small_disk
from tests.warc.samples import INFO, captures, exchange


def incompressible(number: int) -> Exchange:
    """A capture of 40 kB that no compression makes smaller."""
    body = hashlib.shake_256(str(number).encode()).digest(40_000)
    return exchange(b"HTTP/1.1 200 OK\r\n\r\n" + body, url=f"http://vasseur.example/{number}")


def fill(writer: WarcWriter, first: int) -> list[Place]:
    """Capture until the disk refuses; the places of those that `write` reported."""
    places: list[Place] = []
    for number in range(first, first + 1000):
        try:
            places.append(writer.write(incompressible(number)))
        except StorageFailed as error:
            assert "free space" in str(error)  # noqa: PT017
            return places
    pytest.fail("the disk never refused")


@contextlib.contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def test_a_write_that_is_cut_short_is_rolled_back(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, prefix="x", info=INFO)
    with file_size_limit(300_000):
        first = fill(writer, 0)
        again = fill(writer, 50)
    assert len(first) == 7
    assert again == []
    last = writer.write(incompressible(99))
    (finished,) = writer.close()
    kept = captures(tmp_path / finished.name)
    assert [capture.place for capture in kept] == [*first, last]
    content = (tmp_path / finished.name).read_bytes()
    assert finished.sha256 == hashlib.sha256(content).hexdigest()


def test_no_file_is_left_where_not_even_a_warcinfo_fits(tmp_path: Path) -> None:
    with file_size_limit(10), pytest.raises(StorageFailed):
        WarcWriter(tmp_path, prefix="x", info=INFO)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", "1m") as disk:
        yield disk


def test_a_full_disk_loses_nothing_and_the_writer_goes_on(disk: Path) -> None:
    ballasts = [disk / "one", disk / "two"]
    for ballast in ballasts:
        ballast.write_bytes(os.urandom(200_000))
    writer = WarcWriter(disk, prefix="x", info=INFO)
    first = fill(writer, 0)
    ballasts[0].unlink()
    second = fill(writer, 100)
    assert min(len(first), len(second)) > 3
    (open_file,) = disk.glob("*.open")
    assert [capture.place for capture in captures(open_file)] == [*first, *second]
    ballasts[1].unlink()
    (finished,) = writer.close()
    assert len(captures(disk / finished.name)) == len(first) + len(second)
