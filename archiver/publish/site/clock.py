"""What day it is for readers."""

from datetime import datetime
from zoneinfo import ZoneInfo


def today() -> str:
    """The present day in Paris."""
    return datetime.now(ZoneInfo("Europe/Paris")).date().isoformat()
