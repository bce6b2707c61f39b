"""A process that captures and kills itself at a named point: `python -m tests.warc.crash`.

Arguments: the folder, the point, the capture at which it dies. The file `reported` beside the
folder gets one line for each capture that `write` had returned. At the point `never` it is killed
from outside, and captures pages that no compression makes smaller, which take longest to write.
"""

import hashlib
import os
import signal
import sys
from pathlib import Path
from typing import NoReturn

from archiver.warc.model import Exchange
from archiver.warc.writer import WarcWriter
from tests.warc.samples import INFO, exchange, numbered

LARGE = 290_000


def die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("unreachable")


class DyingWriter(WarcWriter):
    """Dies in the `fatal`th append of captures, at `point`."""

    point: str
    fatal: int
    appends = 0

    def _append(self, data: bytes) -> int:
        self.appends += 1
        if self.appends < self.fatal:
            return super()._append(data)
        if self.point == "before-write":
            die()
        if self.point == "half-written":
            with Path(self._file._path).open("ab") as file:
                file.write(data[: len(data) // 2])
            die()
        super()._append(data)
        die()


def large(number: int) -> Exchange:
    body = hashlib.shake_256(str(number).encode()).digest(LARGE)
    return exchange(b"HTTP/1.1 200 OK\r\n\r\n" + body, url=f"http://vasseur.example/{number}")


def main(folder: Path, point: str, fatal: int) -> None:
    reported = os.open(folder.with_name("reported"), os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    captured, max_bytes = (large, 5_000_000) if point == "never" else (numbered, 20_000)
    writer = DyingWriter(folder, prefix="vasseur.example", info=INFO, max_bytes=max_bytes)
    writer.point, writer.fatal = point, fatal
    number = 0
    while True:
        place = writer.write(captured(number))
        os.write(reported, f"{number} {place.warc_file} {place.record_id}\n".encode())
        number += 1


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
