"""`python -m tests.crawl.killed POINT N COMMAND...`: the archiver command, killed (SIGKILL) by
itself when it reaches the named point for the Nth time.

For `before-derive` the derived tables are brought up to date after every capture, whatever the
clock says."""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from archiver.cli import main
from archiver.crawl import engine, session
from archiver.crawl.session import Session
from archiver.store.database import Store
from archiver.store.frontier import Frontier
from archiver.warc.open_file import OpenFile


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def nth(count: int, action: Callable[[], None]) -> Callable[[], None]:
    reached = 0

    def visit() -> None:
        nonlocal reached
        reached += 1
        if reached == count:
            action()

    return visit


def before(owner: object, name: str, visit: Callable[[], None]) -> None:
    original = getattr(owner, name)

    def wrapped(*args: Any, **named: Any) -> Any:
        visit()
        return original(*args, **named)

    setattr(owner, name, wrapped)


def after(owner: object, name: str, visit: Callable[[], None]) -> None:
    original = getattr(owner, name)

    def wrapped(*args: Any, **named: Any) -> Any:
        result = original(*args, **named)
        visit()
        return result

    setattr(owner, name, wrapped)


POINTS: dict[str, Callable[[Callable[[], None]], None]] = {
    "before-write": lambda visit: before(OpenFile, "append", visit),
    "after-fdatasync": lambda visit: after(OpenFile, "append", visit),
    "before-commit": lambda visit: after(Frontier, "captured", visit),
    "before-links": lambda visit: before(Session, "finished", visit),
    "before-derive": lambda visit: before(Store, "derive_pending", visit),
    "before-end": lambda visit: before(engine, "write_closing", visit),
    "after-end": lambda visit: before(Store, "finish_crawl", visit),
}

if __name__ == "__main__":
    point, count, *command = sys.argv[1:]
    if point == "before-derive":
        session.DERIVE_EVERY = 0.0
    POINTS[point](nth(int(count), die))
    sys.argv = ["archiver", *command]
    main()
