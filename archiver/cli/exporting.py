"""The commands that hand the archive over: export wacz, csv, json, bag."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from archiver.cli.options import InOrder, with_data
from archiver.counting import counted
from archiver.errors import BadInput

if TYPE_CHECKING:
    from datetime import datetime

    from archiver.folder import DataFolder

DAY = click.DateTime(["%Y-%m-%d"])


@click.group(cls=InOrder)
def export() -> None:
    """Hand over the archive, or a part of it, in a form that others keep and read."""


@export.command("wacz")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--site", metavar="HOST", help="Only this site.")
@click.option("--article", metavar="URL", help="Only this article, with all of its history.")
@click.option("--since", type=DAY, metavar="DAY", help="Only captures of this day (UTC) or later.")
@click.option("--until", type=DAY, metavar="DAY", help="Only captures of this day or earlier.")
@click.option(
    "--sign",
    "key",
    type=click.Path(path_type=Path),
    metavar="KEY.pem",
    help="Sign with this private key on the curve P-384.",
)
@with_data
def export_wacz(
    folder: DataFolder,
    out: Path,
    site: str | None,
    article: str | None,
    since: datetime | None,
    until: datetime | None,
    key: Path | None,
) -> None:
    """Write OUT, one WACZ file that replays in any browser (ReplayWeb.page)."""
    from archiver.ops.export.choice import Choice
    from archiver.ops.export.wacz import export_wacz as write
    from archiver.warc.signature import fingerprint, load_key

    if site and article:
        raise BadInput("Give --site or --article, not both: an article is of one site.")
    choice = Choice(site, article, since and since.date(), until and until.date())
    signing = load_key(key) if key else None
    packed = write(folder, out, choice, signing)
    _say_if_not_logged(folder)
    signed = f", signed by the key {fingerprint(signing.public_key)}" if signing else ""
    click.echo(
        f"{out}: {counted(packed.captures, 'capture')}, {counted(packed.pages, 'page')}, "
        f"{counted(packed.size, 'byte')}"
        f"{signed}; the digest of its datapackage is {packed.digest}"
    )


@export.command("csv")
@click.argument("out", type=click.Path(path_type=Path))
@with_data
def export_csv(folder: DataFolder, out: Path) -> None:
    """Write the folder OUT: a CSV file for each table, with a data dictionary."""
    _export_tables(folder, out, "csv")


@export.command("json")
@click.argument("out", type=click.Path(path_type=Path))
@with_data
def export_json(folder: DataFolder, out: Path) -> None:
    """Write the folder OUT: a JSON file for each table, with a data dictionary."""
    _export_tables(folder, out, "json")


def _export_tables(folder: DataFolder, out: Path, form: Literal["csv", "json"]) -> None:
    from archiver.ops.export.tables import export_tables

    for file in export_tables(folder, out, form):
        click.echo(f"{out / file.path}: {counted(file.rows, 'row')}")
    _say_if_not_logged(folder)


def _say_if_not_logged(folder: DataFolder) -> None:
    """A hand-over that leaves something out is noted in the archive, where that can be written."""
    from archiver.store.suppressed import FILE
    from archiver.suppression import LOG

    if folder.is_read_only and (folder.root / FILE).is_file():
        click.echo(f"{folder.root} cannot be written: {LOG} has no line of this export.", err=True)


@export.command("bag")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--organization", metavar="NAME", help="Who hands the archive over.")
@click.option("--contact", metavar="NAME|EMAIL", help="Whom the receiver can ask.")
@with_data
def export_bag(
    folder: DataFolder, out: Path, organization: str | None, contact: str | None
) -> None:
    """Write the folder OUT: a BagIt bag of the whole archive, validated."""
    from archiver.ops.export.bag import export_bag as write

    size = write(folder, out, organization=organization, contact=contact)
    click.echo(f"{out}: a valid bag, {counted(size, 'byte')}")
