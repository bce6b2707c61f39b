"""The parallel map: results, errors, and workers that end with their parent however it ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from archiver.jobs import map_unordered

SLEEPERS = """
import os, sys, time
from archiver.jobs import map_unordered
from tests.ops.test_jobs import announce_and_sleep
if __name__ == "__main__":
    for _ in map_unordered(announce_and_sleep, [sys.argv[1]] * 2, workers=2):
        pass
"""


def announce_and_sleep(folder: str) -> None:
    (Path(folder) / str(os.getpid())).touch()
    time.sleep(600)


def double(number: int) -> int:
    if number == 13:
        raise ValueError("thirteen")
    return 2 * number


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_every_result_comes_once(workers: int) -> None:
    numbers = [*range(13), *range(14, 40)]
    found = map_unordered(double, iter(numbers), workers=workers)
    assert sorted(found) == [2 * number for number in numbers]


@pytest.mark.parametrize("workers", [1, 2])
def test_what_a_worker_raises_is_raised_here(workers: int) -> None:
    with pytest.raises(ValueError, match="thirteen"):
        list(map_unordered(double, range(20), workers=workers))


def test_without_semaphores_all_is_done_in_one_process() -> None:
    """As in a container without /dev/shm: none of their files can be written."""
    script = """
from resource import RLIMIT_FSIZE, getrlimit, setrlimit
from archiver.jobs import map_unordered
setrlimit(RLIMIT_FSIZE, (0, getrlimit(RLIMIT_FSIZE)[1]))
for _ in range(2):
    print(*map_unordered(abs, [-1, 2, -3], workers=2))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["1 2 3"] * 2
    assert done.stderr.startswith("One processor is used: no semaphores (/dev/shm) can be had")
    assert len(done.stderr.splitlines()) == 1


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_workers_end_with_a_killed_parent(tmp_path: Path) -> None:
    script = tmp_path / "sleepers.py"
    script.write_text(SLEEPERS)
    pids = tmp_path / "pids"
    pids.mkdir()
    command = [sys.executable, str(script), str(pids)]
    with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(Path.cwd())}) as parent:
        while len(list(pids.iterdir())) < 2:
            assert parent.poll() is None
            time.sleep(0.05)
        parent.send_signal(signal.SIGKILL)
    workers = [int(path.name) for path in pids.iterdir()]
    while any(is_alive(pid) for pid in workers):  # a test that hangs here has failed
        time.sleep(0.05)
