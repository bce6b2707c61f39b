"""Serves the archive over HTTP on one's own machine: Datasette in this process, by uvicorn.

The port is bound here, before uvicorn starts, so that a port in use is a sentence and not a log
line; the same socket is then handed over.
"""

import asyncio
import errno
import socket
from collections.abc import Callable
from functools import cache
from pathlib import Path

import click
import uvicorn
from datasette.app import Datasette

from archiver.errors import BadInput
from archiver.publish.engine import build
from archiver.publish.opening import DATABASE_NAME, inspect, modernise
from archiver.publish.replay.running import replaying
from archiver.publish.site.headers import App, Receive, Scope, Send

SECONDS_FOR_OPEN_REQUESTS = 3
SECONDS_FOR_IDLE_CONNECTIONS = 75
"""Longer than readers and reverse proxies keep theirs: the server must not be the one to close, or
a request that is already on its way is lost."""

LAST_PORT = 65_535


def serve(
    database: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8001,
    say: Callable[[str], None] = click.echo,
) -> None:
    """Serve `database` read-only until Ctrl-C; `port` 0 takes a free one. Replay has the next port,
    or any free one where that is taken.

    `say` receives one line once the port answers. Raises BadInput when the database is missing or
    is not an archive, and when the address cannot be listened on.
    """
    modernise(database)
    inspect(database)
    with listen(host, port) as listening, listen_near(host, port) as second:
        bound, replay_port = listening.getsockname()[1], second.getsockname()[1]
        site = build(database, replay_port=replay_port)
        shown = f"[{host}]" if ":" in host else host
        say(
            f"Reading site: http://{shown}:{bound}/ (tables: /{DATABASE_NAME}, "
            f"replay: http://{shown}:{replay_port}/). Ctrl-C stops it."
        )
        try:
            with replaying(_replay(database, bound), second):
                asyncio.run(_run(site, listening))
        except KeyboardInterrupt:
            say("Stopped.")


def _replay(database: Path, reading: int) -> App:
    """The replay beside the reading site on port `reading`, made when it is first asked for: what
    it imports takes as long as the site itself."""

    @cache
    def made() -> App:
        from archiver.publish.replay.app import ReplayApp

        return ReplayApp(database, reading)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await made()(scope, receive, send)

    return app


async def _run(site: Datasette, listening: socket.socket) -> None:
    await site.invoke_startup()
    config = uvicorn.Config(
        site.app(),
        log_level="warning",
        lifespan="on",
        timeout_keep_alive=SECONDS_FOR_IDLE_CONNECTIONS,
        timeout_graceful_shutdown=SECONDS_FOR_OPEN_REQUESTS,
    )
    await uvicorn.Server(config).serve(sockets=[listening])


def listen_near(host: str, port: int) -> socket.socket:
    """A second listening socket, on the port after `port` if it can be had."""
    if 0 < port < LAST_PORT:
        try:
            return listen(host, port + 1)
        except BadInput:
            pass
    return listen(host, 0)


def listen(host: str, port: int) -> socket.socket:
    """A bound socket that is already listening; BadInput says why it cannot be had."""
    if not 0 <= port <= LAST_PORT:
        raise BadInput(f"Port {port} does not exist: choose one from 1 to {LAST_PORT}.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family)
    except OSError as error:
        reason = (
            "is in use: stop the other program or choose another with --port"
            if error.errno == errno.EADDRINUSE
            else f"cannot be listened on ({error.strerror}): choose others with --host and --port"
        )
        raise BadInput(f"Port {port} of {host} {reason}.") from error
    # asyncio does so only for sockets that name their protocol, which those accepted here do not;
    # without it the second packet of an answer waits 40 ms for the reader's acknowledgement.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening
