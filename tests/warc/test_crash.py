"""kill -9: what was reported captured is readable, and nothing is torn after recovery."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from archiver.warc.recovery import recover
from tests.warc.samples import captures

ROOT = Path(__file__).parent.parent.parent
POINTS = ["before-write", "half-written", "after-sync"]


def start(folder: Path, point: str, fatal: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.warc.crash", str(folder), point, str(fatal)]
    return subprocess.Popen(command, cwd=ROOT)


def reported(folder: Path) -> list[list[str]]:
    path = folder.with_name("reported")
    return [line.split() for line in path.read_text().splitlines()] if path.exists() else []


def readable(folder: Path) -> dict[str, tuple[str, str]]:
    """(file, address) of each capture in the folder's files, by record ID."""
    return {
        capture.place.record_id: (path.name, capture.url)
        for path in folder.glob("*.warc.gz")
        for capture in captures(path)
    }


def check_after_recovery(folder: Path) -> dict[str, tuple[str, str]]:
    """Recover; every reported capture is where it was said to be. Returns what is readable."""
    recover(folder, folder.with_name("quarantine"))
    assert list(folder.glob("*.open")) == []
    found = readable(folder)
    for number, file, record_id in reported(folder):
        assert found[record_id] == (file, f"http://vasseur.example/{number}")
    return found


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("fatal", [1, 2, 30])
def test_a_kill_at_each_point_loses_nothing_reported(
    tmp_path: Path, point: str, fatal: int
) -> None:
    folder = tmp_path / "warc"
    assert start(folder, point, fatal).wait() == -signal.SIGKILL
    found = check_after_recovery(folder)
    assert len(reported(folder)) == fatal - 1
    assert len(found) == (fatal if point == "after-sync" else fatal - 1)
    torn = list(folder.with_name("quarantine").glob("*.torn"))
    assert bool(torn) == (point == "half-written" or (fatal == 1 and point == "before-write"))


@pytest.mark.soak
def test_fifty_kills_at_random_moments(tmp_path: Path) -> None:
    chance = random.Random(20240301)
    torn = kept = 0
    for run in range(50):
        folder = tmp_path / str(run) / "warc"
        folder.parent.mkdir()
        process = start(folder, "never", 10**9)
        while not reported(folder):
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 0.3))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        kept += len(check_after_recovery(folder))
        torn += bool(list(folder.with_name("quarantine").glob("*.torn")))
        shutil.rmtree(folder)
    print(f"50 kills: {kept} captures kept, {torn} torn tails cut off")  # noqa: T201 - the figures
