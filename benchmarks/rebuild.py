"""Rebuilding and verifying archives of 1,000 and 20,000 captures.

Time and memory per capture must not grow with the archive, and a second core must help. Beside
them, what the fastest reader needs only to read the same records, and `gzip -t` for the same bytes.
`python -m benchmarks.rebuild ACTION FOLDER WORKERS` is the process that is measured.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

from benchmarks.archive import write_archive
from benchmarks.measure import Line, run, show

SMALL, LARGE = 1_000, 20_000
MIB = 2**20


@dataclass(frozen=True, slots=True)
class Taken:
    """What one action took: captures or records, wall and CPU seconds of the process itself, and
    the peak memory, in bytes, of it and its workers."""

    count: int
    wall: float
    cpu: float
    memory: int

    def __str__(self) -> str:
        return f"{self.count / self.wall:.0f}/s, {self.memory / MIB:.0f} MiB"


def measure() -> list[Line]:
    """Write the archives, rebuild and verify them."""
    with TemporaryDirectory() as name:
        folders = {size: Path(name) / str(size) for size in (SMALL, LARGE)}
        for size, folder in folders.items():
            write_archive(folder / "warc", size)
        alone = {size: taken("rebuild", folder, 1) for size, folder in folders.items()}
        large = folders[LARGE]
        both = {size: taken("rebuild", folder, 2) for size, folder in folders.items()}
        reading = taken("read", large, 1)
        verifying = taken("verify", large, 1)
        warcs = sorted((large / "warc").glob("*.warc.gz"))
        gzip = run(["gzip", "-t", *warcs], Path(name)).cpu
        megabytes = sum(path.stat().st_size for path in warcs) / 1e6
    lines = [
        Line(
            f"rebuild {LARGE:,}: two workers beside one",
            str(both[LARGE]),
            str(alone[LARGE]),
            alone[LARGE].wall / both[LARGE].wall,
            1.5,
        ),
        Line(
            f"rebuild {LARGE:,}: CPU a capture beside {SMALL:,}",
            f"{each(alone[LARGE]):.2f} ms",
            f"{each(alone[SMALL]):.2f} ms",
            each(alone[LARGE]) / each(alone[SMALL]),
            1.2,
            at_most=True,
        ),
        memory("one worker", alone, target=1.2),
        memory("two workers", both),
        Line(
            "rebuild beside fastwarc only reading",
            str(alone[LARGE]),
            str(reading),
            alone[LARGE].cpu / reading.cpu,
        ),
        Line(
            "verify beside gzip -t",
            f"{megabytes / verifying.cpu:.0f} MB/CPU-s",
            f"{megabytes / gzip:.0f} MB/CPU-s",
            verifying.cpu / gzip,
        ),
    ]
    show(
        "Rebuild and verify",
        lines,
        (
            "fastwarc only parses the same records; gzip -t inflates the same files.",
            "verify also takes the SHA-256 of file, block and payload, and compares each row.",
            "memory grows until caches of a fixed size are full: SQLite's 8 MB, 2,048 addresses.",
            "with two workers it is that of all processes, with what they have read ahead.",
        ),
    )
    return lines


def memory(who: str, found: Mapping[int, Taken], *, target: float | None = None) -> Line:
    """Peak memory at both sizes."""
    large, small = found[LARGE].memory, found[SMALL].memory
    return Line(
        f"rebuild {LARGE:,}: memory beside {SMALL:,}, {who}",
        f"{large / MIB:.0f} MiB",
        f"{small / MIB:.0f} MiB",
        large / small,
        target,
        at_most=True,
    )


def each(found: Taken) -> float:
    """CPU milliseconds for one capture."""
    return 1000 * found.cpu / found.count


def taken(action: str, folder: Path, workers: int) -> Taken:
    """Run an action in a process of its own."""
    if action == "rebuild":
        (folder / "archive.db").unlink(missing_ok=True)
    module = (sys.executable, "-m", "benchmarks.rebuild")
    command = (*module, action, folder, str(workers))
    return Taken(**json.loads(run(command, folder).output))


def rebuild(folder: Path, workers: int) -> int:
    from archiver.folder import DataFolder
    from archiver.ops.rebuild import rebuild as rebuild_database

    return rebuild_database(DataFolder(folder), workers=workers).captures


def verify(folder: Path, workers: int) -> int:
    from archiver.folder import DataFolder
    from archiver.ops.verify import verify as verify_archive

    found = verify_archive(DataFolder(folder), workers=workers)
    assert not found.damages.total, found.damages.kept
    return found.records


def read(folder: Path, _: int) -> int:
    from fastwarc.warc import ArchiveIterator

    count = 0
    for path in sorted((folder / "warc").glob("*.warc.gz")):
        for record in ArchiveIterator(str(path), parse_http=False):
            record.reader.read()
            count += 1
    return count


ACTIONS: Mapping[str, Callable[[Path, int], int]] = {
    "rebuild": rebuild,
    "verify": verify,
    "read": read,
}


class Memory:
    """The memory of this process and its descendants, looked at ten times a second."""

    def __init__(self) -> None:
        self.peak = 0
        self._ended = Event()
        self._watch = Thread(target=self._look, daemon=True)

    def __enter__(self) -> "Memory":
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._watch.join()

    def _look(self) -> None:
        while not self._ended.wait(0.1):
            self.peak = max(self.peak, sum(map(resident, family(os.getpid()))))


def family(root: int) -> set[int]:
    """A process and its descendants."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found = {root}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def resident(pid: int) -> int:
    """The proportional share of memory that a process holds, in bytes; 0 when it has ended."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def highest() -> int:
    """The most memory that this process has had, in bytes. What getrusage tells is at least that of
    the process which started it."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise OSError("the kernel does not tell")


def main(action: str, folder: str, workers: str) -> None:
    """Do one action and print what it took."""
    began, cpu = time.monotonic(), time.process_time()
    if workers == "1":
        count = ACTIONS[action](Path(folder), 1)
        peak = highest()
    else:
        with Memory() as memory:
            count = ACTIONS[action](Path(folder), int(workers))
        peak = memory.peak
    wall, used = time.monotonic() - began, time.process_time() - cpu
    print(json.dumps({"count": count, "wall": wall, "cpu": used, "memory": peak}))


if __name__ == "__main__":
    if len(sys.argv) == 4:
        main(*sys.argv[1:])
    else:
        measure()
