"""Commands run in forks of a process that has the program's modules already: half of what a short
command takes is importing them. Beyond that a fork runs as `python -m MODULE WORDS...` would, with
its own process, files, environment and exit.

`run` is for tests; the process that forks is `python -m tests.forks FD`, started once for each
pytest worker, and ends when that worker closes its end of the socket.
"""

import atexit
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from select import select
from typing import IO, NamedTuple

MOST = 1 << 17
PRELOADED = (
    "archiver.cli",
    "archiver.crawl.engine",
    "archiver.ops.imports.run",
    "archiver.ops.rebuild",
    "archiver.ops.verify",
    "archiver.ops.watch",
    "spiders.news",
    "spiders.wayback",
)
ENVIRONMENT = {"NO_COLOR": "1", "COLUMNS": "200"}


class Command(NamedTuple):
    """What a fork is to run, and where."""

    module: str
    words: Sequence[str]
    env: Mapping[str, str]
    cwd: str


@cache
def server() -> socket.socket:
    """This process's end of the socket to the process that forks."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.forks", str(theirs.fileno())],
        pass_fds=[theirs.fileno()],
        env={**os.environ, **ENVIRONMENT},
        stdout=subprocess.DEVNULL,
    )
    theirs.close()

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours


def run(
    module: str, *words: str, env: Mapping[str, str] | None = None, seconds: float = 120
) -> subprocess.CompletedProcess[str]:
    """Run a module as a command and return when it has ended, with its output.

    Raises TimeoutExpired after `seconds`; the command is then killed.
    """
    told = Command(module, words, {**os.environ, **ENVIRONMENT, **(env or {})}, str(Path.cwd()))
    reading, writing = os.pipe()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        fds = [out.fileno(), err.fileno(), writing]
        socket.send_fds(server(), [json.dumps(told).encode()], fds)
        os.close(writing)
        with os.fdopen(reading, "rb") as status:
            pid = int(status.readline())
            if not select([status], [], [], seconds)[0]:
                os.kill(pid, signal.SIGKILL)
                raise subprocess.TimeoutExpired([module, *words], seconds)
            code = os.waitstatus_to_exitcode(int(status.readline()))
        return subprocess.CompletedProcess([module, *words], code, *map(text_of, (out, err)))


def text_of(file: IO[bytes]) -> str:
    """All that a file holds."""
    file.seek(0)
    return file.read().decode()


def serve(channel: socket.socket) -> Command | None:
    """Fork for each request; what a fork is to run, or None when no more will be asked."""
    while True:
        message, fds, _, _ = socket.recv_fds(channel, MOST, 3)
        if not message:
            return None
        if os.fork() == 0:
            channel.close()
            fork_for(*fds)
            return Command(*json.loads(message))
        for fd in fds:
            os.close(fd)


def fork_for(out: int, err: int, status: int) -> None:
    """In a child of the server: fork the command, wait for it and tell how it ended; returns in the
    command's own process, whose output goes to the files."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    if pid := os.fork():
        os.write(status, f"{pid}\n".encode())
        os.write(status, f"{os.waitpid(pid, 0)[1]}\n".encode())
        os._exit(0)
    os.dup2(out, 1)
    os.dup2(err, 2)
    for fd in (out, err, status):
        os.close(fd)


if __name__ == "__main__":
    for name in PRELOADED:
        __import__(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    asked = serve(socket.socket(fileno=int(sys.argv[1])))
    if asked is not None:
        os.chdir(asked.cwd)
        os.environ.clear()
        os.environ.update(asked.env)
        sys.argv = ["", *asked.words]
        runpy.run_module(asked.module, run_name="__main__", alter_sys=True)
