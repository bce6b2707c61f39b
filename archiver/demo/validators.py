"""Conditional requests (RFC 9110, section 13): what makes an answer 304."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime


def http_date(moment: datetime) -> str:
    """A moment as a header gives it."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def still_fresh(headers: Mapping[str, str], tag: str, changed: datetime) -> bool:
    """Whether the validators of a request still hold; If-None-Match goes before the date."""
    if "if-none-match" in headers:
        return tag in headers["if-none-match"]
    try:
        return parsedate_to_datetime(headers["if-modified-since"]) >= changed.replace(microsecond=0)
    except (KeyError, ValueError, TypeError):
        return False
