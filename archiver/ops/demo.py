"""`archiver demo`: the bundled fictional site crawled twice as a user would, then served.

Each crawl is a process of its own: Scrapy's reactor runs once in a process.
"""

import os
import shutil
import subprocess
import sys

from archiver.demo.server import DEMO_PORT, DemoSite
from archiver.errors import ArchiverError
from archiver.folder import DataFolder


def archive_demo(folder: DataFolder) -> None:
    """Crawl both states of the sample site into `folder`, which is emptied first."""
    shutil.rmtree(folder.root, ignore_errors=True)
    with DemoSite(port=DEMO_PORT) as site:
        for state in (1, 2):
            site.state = state
            command = [sys.executable, "-m", "archiver", "crawl", "demo", "--delay", "0"]
            done = subprocess.run([*command, "--data", folder.root], env=os.environ, check=False)
            if done.returncode:
                raise DemoFailed(done.returncode)


class DemoFailed(ArchiverError):
    """A crawl of the sample site failed; its own message is already on the screen."""

    def __init__(self, exit_code: int) -> None:
        super().__init__("the sample site could not be archived, see above.")
        self.exit_code = exit_code
