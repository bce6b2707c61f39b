"""The commands that bring captures in: demo, crawl, import, watch."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archiver.cli.options import with_data
from archiver.errors import BadInput

if TYPE_CHECKING:
    from archiver.folder import DataFolder

WAYBACK = "wayback:"


def heed_sigterm() -> None:
    """Have SIGTERM stop a command as Ctrl-C does, from the beginning: its imports take a while."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@click.command()
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


@click.command()
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
    heed_sigterm()
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


@click.command("import")
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
    heed_sigterm()
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


@click.command()
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
    heed_sigterm()
    from archiver.ops.watch import watch as watch_sites

    given = {"--delay": delay, "--contact": contact, "--on-change": on_change}
    options = [word for name, value in given.items() if value is not None for word in (name, value)]
    watch_sites(folder, sites, every, [str(word) for word in options], click.echo)
