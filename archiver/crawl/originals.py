"""Which earlier capture a new one refers to, and the headers by which a server is asked whether
there is a new one at all.

Only a capture that is there and whole is referred to (WARC 1.1 section 6.7): one that was cut short
is asked for again, and the same payload is written again in full.
"""

from pathlib import Path

from archiver.errors import ArchiverError
from archiver.ingest import stored_at
from archiver.store.database import Store
from archiver.store.model import CaptureRow
from archiver.warc.digest import digest_of
from archiver.warc.files import resolve
from archiver.warc.http import entity_body, parse_message
from archiver.warc.model import Exchange, Original, StoredExchange
from archiver.warc.reader import is_cut_short

CONDITIONS = {"If-None-Match": "etag", "If-Modified-Since": "last-modified"}


def original_of(store: Store, warcs: Path, exchange: Exchange) -> Original | None:
    """The earlier capture with the same payload, or the one that a 304 confirms; an empty payload
    is not worth a reference."""
    message = parse_message(exchange.response)
    if message.status == 304:
        held = _whole_of(store, warcs, exchange.url)
        return Original(held.place.record_id, held.url, held.captured_at) if held else None
    body = entity_body(message).body
    rows = store.captures_with_payload(digest_of(body)) if body else []
    row = next((row for row in rows if _is_whole(warcs, row)), None)
    return Original(row.record_id, row.url, row.captured_at) if row else None


def validators(store: Store, warcs: Path, url: str) -> dict[str, str]:
    """The conditional headers (RFC 9110 section 13.1) with which to ask again for what the archive
    holds; none when it holds nothing whole, or nothing to compare by."""
    held = _whole_of(store, warcs, url)
    if held is None:
        return {}
    return {
        name: held.headers[stated][0]
        for name, stated in CONDITIONS.items()
        if stated in held.headers
    }


def _whole_of(store: Store, warcs: Path, url: str) -> StoredExchange | None:
    """The newest capture of a URL, if that can be read and is whole."""
    row = store.newest_full_capture(url)
    try:
        stored = stored_at(warcs, row) if row else None
    except ArchiverError:
        return None  # `archiver verify` tells the damage
    return None if stored is None or stored.truncated else stored


def _is_whole(warcs: Path, row: CaptureRow) -> bool:
    try:
        return not is_cut_short(resolve(warcs, row.warc_file), row.warc_offset)
    except ArchiverError:
        return False  # `archiver verify` tells the damage
