"""Servers to measure, each in a process of its own on the loopback, and requests that are timed."""

import http.client
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

LONGEST = 120.0
READY = "/-/versions.json"


class NotStarted(Exception):
    """A server did not come up."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What one answer took, in milliseconds: as a reader waits, and of the server's CPU; `gave_up`
    when it was no page but an error."""

    wall: float
    cpu: float
    gave_up: bool = False


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its port, its process, and what its start took to the first answer."""

    port: int
    process: int
    start: Asked

    def ask(self, path: str) -> Asked:
        """Ask for a page, or an error, to its last byte, on a new connection."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONGEST)
        with closing(connection):
            connection.connect()
            worked, began = _cpu(self.process), time.perf_counter()
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            wall = time.perf_counter() - began
        worked = _cpu(self.process) - worked
        return Asked(1000 * wall, 1000 * worked, gave_up=answer.status != 200)


def _cpu(process: int) -> float:
    """The CPU seconds that all threads of a process have had (Linux)."""
    tasks = Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9


def stock(database: Path) -> Sequence[str | Path]:
    """The command of plain Datasette on a database, as anyone would run it."""
    return (sys.executable, "-m", "datasette", "serve", database)


def own(database: Path) -> Sequence[str | Path]:
    """The command of our site on the database of a data folder."""
    return (sys.executable, "-m", "archiver", "serve", "--data", database.parent)


@contextmanager
def serving(command: Sequence[str | Path]) -> Iterator[Server]:
    """The server of a command, while the block runs."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = [*map(str, command), "--port", str(port)]
    began = time.perf_counter()
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            while not _answers(port):
                if process.poll() is not None or time.perf_counter() - began > LONGEST:
                    raise NotStarted(" ".join(words))
                time.sleep(0.005)
            wall = time.perf_counter() - began
            yield Server(port, process.pid, Asked(1000 * wall, 1000 * _cpu(process.pid)))
        finally:
            process.send_signal(signal.SIGINT)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONGEST)
    try:
        connection.request("GET", READY)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
