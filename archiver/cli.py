"""The command line: each command a few lines that call the floors below.

Imports sit inside the commands, so that `archiver --help` answers at once. Errors of this project
become one sentence on standard error and the exit code of the contract.
"""

from __future__ import annotations

import errno
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from archiver import __version__
from archiver.errors import ArchiverError, BadInput

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from archiver.folder import DataFolder

BAD_USAGE, ATTENTION, STORAGE, INTERRUPTED = 1, 2, 4, 130
STORAGE_ERRORS = (errno.ENOSPC, errno.EROFS, errno.EIO, errno.EDQUOT)
WAYBACK = "wayback:"
DAY = click.DateTime(["%Y-%m-%d"])


class InOrder(click.Group):
    """Lists its commands in the order in which they were declared, as the contract does."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self.commands)


def with_data(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--data DIR`, given to the command as a `DataFolder`."""

    def folder(_context: click.Context, _parameter: click.Parameter, value: Path) -> DataFolder:
        from archiver.folder import DataFolder

        return DataFolder(value)

    return click.option(
        "--data",
        "folder",
        type=click.Path(file_okay=False, path_type=Path),
        default=Path("data"),
        envvar="ARCHIVER_DATA",
        show_default=True,
        show_envvar=True,
        callback=folder,
        help="The data folder.",
    )(command)


@click.group(cls=InOrder, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="archiver")
def cli() -> None:
    """Archive what elected representatives publish: WARC captures, questions and answers in
    SQLite, a reading site on Datasette."""


@cli.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True)
@click.option("--serve/--no-serve", default=True, help="Serve the result at the end.")
@with_data
def demo(folder: DataFolder, port: int, serve: bool) -> None:
    """Archive the bundled fictional site twice, then serve the result.

    The site changes between the two crawls. Its archive is the folder `demo` inside the data
    folder, made afresh each time.
    """
    from archiver.folder import DataFolder
    from archiver.ops.demo import archive_demo
    from archiver.publish import serve as serve_archive

    own = DataFolder(folder.root / "demo")
    archive_demo(own)
    if serve:
        serve_archive(own.database, port=port)


@cli.command()
@click.argument("site")
@click.option(
    "--full", is_flag=True, help="Ask for every page, not only for what may have changed."
)
@click.option("--only", metavar="URL", help="Capture this page alone.")
@click.option("--max-pages", type=click.IntRange(1), metavar="N", help="Stop after N pages.")
@click.option(
    "--delay",
    type=click.FloatRange(0),
    metavar="S",
    help="Seconds between two requests; 0, for a server of one's own, lifts the pause, Crawl-delay "
    "and the one-connection limit, never robots.txt or Retry-After.",
)
@click.option("--contact", metavar="URL|EMAIL", help="Whom a site's owner can write to.")
@click.option("--no-resume", is_flag=True, help="Do not take up an interrupted crawl.")
@click.option("--no-assets", is_flag=True, help="Leave out images, stylesheets and scripts.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option(
    "--on-change", metavar="CMD", help="Run CMD with the changes as JSON on standard input, if any."
)
@with_data
def crawl(
    folder: DataFolder,
    site: str,
    full: bool,
    only: str | None,
    max_pages: int | None,
    delay: float | None,
    contact: str | None,
    no_resume: bool,
    no_assets: bool,
    as_json: bool,
    on_change: str | None,
) -> None:
    """Crawl SITE: the name of a profile, a TOML file, or just a URL.

    A site that was crawled whole before is asked for what has changed, unless `--full`. An
    interrupted crawl is taken up where it was left.
    """
    from archiver.crawl.run import crawl as run_crawl
    from archiver.crawl.session import CrawlOptions
    from archiver.crawl.summary import finish
    from archiver.extract.urls import in_scope
    from archiver.ops.changes import as_data, changes_of_crawl, lines_of, run_hook
    from archiver.ops.recovery import describe, recover
    from archiver.profiles import load
    from spiders.news import NewsSpider

    profile = load(site)
    if only is not None and not in_scope(only, profile):
        raise BadInput(f"{only} is not a page of {profile.site_id}: give a URL of that site.")
    options = CrawlOptions(
        full=full,
        only=only,
        max_pages=max_pages,
        delay=delay,
        contact=contact,
        resume=not no_resume and only is None,
        assets=not no_assets,
    )
    for line in describe(recover(folder)):
        click.echo(line, err=True)
    report = run_crawl(profile, options, folder, NewsSpider, progress=not as_json)
    changes = changes_of_crawl(folder, report.crawl_id)
    if on_change and (failure := run_hook(on_change, changes)):
        click.echo(failure, err=True)
    finish(report, as_data(changes), lines_of(changes), as_json=as_json)


