"""The second origin beside the reading site: its own port, its own thread, the same process."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import uvicorn

from archiver.publish.replay.app import ReplayApp

SECONDS_FOR_OPEN_REQUESTS = 2


@contextmanager
def replaying(database: Path, listening: socket.socket, reading_port: int) -> Iterator[None]:
    """Serve replay on a listening socket while the block runs."""
    server = uvicorn.Server(
        uvicorn.Config(
            ReplayApp(database, reading_port),
            log_level="warning",
            lifespan="off",
            timeout_graceful_shutdown=SECONDS_FOR_OPEN_REQUESTS,
        )
    )
    thread = Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(SECONDS_FOR_OPEN_REQUESTS + 1)
