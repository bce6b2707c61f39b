"""`python run.py` in a published folder ends here: two origins, served until stopped."""

import asyncio
import socket
from pathlib import Path

import click
import uvicorn

from archiver.errors import ArchiverError
from archiver.publish.hosting.layout import CURRENT, PROGRAMS, description_of, running
from archiver.publish.hosting.switch import Ports, Switch, open_version
from archiver.publish.replay.running import replaying
from archiver.publish.server import (
    SECONDS_FOR_IDLE_CONNECTIONS,
    SECONDS_FOR_OPEN_REQUESTS,
    listen,
    listen_near,
)


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--host", default="127.0.0.1", show_default=True, help="Where both origins listen.")
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True)
@click.option(
    "--replay-port", type=click.IntRange(0, 65535), help="By default, the port after --port."
)
def main(out: Path, host: str, port: int, replay_port: int | None) -> None:
    """Serve the publication in OUT."""
    try:
        serve(out, host, port, replay_port)
    except ArchiverError as error:
        raise click.ClickException(str(error)) from error
    except KeyboardInterrupt:
        click.echo("Stopped.")


def serve(out: Path, host: str, port: int, replay_port: int | None) -> None:
    """Serve both origins until Ctrl-C or SIGTERM; raises ArchiverError when that cannot begin."""
    folder = (out / CURRENT).resolve()
    program = out / PROGRAMS / description_of(folder).program
    with (
        running(program),
        listen(host, port) as first,
        listen_near(host, port) if replay_port is None else listen(host, replay_port) as second,
    ):
        ports = Ports(first.getsockname()[1], second.getsockname()[1])
        asyncio.run(_serve(out, folder, host, ports, first, second))


async def _serve(
    out: Path, folder: Path, host: str, ports: Ports, first: socket.socket, second: socket.socket
) -> None:
    switch = Switch(out, ports, await open_version(folder, ports), click.echo)
    server = uvicorn.Server(
        uvicorn.Config(
            switch.reading,
            interface="asgi3",
            log_level="warning",
            lifespan="off",
            timeout_keep_alive=SECONDS_FOR_IDLE_CONNECTIONS,
            timeout_graceful_shutdown=SECONDS_FOR_OPEN_REQUESTS,
        )
    )
    click.echo(
        f"Serving {folder.name}: http://{host}:{ports.reading}/, replay http://{host}:{ports.replay}/"
    )
    with replaying(switch.replay, second):
        watching = asyncio.create_task(switch.watch())
        await server.serve(sockets=[first])
        watching.cancel()


if __name__ == "__main__":
    main()
