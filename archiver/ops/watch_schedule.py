"""When each site is crawled next: pure, without a clock, processes or chance of its own.

A site is due one interval after its last crawl began, give or take a tenth, so that sites do not
march in step. After a failure it is tried again sooner, then ever later, up to the interval.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

RETRY = 600.0
"""Seconds until the first new try after a failure; each further one waits twice as long."""

JITTER = 0.1


@dataclass(slots=True)
class Turn:
    """One site's place: `due` in seconds, `began` while it is being crawled, failures in a row."""

    due: float
    began: float | None = None
    failures: int = 0


@dataclass(slots=True)
class Schedule:
    """The sites' turns. `every` is in seconds, `chance` gives numbers from 0 to 1."""

    every: float
    chance: Callable[[], float]
    turns: dict[str, Turn] = field(default_factory=dict)

    def add(self, last_begun: Mapping[str, float | None], now: float) -> None:
        """Watch sites; one never crawled, or not for an interval, is due at once."""
        for site, begun in last_begun.items():
            self.turns[site] = Turn(now if begun is None else max(now, begun + self.every))

    def start(self, now: float) -> list[str]:
        """The sites to be crawled now, each of which counts as being crawled until `ended`."""
        due = [site for site, turn in self.turns.items() if turn.began is None and turn.due <= now]
        for site in due:
            self.turns[site].began = now
        return due

    def ended(self, site: str, now: float, *, well: bool) -> None:
        """A crawl has ended; when the site is due again follows."""
        turn = self.turns[site]
        assert turn.began is not None, f"{site} was not being crawled"
        turn.failures = 0 if well else turn.failures + 1
        spread = 1 + JITTER * (2 * self.chance() - 1)
        if well:
            turn.due = max(now, turn.began + self.every * spread)
        else:
            # The exponent is bounded: a site may fail for years.
            wait = RETRY * 2 ** min(turn.failures - 1, 20)
            turn.due = now + min(self.every, wait) * spread
        turn.began = None

    def wait(self, now: float) -> float:
        """Seconds until a site is due that is not being crawled; infinity when all are."""
        return min(self._waits(now), default=float("inf"))

    def _waits(self, now: float) -> Iterable[float]:
        return (max(0.0, turn.due - now) for turn in self.turns.values() if turn.began is None)
