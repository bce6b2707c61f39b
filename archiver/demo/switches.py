"""What tests may break about the sample site while it runs, and the log of what was asked of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from archiver.demo.files import Answer


@dataclass(frozen=True, slots=True)
class Logged:
    """One request as it came; `at` is monotonic seconds, `headers` by lower-case name."""

    method: str
    path: str
    headers: Mapping[str, str]
    at: float


@dataclass(slots=True)
class Switches:
    """What a test may break, at any time. A status of 200 means "as usual"; `robots` replaces the
    text of robots.txt; delays are seconds; `outage` is the status of every answer while set;
    `busy` answers 429 with `retry_after` to the requests of those ordinal numbers (from 1);
    `raw` maps a path to a function that returns the bytes to send before the connection closes."""

    rest_status: int = 200
    sitemap_status: int = 200
    feed_status: int = 200
    robots_status: int = 200
    robots: str | None = None
    robots_delay: float = 0.0
    delay: float = 0.0
    outage: int | None = None
    busy: frozenset[int] = frozenset()
    retry_after: str = "1"
    raw: dict[str, Callable[[], bytes]] = field(default_factory=dict)


def switched(switches: Switches, path: str, number: int) -> Answer | None:
    """The answer that a switch gives instead of the site's, or None."""
    plain = ("Content-Type", "text/plain; charset=utf-8")
    page = ("Content-Type", "text/html; charset=UTF-8")
    if switches.outage is not None:
        return Answer(switches.outage, (page,), b"<html><body><h1>Erreur</h1></body></html>")
    if number in switches.busy:
        return Answer(429, (plain, ("Retry-After", switches.retry_after)), b"Trop de demandes\n")
    local = path.removeprefix("/en")
    if path == "/robots.txt":
        if switches.robots_status != 200:
            return Answer(switches.robots_status, (plain,), b"indisponible\n")
        return None if switches.robots is None else Answer(200, (plain,), switches.robots.encode())
    for status, hit in (
        (switches.rest_status, local.startswith("/wp-json")),
        (switches.sitemap_status, "sitemap" in path and path.endswith(".xml")),
        (switches.feed_status, local.endswith("/feed/")),
    ):
        if hit and status != 200:
            return Answer(status, (page,), b"<html><body><h1>Erreur</h1></body></html>")
    return None
