"""WARC records as captures: a response, revisit or resource record with what its request and
metadata records say of it.

Follows WARC 1.1 section 6; metadata fields as Heritrix and wget write them (`via`, `hopsFromSeed`,
`fetchTimeMs`) and our own `capture-method`.
"""

from dataclasses import replace
from typing import get_args
from urllib.parse import urlsplit

from archiver.instants import format_instant, parse_instant
from archiver.warc.digest import digest_of, is_own_form
from archiver.warc.http import by_name, entity_body, media_type, parse_message
from archiver.warc.model import Method, Place, Revisit, StoredExchange, Truncation
from archiver.warc.record import Record, bare, parse_fields

_METHODS: dict[str, Method] = {method: method for method in get_args(Method)}
_TRUNCATIONS: dict[str, Truncation] = {reason: reason for reason in get_args(Truncation)}


class NotReadable(ValueError):
    """A record that should be a capture and cannot be read as one; says why."""


def is_capture(record: Record) -> bool:
    """Whether a record holds what an http or https address answered."""
    if record.record_type not in {"response", "revisit", "resource"}:
        return False
    return (record.target_uri or "").lower().startswith(("http://", "https://"))


def to_capture(record: Record, warc_file: str, offset: int, length: int) -> StoredExchange:
    """Read a record for which `is_capture` holds; raises NotReadable."""
    if record.record_type == "resource":
        return _from_resource(record, warc_file, offset, length)
    message = parse_message(record.block)
    headers = by_name(message.headers)
    revisit = _revisit(record) if record.record_type == "revisit" else None
    body = b"" if revisit else entity_body(message).body
    if revisit == "identical-payload":
        digest = record.get("warc-payload-digest")
        if digest is None:
            raise NotReadable("the revisit record has no WARC-Payload-Digest")
    else:
        digest = _digest(record, body, computed="transfer-encoding" in headers)
    refers_to = record.get("warc-refers-to")
    return StoredExchange(
        place=Place(
            warc_file=warc_file,
            warc_offset=offset,
            warc_length=length,
            record_id=record.record_id or name_of_place(warc_file, offset),
            payload_digest=digest,
            revisit_of=bare(refers_to or "") if revisit else None,
        ),
        url=_address(record),
        captured_at=_instant(record.get("warc-date")),
        record_type="revisit" if revisit else "response",
        status=message.status,
        content_type=media_type(headers),
        headers=headers,
        body=body,
        truncated=None if revisit else _truncation(record),
        revisit=revisit,
        refers_to_url=_bare_or_none(record.get("warc-refers-to-target-uri")),
        refers_to_at=_refers_to_at(record),
        warcinfo_id=_bare_or_none(record.get("warc-warcinfo-id")),
    )


def name_of_place(warc_file: str, offset: int) -> str:
    """What a record is called that has no ID of its own."""
    return f"{warc_file}@{offset}"


def called_by_place(exchange: StoredExchange) -> StoredExchange:
    """The capture under the name of its place, where another one has its ID already."""
    place = exchange.place
    name = name_of_place(place.warc_file, place.warc_offset)
    return replace(exchange, place=replace(place, record_id=name))


def _from_resource(record: Record, warc_file: str, offset: int, length: int) -> StoredExchange:
    content_type = record.get("content-type")
    return StoredExchange(
        place=Place(
            warc_file=warc_file,
            warc_offset=offset,
            warc_length=length,
            record_id=record.record_id or name_of_place(warc_file, offset),
            payload_digest=_digest(record, record.block, computed=False),
        ),
        url=_address(record),
        captured_at=_instant(record.get("warc-date")),
        record_type="resource",
        status=None,
        content_type=media_type({"content-type": (content_type,)}) if content_type else None,
        headers={},
        body=record.block,
        truncated=_truncation(record),
        warcinfo_id=_bare_or_none(record.get("warc-warcinfo-id")),
    )


def _address(record: Record) -> str:
    """What follows an exchange to its page takes its address apart, so it must be one."""
    url = record.target_uri or ""
    try:
        _ = urlsplit(url).port
    except ValueError:
        raise NotReadable("its WARC-Target-URI is no address") from None
    return url


def _digest(record: Record, body: bytes, *, computed: bool) -> str:
    """The payload digest in our form: the one the file states, unless the body had a transfer
    coding, which other writers leave in theirs."""
    stated = record.get("warc-payload-digest")
    if stated is not None and not computed and is_own_form(stated):
        return stated
    return digest_of(body)


def _revisit(record: Record) -> Revisit:
    profile = record.get("warc-profile") or ""
    return "not-modified" if "server-not-modified" in profile else "identical-payload"


def _truncation(record: Record) -> Truncation | None:
    if len(record.block) < record.block_length:
        return "length"  # only its first part was read
    if record.get("warc-segment-number") is not None:
        return "unspecified"  # the rest is in continuation records
    reason = record.get("warc-truncated")
    if reason is None:
        return None
    return _TRUNCATIONS.get(reason.lower(), "unspecified")


def _instant(text: str | None) -> str:
    try:
        return format_instant(parse_instant(text or ""))
    except (ValueError, OverflowError):
        raise NotReadable("its WARC-Date is not an instant") from None


def _refers_to_at(record: Record) -> str | None:
    try:
        return _instant(record.get("warc-refers-to-date"))
    except NotReadable:
        return None  # a day alone, which the standard allows, names no capture


def _bare_or_none(identifier: str | None) -> str | None:
    return bare(identifier) if identifier is not None else None


def belongs_to(companion: Record, record_id: str, concurrent_to: tuple[str, ...]) -> bool:
    """Whether a request or metadata record is of the capture `record_id`, whose response record
    names `concurrent_to`."""
    if companion.record_id in concurrent_to:
        return True
    named = (*companion.get_all("warc-concurrent-to"), *companion.get_all("warc-refers-to"))
    return record_id in {bare(identifier) for identifier in named}


def with_companion(exchange: StoredExchange, companion: Record) -> StoredExchange:
    """The capture with what its request or metadata record adds."""
    if companion.record_type == "request":
        return replace(exchange, request_method=parse_message(companion.block).request_method)
    stated = {name.lower(): value for name, value in parse_fields(companion.block)}
    milliseconds = stated.get("fetchtimems", "")
    return replace(
        exchange,
        method=_METHODS.get(stated.get("capture-method", ""), exchange.method),
        via=stated.get("via", exchange.via),
        hops=stated.get("hopsfromseed", exchange.hops),
        milliseconds=int(milliseconds)
        if milliseconds.isascii() and milliseconds.isdigit() and len(milliseconds) < 19
        else exchange.milliseconds,
    )
