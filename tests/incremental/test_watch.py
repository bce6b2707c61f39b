"""`archiver watch`: thirty days of it on a simulated clock, and a real one that is stopped."""

import os
import random
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from archiver.demo.server import DemoSite
from archiver.errors import BadInput
from archiver.ops.watch import Watch, seconds_of
from archiver.ops.watch_schedule import JITTER, RETRY, Schedule
from tests.cli import MODULE, archiver

HOUR, DAY = 3600.0, 86400.0
EVERY = 6 * HOUR
INTERRUPTED = 130


@dataclass
class Days:
    """A clock on which time passes by waiting only, up to `until`."""

    at: float = 0.0
    until: float = 0.0

    def now(self) -> float:
        return self.at

    def wait(self, seconds: float) -> bool:
        assert seconds >= 0
        self.at = min(self.at + seconds, self.until)
        return self.at == self.until


@dataclass
class Simulated:
    """A crawl that lasts until an instant of the clock and ends with a code."""

    clock: Days
    begun: float
    ends: float
    code: int

    def poll(self) -> int | None:
        return self.code if self.clock.at >= self.ends else None

    def send_signal(self, number: int, /) -> None:
        assert number == signal.SIGINT
        if self.clock.at < self.ends:
            self.ends, self.code = self.clock.at, INTERRUPTED

    def wait(self, timeout: float | None = None) -> int:
        assert timeout is not None
        assert self.clock.at >= self.ends
        return self.code

    def kill(self) -> None:
        raise AssertionError("a crawl that stopped in good order was killed")


def simulate(seed: int, sites: int) -> tuple[dict[str, list[Simulated]], int]:
    """The crawls of each site in thirty days, and how many were begun: some take long, one in ten
    fails, for half a day the network is away, and twice the watch is stopped and started again."""
    chance, clock = random.Random(seed), Days()
    crawls: dict[str, list[Simulated]] = {f"site-{number}": [] for number in range(sites)}
    begun: list[str] = []

    def begin(site: str) -> Simulated:
        if away := 10 * DAY < clock.at < 10.5 * DAY:
            lasts = 5.0
        else:
            lasts = chance.uniform(4, 8) * HOUR if chance.random() < 0.03 else 300.0
        failed = away or chance.random() < 0.1
        crawls[site].append(Simulated(clock, clock.at, clock.at + lasts, 2 if failed else 0))
        return crawls[site][-1]

    for until in (7 * DAY, 21 * DAY, 30 * DAY):
        clock.until = until
        schedule = Schedule(EVERY, chance.random)
        complete = {
            site: max((one.begun for one in held if one.poll() == 0), default=None)
            for site, held in crawls.items()
        }
        schedule.add(complete, clock.at)
        Watch(schedule, begin, clock, begun.append).run()
        clock.at += HOUR
    return crawls, sum(line.endswith("begins") for line in begun)


@pytest.mark.parametrize("seed", range(2))
def test_thirty_days_lose_no_crawl_and_double_none(seed: int) -> None:
    crawls, begun = simulate(seed, sites=3)
    assert begun == sum(map(len, crawls.values()))
    restarts = (7 * DAY + HOUR, 21 * DAY + HOUR)
    for held in crawls.values():
        assert sum(crawl.code == 0 for crawl in held) > 0.75 * 30 * DAY / EVERY
        for crawl, after in pairwise(held):
            assert after.begun >= crawl.ends, "two crawls of a site at a time"
            passed = [at for at in restarts if crawl.begun < at <= after.begun]
            if passed:
                assert after.begun <= max(passed[0], crawl.begun + EVERY) + 1
            elif crawl.code == 0:
                late = max(crawl.ends, crawl.begun + EVERY * (1 + JITTER))
                early = max(crawl.ends, crawl.begun + EVERY * (1 - JITTER))
                assert early <= after.begun <= late + 2
            else:
                wait = after.begun - crawl.ends
                assert RETRY * (1 - JITTER) <= wait <= EVERY * (1 + JITTER) + 2


def test_the_wait_grows_with_failures_up_to_the_interval_and_is_forgotten_after_success() -> None:
    schedule = Schedule(EVERY, lambda: 0.5)
    schedule.add({"a": None}, 0.0)
    now, waits = 0.0, []
    for well in (*[False] * 9, True, False):
        assert schedule.start(now) == ["a"]
        schedule.ended("a", now, well=well)
        waits.append(schedule.wait(now))
        now += waits[-1]
    assert waits[:4] == [600, 1200, 2400, 4800]
    assert waits[6:] == [EVERY, EVERY, EVERY, EVERY, 600]


def test_a_restart_does_not_crawl_again_what_was_just_crawled() -> None:
    schedule = Schedule(EVERY, lambda: 0.5)
    schedule.add({"new": None, "fresh": 1000.0 - HOUR, "old": 1000.0 - DAY}, 1000.0)
    assert schedule.start(1000.0) == ["new", "old"]
    assert schedule.wait(1000.0) == 5 * HOUR


@pytest.mark.parametrize(("every", "seconds"), [("30m", 1800), ("6h", EVERY), ("1d", DAY)])
def test_intervals_are_read(every: str, seconds: float) -> None:
    assert seconds_of(every) == seconds


@pytest.mark.parametrize("every", ["", "6", "0h", "h", "-1h", "6 weeks"])
def test_other_intervals_are_refused(every: str) -> None:
    with pytest.raises(BadInput, match="6h"):
        seconds_of(every)


def test_nothing_to_watch_is_said(tmp_path: Path) -> None:
    done = archiver("watch", data=tmp_path)
    assert (done.returncode, "name the sites" in done.stderr) == (1, True)


def test_a_watch_crawls_two_sites_and_stops_cleanly(tmp_path: Path) -> None:
    """The first site is done, the second too slow to be done when the watch is stopped."""
    with DemoSite() as quick, DemoSite() as slow:
        slow.switches.delay = 0.5
        words = ["watch", quick.url, slow.url, "--delay", "0", "--data", str(tmp_path)]
        process = subprocess.Popen(
            [*MODULE, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ
        )
        try:
            until = time.monotonic() + 100
            while outcomes(tmp_path).get(host(quick)) != "complete" and time.monotonic() < until:
                time.sleep(0.2)
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
        finally:
            process.kill()
            process.wait()
    assert outcomes(tmp_path)[host(quick)] == "complete"
    assert host(slow) in outcomes(tmp_path)
    assert not list((tmp_path / "warc").glob("*.open"))


def host(site: DemoSite) -> str:
    return f"127.0.0.1:{site.port}"


def outcomes(data: Path) -> dict[str, str | None]:
    if not (data / "archive.db").is_file():
        return {}
    with closing(sqlite3.connect(data / "archive.db")) as db:
        try:
            return dict(db.execute("SELECT site_id, outcome FROM crawls"))
        except sqlite3.OperationalError:
            return {}
