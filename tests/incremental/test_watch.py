"""`archiver watch`: thirty days of it in no time, and a real one that is stopped."""

import os
import random
import signal
import sqlite3
import subprocess
import time
from collections import defaultdict
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from archiver.demo.server import DemoSite
from archiver.errors import BadInput
from archiver.ops.watch import seconds_of
from archiver.ops.watch_schedule import JITTER, RETRY, Schedule
from tests.cli import MODULE, archiver

HOUR, DAY = 3600.0, 86400.0
EVERY = 6 * HOUR


def simulate(seed: int, sites: int, days: int) -> dict[str, list[tuple[float, float, bool]]]:
    """The crawls of each site: begin, end, success. Some take long, the network is away for half a
    day, and one crawl in ten fails."""
    chance = random.Random(seed)
    schedule = Schedule(EVERY, chance.random)
    schedule.add({f"site-{number}": None for number in range(sites)}, 0.0)
    crawls: dict[str, list[tuple[float, float, bool]]] = defaultdict(list)
    running: dict[str, tuple[float, float, bool]] = {}
    now = 0.0
    while now < days * DAY:
        for site, crawl in list(running.items()):
            if crawl[1] <= now:
                del running[site]
                crawls[site].append(crawl)
                schedule.ended(site, now, well=crawl[2])
        for site in schedule.start(now):
            assert site not in running, f"{site} was crawled twice at a time"
            away = 10 * DAY < now < 10.5 * DAY
            slow = chance.random() < 0.05
            lasts = 5.0 if away else chance.uniform(1, 9) * HOUR if slow else 300.0
            running[site] = (now, now + lasts, not away and chance.random() > 0.1)
        ends = min((crawl[1] for crawl in running.values()), default=float("inf"))
        now = max(now + 0.001, min(ends, now + schedule.wait(now)))
    return crawls


@pytest.mark.parametrize("seed", range(5))
def test_thirty_days_lose_no_crawl_and_double_none(seed: int) -> None:
    crawls = simulate(seed, sites=7, days=30)
    assert len(crawls) == 7
    for found in crawls.values():
        for (begun, ended, well), (again, _, _) in pairwise(found):
            assert again >= ended
            if well:
                late = max(ended, begun + EVERY * (1 + JITTER))
                early = max(ended, begun + EVERY * (1 - JITTER))
                assert early - 1 <= again <= late + 1
            else:
                assert RETRY * (1 - JITTER) - 1 <= again - ended <= EVERY * (1 + JITTER) + 1


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
