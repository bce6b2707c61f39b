"""The commands that look after the archive: rebuild, status, changes, verify."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from archiver.cli.options import with_data

if TYPE_CHECKING:
    from archiver.folder import DataFolder

ATTENTION = 2


@click.command()
@with_data
def rebuild(folder: DataFolder) -> None:
    """Make the database again from the WARC files, and print what differs from the old one."""
    from archiver.ops.rebuild import print_rebuilt
    from archiver.ops.rebuild import rebuild as rebuild_database

    print_rebuilt(rebuild_database(folder, progress=True))


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the state as JSON.")
@with_data
def status(folder: DataFolder, as_json: bool) -> int:
    """Tell what is held, how the last crawls went, and what needs attention.

    The exit code is 2 when something needs attention, else 0.
    """
    import json
    from dataclasses import asdict
    from datetime import UTC, datetime

    from archiver.ops.status import lines_of, status_of

    found = status_of(folder, datetime.now(UTC))
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False, indent=2))
    else:
        for line in lines_of(found):
            click.echo(line)
    return ATTENTION if found.attention else 0


@click.command()
@click.option(
    "--since", metavar="TIME", default="7d", show_default=True, help="7d, 12h, 2w or a day."
)
@click.option("--json", "as_json", is_flag=True, help="Print the changes as JSON.")
@with_data
def changes(folder: DataFolder, since: str, as_json: bool) -> None:
    """Tell what is new, answered, edited, commented on or gone."""
    import json
    from datetime import UTC, datetime

    from archiver.ops.changes import as_data, changes_since, lines_of

    found = changes_since(folder, since, datetime.now(UTC))
    if as_json:
        click.echo(json.dumps(as_data(found), ensure_ascii=False, indent=2))
        return
    for line in lines_of(found):
        click.echo(line)


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE]...", type=click.Path(path_type=Path))
@click.option("--deep", is_flag=True, help="Compare every row with those of a rebuild, too.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@with_data
def verify(folder: DataFolder, files: tuple[Path, ...], deep: bool, as_json: bool) -> None:
    """Verify that nothing in the archive has changed since it was written.

    Every WARC file against its digests, the index against the records both ways, the database
    against itself; each run is kept in `fixity.log`. With FILE, WARC or WACZ, only that file.
    """
    from archiver.ops.verify import verify as verify_archive
    from archiver.ops.verify import verify_named
    from archiver.ops.verify_report import report

    if files:
        found = verify_named(files, progress=not as_json)
    else:
        found = verify_archive(folder, deep=deep, progress=not as_json)
    report(found, as_json=as_json)
