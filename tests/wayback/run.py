"""`python -m tests.wayback.run [POINT N] SOURCE DATA`: an import in a process of its own, killed
by itself (SIGKILL) when it reaches the named point for the Nth time."""

import sys
from pathlib import Path

from archiver.crawl.summary import finish
from archiver.crawl.wayback import import_wayback
from archiver.errors import ArchiverError
from archiver.folder import DataFolder
from archiver.ops.recovery import recover
from spiders.wayback import WaybackSpider
from tests.crawl.killed import POINTS, die, nth

if __name__ == "__main__":
    *killed, source, data = sys.argv[1:]
    if killed:
        POINTS[killed[0]](nth(int(killed[1]), die))
    folder = DataFolder(Path(data))
    try:
        recover(folder)
        report = import_wayback(
            source, folder, WaybackSpider, delay=0, contact="claire@example.org", progress=False
        )
        finish(report, as_json=True)
    except ArchiverError as error:
        sys.stderr.write(f"Error: {error}\n")
        sys.exit(error.exit_code)
