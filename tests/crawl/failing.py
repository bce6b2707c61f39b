"""`python -m tests.crawl.failing CALL N COMMAND...`: the archiver command on a disk that breaks.

The Nth `write` or `fdatasync` of a WARC file, and each one after it, answers EIO.
"""

import errno
import itertools
import os
import sys
from typing import Any

from archiver.cli import main

if __name__ == "__main__":
    call, count, *command = sys.argv[1:]
    real = getattr(os, call)
    calls = itertools.count(1)

    def breaking(*arguments: Any) -> Any:
        if next(calls) >= int(count):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(*arguments)

    setattr(os, call, breaking)
    sys.argv = ["archiver", *command]
    main()
