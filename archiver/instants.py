"""Instants in their one written form: `YYYY-MM-DDTHH:MM:SS.ffffffZ`, UTC, fixed width.

The fixed width makes text order the order in time, in SQL as in Python. WARC 1.1 section 5.4
(WARC-Date) allows the same form.
"""

from datetime import UTC, datetime


def format_instant(moment: datetime) -> str:
    """Write an aware datetime as an instant; a naive one raises ValueError."""
    if moment.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def parse_instant(text: str) -> datetime:
    """Read an ISO 8601 instant with an offset or `Z`, of any precision; ValueError otherwise."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone")
    return moment.astimezone(UTC)


def now() -> str:
    """The present instant, for the layers that may read the clock."""
    return format_instant(datetime.now(UTC))


def lasting(seconds: float) -> str:
    """A duration as a person says it: 42 s, 3 min, 2 h 05."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02}"
