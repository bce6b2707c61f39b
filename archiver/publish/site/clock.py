"""Time as readers live it."""

from datetime import datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def today() -> str:
    """The present day in Paris."""
    return datetime.now(PARIS).date().isoformat()
