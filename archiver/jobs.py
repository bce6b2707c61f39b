"""One parallel map, over files or sites: processes on this machine.

The shape is that of `concurrent.futures`, so that a cluster's executor can take the place of the
pool without a change to the callers.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from functools import cache, partial
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def map_unordered(
    function: Callable[[Item], Result], items: Iterable[Item], *, workers: int | None = None
) -> Iterator[Result]:
    """Yield `function(item)` of each item as it is done, never more than a few ahead of the reader.

    What `function` raises is raised here; a worker that dies raises BrokenProcessPool. Workers end
    with this process, however it ends. Where the system has no room for several processes to share,
    all is done in this one, which is said once.
    """
    count = workers or os.cpu_count() or 1
    pool = _pool(count, function) if count > 1 else None
    if pool is None:
        yield from map(function, items)
        return
    try:
        yield from _bounded(pool, function, items, 2 * count)
    finally:
        pool.shutdown(cancel_futures=True)


def _pool(count: int, function: Callable[[Item], Result]) -> ProcessPoolExecutor | None:
    """Workers for a function; None where there can be none, as in a container without /dev/shm."""
    context = get_context("forkserver")
    # What the workers import is imported once, by the server that they are forked from.
    called = function.func if isinstance(function, partial) else function
    context.set_forkserver_preload([called.__module__])
    try:
        return ProcessPoolExecutor(count, mp_context=context, initializer=_begin)
    except (OSError, ImportError, NotImplementedError) as reason:
        _say_once(f"One processor is used: no semaphores (/dev/shm) can be had here ({reason}).")
        return None


@cache
def _say_once(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")


def _bounded(
    pool: Executor, function: Callable[[Item], Result], items: Iterable[Item], ahead: int
) -> Iterator[Result]:
    waiting: set[Future[Result]] = set()
    for item in items:
        waiting.add(pool.submit(function, item))
        if len(waiting) >= ahead:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in done)
    while waiting:
        done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        yield from (future.result() for future in done)


def _begin() -> None:
    """In a worker: Ctrl-C is for the process that gives the work, whose end is the worker's."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
