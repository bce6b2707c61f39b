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
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import FrameType
from typing import Protocol

from archiver import instants
from archiver.errors import BadInput
from archiver.folder import DataFolder
from archiver.instants import lasting, parse_instant
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


class Crawl(Protocol):
    """A crawl that was begun, as `subprocess.Popen` is one."""

    def poll(self) -> int | None:
        """Its exit code, None while it runs."""

    def send_signal(self, number: int, /) -> None:
        """Ask it to stop in good order."""

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code when it ends; TimeoutExpired after `timeout` seconds."""

    def kill(self) -> None:
        """End it at once."""


class Clock(Protocol):
    """Time as the watch lives it."""

    def now(self) -> float:
        """Seconds since some instant."""

    def wait(self, seconds: float) -> bool:
        """Let so many seconds pass, or fewer when asked to stop; whether it is to stop."""


class RunningClock:
    """The machine's clock, until SIGINT or SIGTERM."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping.set()

    def now(self) -> float:
        return time.monotonic()

    def wait(self, seconds: float) -> bool:
        return self._stopping.wait(min(seconds, threading.TIMEOUT_MAX))


@dataclass(slots=True)
class Watch:
    """The sites being watched, by the word the command line named them with, and their crawls."""

    schedule: Schedule
    begin: Callable[[str], Crawl]
    clock: Clock
    say: Callable[[str], None]
    running: dict[str, Crawl] = field(default_factory=dict)

    def run(self) -> None:
        """Crawl until asked to stop, then let the crawls that run stop in good order."""
        while not self.clock.wait(self._turn()):
            pass
        for crawl in self.running.values():
            crawl.send_signal(signal.SIGINT)
        until = self.clock.now() + GRACE
        for crawl in self.running.values():
            try:
                crawl.wait(max(0.0, until - self.clock.now()))
            except subprocess.TimeoutExpired:
                crawl.kill()
                crawl.wait()

    def _turn(self) -> float:
        """Note which crawls have ended, begin those that are due; seconds until the next turn."""
        now = self.clock.now()
        for site, crawl in list(self.running.items()):
            code = crawl.poll()
            if code is not None:
                del self.running[site]
                self.schedule.ended(site, now, well=code == 0)
                wait = lasting(self.schedule.turns[site].due - now)
                how = "done" if code == 0 else f"ended with code {code}"
                self.say(f"{site} {how}, again in {wait}")
        for site in self.schedule.start(now):
            self.say(f"{site} begins")
            self.running[site] = self.begin(site)
        due = self.schedule.wait(now)
        return min(POLL, due) if self.running else due


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
    schedule = Schedule(seconds_of(every), random.SystemRandom().random)
    folder.prepare()
    begun = last_begun(folder, sites)
    clock, now = RunningClock(), datetime.now(UTC)
    schedule.add({site: _on_clock(at, clock.now(), now) for site, at in begun.items()}, clock.now())

    def begin(site: str) -> Crawl:
        # In a session of its own: a terminal's Ctrl-C reaches the crawl once, through us.
        words = [sys.executable, "-m", "archiver", "crawl", site, *options]
        return subprocess.Popen(
            [*words, "--data", str(folder.root)], stdin=subprocess.DEVNULL, start_new_session=True
        )

    def say_when(line: str) -> None:
        say(f"{instants.now()[:19]}Z {line}")

    with folder.lock("watch", "This archive is being watched already: stop that watch first."):
        Watch(schedule, begin, clock, say_when).run()


def _on_clock(instant: str | None, clock: float, now: datetime) -> float | None:
    """An instant on the clock of the watch."""
    return None if instant is None else clock - (now - parse_instant(instant)).total_seconds()


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
