"""`python -m tests.ops.killed SIGNAL POINT N COMMAND...`: the archiver command, which sends itself
the named signal when it reaches the named point for the Nth time."""

import os
import signal
import sys
from collections.abc import Callable

from archiver.cli import main
from archiver.ops import rebuild, recovery
from archiver.store.database import Store
from archiver.warc import recovery as warc_recovery
from tests.crawl.killed import after, before, nth

Visit = Callable[[], None]

POINTS: dict[str, Callable[[Visit], None]] = {
    "stored": lambda visit: after(Store, "add_facts", visit),
    "deriving": lambda visit: before(Store, "_derive_batch", visit),
    "inheriting": lambda visit: before(rebuild, "inherit", visit),
    "replacing": lambda visit: before(rebuild, "_replace", visit),
    "replaced": lambda visit: after(rebuild, "_replace", visit),
    "tail-copied": lambda visit: after(warc_recovery, "_copy_tail", visit),
    "publishing": lambda visit: before(warc_recovery, "publish", visit),
    "published": lambda visit: after(warc_recovery, "publish", visit),
    "indexing": lambda visit: before(recovery, "_index", visit),
    "indexed": lambda visit: before(recovery, "note_recoveries", visit),
}

if __name__ == "__main__":
    name, point, count, *command = sys.argv[1:]
    number = signal.Signals[name]
    POINTS[point](nth(int(count), lambda: os.kill(os.getpid(), number)))
    sys.argv = ["archiver", *command]
    main()
