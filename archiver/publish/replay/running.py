"""The second origin beside the reading site: its own port, its own thread, the same process."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import uvicorn

from archiver.publish.site.headers import App

SECONDS_FOR_OPEN_REQUESTS = 2


@contextmanager
def replaying(app: App, listening: socket.socket) -> Iterator[None]:
    """Serve `app` on a listening socket while the block runs."""
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            interface="asgi3",
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
