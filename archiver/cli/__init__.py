"""The command line: each command a few lines that call the floors below.

Imports sit inside the commands, so that `archiver --help` answers at once. Errors of this project
become one sentence on standard error and the exit code of the contract.
"""

import errno
import sys

import click

from archiver import __version__
from archiver.cli.crawling import crawl, demo, import_, watch
from archiver.cli.exporting import export
from archiver.cli.keeping import changes, rebuild, status, verify
from archiver.cli.options import InOrder
from archiver.cli.showing import publish, serve
from archiver.errors import ArchiverError

BAD_USAGE, STORAGE, INTERRUPTED = 1, 4, 130
STORAGE_ERRORS = (errno.ENOSPC, errno.EROFS, errno.EIO, errno.EDQUOT)


@click.group(cls=InOrder, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="archiver")
def cli() -> None:
    """Archive what elected representatives publish: WARC captures, questions and answers in
    SQLite, a reading site on Datasette."""


for command in (
    demo,
    crawl,
    import_,
    rebuild,
    serve,
    status,
    changes,
    watch,
    verify,
    publish,
    export,
):
    cli.add_command(command)


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
