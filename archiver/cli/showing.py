"""The commands that show the archive to readers: serve, publish."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from archiver.cli.options import with_data
from archiver.counting import counted

if TYPE_CHECKING:
    from archiver.folder import DataFolder


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@with_data
def serve(folder: DataFolder, port: int, host: str) -> None:
    """Serve the archive's pages and tables with Datasette."""
    from archiver.publish import serve as serve_archive

    serve_archive(folder.database, host=host, port=port)


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--address", metavar="URL", help="Where readers will find the site.")
@click.option(
    "--replay-address", metavar="URL", help="Where they will find replay: an origin apart."
)
@click.option("--sql", is_flag=True, help="Let readers write SQL of their own, within limits.")
@click.option("--private", is_flag=True, help="Ask for a password.")
@with_data
def publish(
    folder: DataFolder,
    out: Path,
    address: str | None,
    replay_address: str | None,
    sql: bool,
    private: bool,
) -> None:
    """Make or renew OUT, a folder that a public host serves by itself.

    It holds what may be given out, and nothing that `suppressed.toml` in the data folder names. A
    server that runs from it takes up the new version while readers read.
    """
    from archiver.publish.projection import publish as publish_archive
    from archiver.publish.projection.options import options_of

    options = options_of(address, replay_address, sql=sql, private=private)
    done = publish_archive(folder, out, options)
    told = done.description
    held = f"{counted(told.articles, 'article')}, {counted(told.captures, 'capture')}"
    click.echo(f"{done.version}: {held}.")
    if told.removed or told.withheld:
        removed = counted(told.removed, "capture")
        click.echo(f"Left out as suppressed: {removed}; withheld: {told.withheld}.")
    if not done.has_viewer:
        click.echo("Without the replay viewer: run `make replay`, then publish again.", err=True)
    click.echo(f"{out / 'README.md'} says how to run it.")
