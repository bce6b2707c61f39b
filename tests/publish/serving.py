"""The reading site on a real port of the loopback, for what only HTTP shows."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from archiver.publish.engine import build


@contextmanager
def served(database: Path) -> Iterator[str]:
    """The root address of the site, without a slash at its end, while it is served."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        site = build(database)

        async def run() -> None:
            await site.invoke_startup()
            await server.serve(sockets=[listening])

        server = uvicorn.Server(uvicorn.Config(site.app(), log_level="warning", lifespan="on"))
        thread = threading.Thread(target=lambda: asyncio.run(run()))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
