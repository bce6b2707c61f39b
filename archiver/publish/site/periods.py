"""Stretches of time as charts lay them out: every month between two, or years when that is long.

One article with an odd date (1970, 0001) must not make a chart of ten thousand columns.
"""

from calendar import monthrange
from collections.abc import Iterable

MOST_MONTHS = 240
MOST_YEARS = 240


def periods(months: Iterable[str]) -> tuple[str, ...]:
    """All months (`YYYY-MM`) from the first to the last of those given; all years (`YYYY`) when
    there are more than twenty; only the years given when there are more than 240."""
    given = sorted({month for month in months if _is_month(month)})
    if not given:
        return ()
    first, last = (int(month[:4]) * 12 + int(month[5:7]) - 1 for month in (given[0], given[-1]))
    if last - first < MOST_MONTHS:
        return tuple(f"{n // 12:04d}-{n % 12 + 1:02d}" for n in range(first, last + 1))
    if last // 12 - first // 12 < MOST_YEARS:
        return tuple(f"{year:04d}" for year in range(first // 12, last // 12 + 1))
    return tuple(sorted({month[:4] for month in given}))


def year_labels(keys: tuple[str, ...]) -> list[tuple[int, str]]:
    """Where a chart of periods names its years: at most about twelve of them."""
    starts = [(i, key[:4]) for i, key in enumerate(keys) if len(key) == 4 or key.endswith("-01")]
    every = -(-len(starts) // 12) or 1
    return starts[::every]


def first_day(begun: str) -> str:
    """The first day of a year, a month or a day (`YYYY`, `YYYY-MM`, `YYYY-MM-DD`); empty when it is
    none of these."""
    day = f"{begun}-01-01"[: len("YYYY-MM-DD")]
    return day if len(begun) in {4, 7, 10} and _is_month(day[:7]) else ""


def last_day(ended: str) -> str:
    """The last day of a year, a month or a day, as above."""
    if len(ended) == len("YYYY-MM-DD") or not first_day(ended):
        return first_day(ended)
    month = ended if len(ended) == len("YYYY-MM") else f"{ended}-12"
    try:
        return f"{month}-{monthrange(int(month[:4]), int(month[5:7]))[1]}"
    except ValueError:
        return ""


def _is_month(text: str) -> bool:
    return (
        len(text) == 7
        and text.isascii()
        and text[:4].isdecimal()
        and text[4] == "-"
        and text[5:].isdecimal()
        and 1 <= int(text[5:]) <= 12
    )
