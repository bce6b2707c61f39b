"""Times as machines write them (ISO 8601, RFC 822) to instants, and to the reader's day.

A time without an offset is the site's local time: it has a day and is no instant.
"""

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from archiver.instants import format_instant

_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?![\d-])")
_LONGEST = 64


def instant_of(text: str | None) -> str | None:
    """The instant that a time with an offset states; None for anything else."""
    moment = _moment(text)
    return _written(moment) if moment is not None and moment.tzinfo is not None else None


def utc_instant(text: str | None) -> str | None:
    """The instant of a time known to be in UTC although it may not say so (WordPress's `_gmt`)."""
    moment = _moment(text)
    if moment is None or moment.year < 1:
        return None
    return _written(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def day_at(text: str | None, zone: ZoneInfo) -> str | None:
    """The day of a time as a reader in `zone` sees it, ISO 8601; a local time keeps its own day."""
    moment = _moment(text)
    if moment is None:
        found = _DAY.match((text or "").strip()[:_LONGEST])
        if not found:
            return None
        try:
            return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
        except ValueError:
            return None
    try:
        local = moment if moment.tzinfo is None else moment.astimezone(zone)
    except OverflowError:
        return None
    return local.date().isoformat()


def _moment(text: str | None) -> datetime | None:
    text = (text or "").strip()
    if not text or len(text) > _LONGEST:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    # RFC 5322 section 3.3: "-0000" is UTC of an unknown place, which the library leaves naive.
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _written(moment: datetime) -> str | None:
    try:
        return format_instant(moment)
    except (OverflowError, ValueError):
        return None
