"""One byte range of a request, as RFC 9110 section 14 says; several at once get the whole."""

import re

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class Unsatisfiable(ValueError):
    """The range begins after the end."""


def read_range(header: str | None, size: int) -> tuple[int, int] | None:
    """(first byte, byte after the last) asked for; None for the whole. Raises Unsatisfiable."""
    match = _RANGE.fullmatch((header or "").replace(" ", ""))
    if match is None or not any(match.groups()):
        return None
    first, last = match.groups()
    if not first:
        start, end = max(size - int(last), 0), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < int(first):
            return None
    if start >= size or start >= end:
        raise Unsatisfiable
    return start, end
