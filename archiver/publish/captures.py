"""Captures as rows: one by its record, those of an address, the original of a revisit.

What the proof page and replay show is found here alone, so that they speak of the same captures.
Addresses that differ in scheme, `www` or a last slash name one page, as in the index that replay
reads (`archiver.warc.cdxj.surt`).
"""

import sqlite3
from itertools import product
from urllib.parse import urlsplit

from archiver.publish.evidence import KEPT_BACK
from archiver.store.model import CAPTURE_COLUMNS, CaptureRow

# A redirect is a capture like others; an answer that has no body of its own, or whose bytes are not
# given out, is not.
_REPLAYABLE = (
    "coalesce(status, 200) between 200 and 599 and coalesce(status, 200) <> 304"
    f" and warc_file <> '{KEPT_BACK}'"
)


def find(connection: sqlite3.Connection, record_id: str) -> CaptureRow | None:
    """The capture whose record has this ID, without angle brackets."""
    return _first(connection, "record_id = ?", record_id)


def of_url(connection: sqlite3.Connection, url: str) -> tuple[CaptureRow, ...]:
    """What replay can show of an address, oldest first."""
    names = spellings(url)
    rows = connection.execute(
        f"select {CAPTURE_COLUMNS} from captures where url in ({', '.join('?' * len(names))})"
        f" and {_REPLAYABLE} order by captured_at, record_id",
        names,
    )
    return tuple(CaptureRow(*row) for row in rows)


def spellings(url: str) -> tuple[str, ...]:
    """The addresses that name the same page as `url`, itself first."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return (url,)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return (url,)
    host = parts.netloc.removeprefix("www.")
    path = parts.path.rstrip("/")
    found = [
        parts._replace(scheme=scheme, netloc=www + host, path=path + slash, fragment="").geturl()
        for scheme, www, slash in product(("https", "http"), ("", "www."), ("/", ""))
    ]
    return tuple(dict.fromkeys((url, *found)))


def original_of(connection: sqlite3.Connection, row: CaptureRow) -> CaptureRow | None:
    """The capture that holds the payload of a revisit: the one it names, else the first full one
    with the same payload; None for a capture with its own payload, and when none is held."""
    if row.revisit_of is None:
        return None
    named = _first(connection, "record_id = ? and revisit_of is null", row.revisit_of)
    if named is not None or row.payload_digest is None:
        return named
    return _first(connection, "payload_digest = ? and revisit_of is null", row.payload_digest)


def around(connection: sqlite3.Connection, row: CaptureRow) -> tuple[int, int | None]:
    """(the end of the capture before this one in its WARC file, the start of the one after), in
    bytes: between them lie the records of this capture."""
    before = connection.execute(
        "select warc_offset + warc_length from captures where warc_file = ? and warc_offset < ?"
        " order by warc_offset desc limit 1",
        (row.warc_file, row.warc_offset),
    ).fetchone()
    after = connection.execute(
        "select min(warc_offset) from captures where warc_file = ? and warc_offset > ?",
        (row.warc_file, row.warc_offset),
    ).fetchone()
    return (before[0] if before else 0), after[0]


def _first(connection: sqlite3.Connection, condition: str, value: str) -> CaptureRow | None:
    row = connection.execute(
        f"select {CAPTURE_COLUMNS} from captures where {condition} order by captured_at, record_id"
        " limit 1",
        (value,),
    ).fetchone()
    return CaptureRow(*row) if row is not None else None
