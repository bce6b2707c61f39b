"""Disallowed URLs fetched, of ten that a closed robots.txt and a racing crawl put at risk.

A crawl at delay 0 keeps eight connections busy. The sample site's robots.txt is slow, fails, or is
slow and fails; the count is what the site's own log saw.
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from archiver.demo import DemoSite, Switches
from archiver.demo.rendering import DISALLOWED
from benchmarks.measure import Line, show

CASES = {
    "robots.txt slow": (Switches(robots_delay=0.3), (DISALLOWED, "/wp-admin/")),
    "robots.txt slow, all closed": (
        Switches(robots_delay=0.3, robots="User-agent: *\nDisallow: /\n"),
        ("/",),
    ),
    "robots.txt answers 503": (Switches(robots_status=503), ("/",)),
    "robots.txt slow, then 503": (Switches(robots_delay=0.3, robots_status=503), ("/",)),
}


def fetched(switches: Switches, closed: tuple[str, ...]) -> tuple[int, int]:
    """Requests that a crawl made for what is closed to it, and all it made, robots.txt aside."""
    with DemoSite(switches=switches) as site, TemporaryDirectory() as temporary:
        command = (sys.executable, "-m", "archiver", "crawl", site.url, "--delay", "0")
        data = ("--max-pages", "60", "--json", "--data", str(Path(temporary)))
        subprocess.run([*command, *data], check=False, capture_output=True)
        paths = [asked.path for asked in site.requests if asked.path != "/robots.txt"]
        return sum(path.startswith(closed) for path in paths), len(paths)


def measure() -> list[Line]:
    """One crawl a case."""
    lines = []
    for case, (switches, closed) in CASES.items():
        wrong, all_of_them = fetched(switches, closed)
        lines.append(
            Line(
                f"disallowed URLs fetched, {case}",
                str(wrong),
                f"{all_of_them} requests made",
                wrong,
                0,
                at_most=True,
                unit="",
            )
        )
    show("robots.txt", lines)
    return lines