@cli.command("import")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option(
    "--profile",
    "profiles",
    multiple=True,
    metavar="SITE",
    help="Read the pages of its host by this profile, a name or a TOML file; may be repeated.",
)
@click.option(
    "--delay",
    type=click.FloatRange(0),
    default=1.5,
    show_default=True,
    metavar="S",
    help="Seconds between two requests to the Internet Archive.",
)
@click.option("--contact", metavar="URL|EMAIL", help="Whom the Internet Archive can write to.")
@with_data
def import_(
    folder: DataFolder,
    sources: tuple[str, ...],
    profiles: tuple[str, ...],
    delay: float,
    contact: str | None,
) -> None:
    """Bring in captures that others made: each SOURCE is a WARC or a WACZ file, and one may be
    wayback:SITE, for what the Internet Archive holds of a site.

    Files are copied into the archive and checked; what is damaged is told and skipped. An
    interrupted import from the Internet Archive is taken up where it was left.
    """
    from archiver.ops.imports import bring_in, print_imported
    from archiver.ops.recovery import describe, recover
    from archiver.profiles import load

    chosen = [load(name) for name in profiles]
    files = [Path(name) for name in sources if not name.startswith(WAYBACK)]
    sites = [name for name in sources if name.startswith(WAYBACK)]
    if len(sites) > 1:
        raise BadInput(
            "The Internet Archive is asked for one site at a time: name the others in "
            "commands of their own."
        )
    for line in describe(recover(folder)):
        click.echo(line, err=True)
    if files:
        print_imported(bring_in(folder, files, chosen, progress=True))
    for site in sites:
        from archiver.crawl.summary import finish
        from archiver.crawl.wayback import import_wayback
        from spiders.wayback import WaybackSpider

        finish(
            import_wayback(site, folder, WaybackSpider, delay=delay, contact=contact), as_json=False
        )


@cli.command()
@with_data
def rebuild(folder: DataFolder) -> None:
    """Make the database again from the WARC files, and print what differs from the old one."""
    from archiver.ops.rebuild import print_rebuilt
    from archiver.ops.rebuild import rebuild as rebuild_database

    print_rebuilt(rebuild_database(folder, progress=True))


@cli.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@with_data
def serve(folder: DataFolder, port: int, host: str) -> None:
    """Serve the archive's pages and tables with Datasette."""
    from archiver.publish import serve as serve_archive

    serve_archive(folder.database, host=host, port=port)


@cli.command()
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


@cli.command()
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


@cli.command()
@click.argument("sites", nargs=-1, metavar="[SITE]...")
@click.option("--every", metavar="TIME", default="6h", show_default=True, help="30m, 6h or 1d.")
@click.option("--delay", type=click.FloatRange(0), metavar="S", help="As of `archiver crawl`.")
@click.option("--contact", metavar="URL|EMAIL", help="Whom a site's owner can write to.")
@click.option("--on-change", metavar="CMD", help="As of `archiver crawl`, after each crawl.")
@with_data
def watch(
    folder: DataFolder,
    sites: tuple[str, ...],
    every: str,
    delay: float | None,
    contact: str | None,
    on_change: str | None,
) -> None:
    """Crawl sites again and again until stopped: each SITE, or all that were crawled before."""
    from archiver.ops.watch import watch as watch_sites

    given = {"--delay": delay, "--contact": contact, "--on-change": on_change}
    options = [word for name, value in given.items() if value is not None for word in (name, value)]
    watch_sites(folder, sites, every, [str(word) for word in options], click.echo)


@cli.command()
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


@cli.command()
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
    click.echo(f"{done.version}: {told.articles} articles, {told.captures} captures.")
    if told.removed or told.withheld:
        click.echo(f"Left out as suppressed: {told.removed} captures; withheld: {told.withheld}.")
    if not done.has_viewer:
        click.echo("Without the replay viewer: run `make replay`, then publish again.", err=True)
    click.echo(f"{out / 'README.md'} says how to run it.")


@cli.group(cls=InOrder)
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
    signed = f", signed by the key {fingerprint(signing.public_key)}" if signing else ""
    click.echo(
        f"{out}: {packed.captures} captures, {packed.pages} pages, {packed.size} bytes"
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
        click.echo(f"{out / file.path}: {file.rows} rows")


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
    click.echo(f"{out}: a valid bag, {size} bytes")


def main() -> None:
    """Run the command line and end with the contract's exit code."""
    try:
        result = cli(standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        sys.exit(INTERRUPTED)
    except click.ClickException as error:
        error.show()
        sys.exit(BAD_USAGE)
    except ArchiverError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(error.exit_code)
    except OSError as error:
        if error.errno not in STORAGE_ERRORS:
            raise
        click.echo(f"Error: {error.strerror}: free space and run the command again.", err=True)
        sys.exit(STORAGE)
    sys.exit(result if isinstance(result, int) else 0)
