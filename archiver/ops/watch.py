"""`archiver watch`: one process that crawls sites again and again.

Each crawl is a process of its own, since Scrapy's reactor runs once in a process, and so that a
crash of one leaves the others alone. The crawl's own lock keeps two from one site.
"""

import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import FrameType

from archiver import instants
from archiver.errors import BadInput
from archiver.folder import DataFolder
from archiver.instants import parse_instant
from archiver.ops.watch_schedule import Schedule
from archiver.profiles import load
from archiver.store.database import Store

POLL = 1.0
"""Seconds between two looks at the crawls that run."""

GRACE = 120.0
"""Seconds that crawls have to stop in good order; one that is killed then loses nothing."""

SPAN = re.compile(r"(\d{1,5})\s*([mhd])")
SECONDS = {"m": 60, "h": 3600, "d": 86400}
LAST = (
    "SELECT max(started_at) FROM crawls WHERE site_id = ? AND source = 'live'"
    " AND outcome = 'complete'"
)
WATCHED = (
    "SELECT DISTINCT home_url FROM crawls JOIN sites ON sites.id = site_id"
    " WHERE source = 'live' ORDER BY 1"
)


@dataclass(slots=True)
class Watch:
    """The sites being watched, by the word the command line named them with, and their crawls."""

    folder: DataFolder
    schedule: Schedule
    options: Sequence[str]
    say: Callable[[str], None]
    running: dict[str, subprocess.Popen[bytes]]
    stopping: threading.Event

    def run(self) -> None:
        """Crawl until asked to stop, then let the crawls that run stop in good order."""
        while not self.stopping.is_set():
            self._turn(time.monotonic())
            self.stopping.wait(min(POLL, self.schedule.wait(time.monotonic())) or POLL)
        for crawl in self.running.values():
            crawl.send_signal(signal.SIGINT)
        until = time.monotonic() + GRACE
        for crawl in self.running.values():
            try:
                crawl.wait(max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                crawl.kill()
                crawl.wait()

    def _turn(self, now: float) -> None:
        for site, crawl in list(self.running.items()):
            code = crawl.poll()
            if code is not None:
                del self.running[site]
                self.schedule.ended(site, now, well=code == 0)
                hours = (self.schedule.turns[site].due - now) / 3600
                how = "done" if code == 0 else f"ended with code {code}"
                self.say(f"{instants.now()[:19]}Z {site} {how}, again in {hours:.1f} h")
        for site in self.schedule.start(now):
            self.say(f"{instants.now()[:19]}Z {site} begins")
            self.running[site] = self._begin(site)

    def _begin(self, site: str) -> subprocess.Popen[bytes]:
        """A crawl in a session of its own: a terminal's Ctrl-C reaches it once, through us."""
        words = [sys.executable, "-m", "archiver", "crawl", site, *self.options]
        return subprocess.Popen(
            [*words, "--data", str(self.folder.root)],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )


def watch(
    folder: DataFolder,
    sites: Sequence[str],
    every: str,
    options: Sequence[str],
    say: Callable[[str], None],
) -> None:
    """Crawl `sites`, or all that the archive has crawls of, until SIGINT or SIGTERM.

    Raises BadInput for a bad interval or profile, or when there is nothing to watch.
    """
    seconds = seconds_of(every)
    folder.prepare()
    now = datetime.now().astimezone()
    begun, clock = last_begun(folder, sites), time.monotonic()
    ages = {
        site: None if at is None else clock - (now - parse_instant(at)).total_seconds()
        for site, at in begun.items()
    }
    schedule = Schedule(seconds, random.SystemRandom().random)
    schedule.add(ages, clock)
    watched = Watch(folder, schedule, options, say, {}, threading.Event())

    def stop(_number: int, _frame: FrameType | None) -> None:
        watched.stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    with folder.lock("watch", "This archive is being watched already: stop that watch first."):
        watched.run()


def last_begun(folder: DataFolder, sites: Sequence[str]) -> Mapping[str, str | None]:
    """When the last complete crawl of each site began; the sites are the archive's when none is
    named. A site named twice is one."""
    store = Store.open(folder.database)
    try:
        named = sites or [url for (url,) in store.connection.execute(WATCHED)]
        if not named:
            raise BadInput(
                "There is nothing to watch yet: name the sites, as for `archiver crawl`."
            )
        words = {load(word).site_id: word for word in named}
        return {
            word: store.connection.execute(LAST, (site,)).fetchone()[0]
            for site, word in words.items()
        }
    finally:
        store.close()


def seconds_of(every: str) -> float:
    """The seconds of `30m`, `6h` or `1d`; BadInput for anything else or less than a minute."""
    span = SPAN.fullmatch(every.strip())
    if not span or int(span[1]) == 0:
        raise BadInput(f"“{every}” is no interval: write 30m, 6h or 1d.")
    return float(int(span[1]) * SECONDS[span[2]])
