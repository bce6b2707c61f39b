"""`python -m tests.crawl.hasty SECONDS COMMAND...`: the archiver command, with less patience for an
answer than it has."""

import sys

from archiver.cli import main
from archiver.crawl import settings

if __name__ == "__main__":
    seconds, *command = sys.argv[1:]
    settings.DOWNLOAD_TIMEOUT = int(seconds)
    sys.argv = ["archiver", *command]
    main()
