"""A crawl killed ten times at random moments, then left alone, ends like an undisturbed one."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from archiver.demo.server import DemoSite
from tests.cli import archiver, crawl
from tests.crawl.test_resume import crawls, substance

pytestmark = pytest.mark.soak

KILLS = 10
LONGEST = 3.0
"""Seconds after its start at which a crawl is killed at the latest."""


def kill_within(site: str, data: Path, seconds: float) -> bool:
    """Start the crawl and kill it; False when it had ended by itself."""
    command = [sys.executable, "-m", "archiver", "crawl", site, "--delay", "0"]
    with subprocess.Popen(
        [*command, "--data", str(data)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        time.sleep(seconds)
        ended = process.poll() is not None
        process.send_signal(signal.SIGKILL)
    return not ended


@pytest.mark.parametrize("seed", range(3))
def test_ten_random_kills(seed: int, tmp_path: Path) -> None:
    moments = random.Random(seed + 1000 * int(os.environ.get("SOAK_SEED", "0")))
    with DemoSite() as site:
        site.switches.delay = 0.02
        crawl(site.url, tmp_path / "undisturbed")
        killed = sum(
            kill_within(site.url, tmp_path / "killed", moments.uniform(0.3, LONGEST))
            for _ in range(KILLS)
        )
        crawl(site.url, tmp_path / "killed")
        assert killed >= 1
    assert substance(tmp_path / "killed") == substance(tmp_path / "undisturbed")
    assert {outcome for _, outcome in crawls(tmp_path / "killed")} == {"complete"}
    assert archiver("rebuild", data=tmp_path / "killed").stdout.endswith("equals the old one.\n")
