"""Disallowed URLs fetched, of ten that a closed robots.txt and a racing crawl put at risk.

A resumed crawl at delay 0 begins with eight requests at once, while robots.txt is slow, fails, or
is slow and fails; the count is what the site's own log saw.
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from archiver.demo import DemoSite, Switches
from benchmarks.measure import Line, show
from tests.crawl.racing import interrupted

PATHS = [f"/ferme/{number}/" for number in range(10)]
RULES = "User-agent: *\nDisallow: /ferme/\n"
CASES = {
    "racing": Switches(robots=RULES),
    "racing, robots.txt slow": Switches(robots=RULES, robots_delay=0.3),
    "racing, robots.txt answers 503": Switches(robots_status=503),
    "racing, slow, then 503": Switches(robots_status=503, robots_delay=0.3),
    "none closed, to show that all would be": Switches(robots_status=404),
}


def fetched(switches: Switches) -> int:
    """How many of the ten pages a crawl that has them to go asks for."""
    with DemoSite(switches=switches) as site, TemporaryDirectory() as temporary:
        data = Path(temporary)
        interrupted(data, site.url, PATHS)
        command = (sys.executable, "-m", "archiver", "crawl", site.url, "--delay", "0")
        options = ("--no-assets", "--max-pages", str(len(PATHS)), "--data", str(data))
        subprocess.run([*command, *options], check=False, capture_output=True)
        return sum(asked.path in PATHS for asked in site.requests)


def measure() -> list[Line]:
    """One crawl a case; the last must fetch them all, or the others show nothing."""
    lines = []
    for case, switches in CASES.items():
        count = fetched(switches)
        control = switches.robots_status == 404
        lines.append(
            Line(
                f"fetched, {case}",
                str(count),
                f"{len(PATHS)} at risk",
                count,
                len(PATHS) if control else 0,
                at_most=not control,
                unit="",
            )
        )
    show("Disallowed URLs", lines)
    return lines
