"""Strict checks of one WARC file, record by record.

Gzip members whole and one to a record, the grammar of WARC 1.0 and 1.1, Content-Length, block and
payload digests, and which records may refer to which. Payload digests are checked over the body
without transfer coding (WARC 1.1 section 5.9); a digest that counted the chunks, as wget writes, is
not damage.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from archiver.warc.capture import NotReadable, is_capture, to_capture
from archiver.warc.digest import agrees, differ, hasher_for
from archiver.warc.files import open_regular
from archiver.warc.http import entity_body, parse_message
from archiver.warc.members import Member
from archiver.warc.model import Damage, StoredExchange
from archiver.warc.plain import read_part, walk_records
from archiver.warc.reader import (
    NOTE,
    RESTORE,
    TAKE_APART,
    UNCHECKED,
    SeveralRecords,
    open_warc,
    read_item,
    warc_name,
)
from archiver.warc.record import END, Malformed, Record, bare, head_length, is_record_id

_TYPES = {
    *("warcinfo", "response", "resource", "request"),
    *("metadata", "revisit", "conversion", "continuation"),
}
_NEED_TARGET = _TYPES - {"warcinfo", "metadata"}
_NOT_CONCURRENT = {"warcinfo", "conversion", "continuation"}
_MAY_REFER = {"revisit", "metadata", "conversion"}
_MAY_REPEAT = {"warc-concurrent-to", "warc-protocol"}
_MANDATORY = ("warc-type", "warc-record-id", "warc-date", "content-length")
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?Z)?)?)?\Z")
_PLAIN_HEAD = re.compile(rb"[^\n]*\r\n(?:(?:[ \t]|(?![ \t])[^\n:]*+:)[^\n]*\r\n)*+\r\n")
_VERSIONS = {"0.17", "0.18", "1.0", "1.1"}


@dataclass(frozen=True, slots=True)
class Checked:
    """A record that was read, damaged or not: its place, and the capture if it is one."""

    offset: int
    length: int
    record_type: str
    record_id: str
    url: str | None
    capture: StoredExchange | None


def check_warc(path: Path) -> Iterator[Checked | Damage]:
    """Every record of the file, and every damage after the record it is in.

    Raises BadInput when the file cannot be opened or is no WARC at all.
    """
    with open_warc(path) as file, path.open("rb") as again:
        yield from check_records(file, again, warc_name(path))


def check_plain(path: Path) -> Iterator[Checked | Damage]:
    """As `check_warc`, of a file that is not compressed; raises OSError."""
    with open_regular(path) as file, open_regular(path) as again:
        yield from check_records(file, again, path.name)


def check_records(file: BinaryIO, again: BinaryIO, name: str) -> Iterator[Checked | Damage]:
    """As `check_warc`, of an open file, compressed or not; `again` is a second handle on the same
    bytes, for records too large to be held in memory."""
    file_check = _FileCheck()
    for item in walk_records(file):
        try:
            record = read_item(item)
        except Malformed as reason:
            advice = TAKE_APART if isinstance(reason, SeveralRecords) else RESTORE
            yield Damage(name, item.offset, None, str(reason), advice)
            continue
        assert isinstance(item, Member)
        capture = None
        faults = list(_grammar(record, item))
        try:
            if is_capture(record):
                capture = to_capture(record, name, item.offset, item.length)
        except NotReadable as reason:
            faults.append(_Fault(str(reason), NOTE))
        url = record.target_uri
        yield Checked(item.offset, item.length, record.record_type, record.record_id, url, capture)
        faults += _block_digest(record, item, again)
        faults += _payload_digest(record, capture)
        faults += file_check.take(record)
        for fault in faults:
            yield Damage(name, item.offset, url, fault.what, fault.advice)


@dataclass(frozen=True, slots=True)
class _Fault:
    what: str
    advice: str


def _grammar(record: Record, item: Member) -> Iterator[_Fault]:
    whole = item.size == len(item.data)
    if record.version not in _VERSIONS:
        yield _Fault(f"WARC/{record.version} is no version of WARC", NOTE)
    if not _PLAIN_HEAD.match(item.data):
        yield _Fault("a line of the record header is not `name: value` and CRLF", NOTE)
    if whole and record.rest != END:
        yield _Fault("the record does not end in two line breaks", NOTE)
    if not whole and item.size < record.block_length:
        yield _Fault("the record is shorter than its Content-Length", RESTORE)
    for name in _MANDATORY:
        if name not in record.values:
            yield _Fault(f"the record has no {name}", NOTE)
    repeated = {name for name, values in record.values.items() if len(values) > 1}
    for name in sorted(repeated - _MAY_REPEAT):
        if name.startswith(("warc-", "content-")):
            yield _Fault(f"the record has {name} more than once", NOTE)
    identifiers = [record.get("warc-record-id"), *record.get_all("warc-concurrent-to")]
    identifiers += [record.get("warc-refers-to"), record.get("warc-warcinfo-id")]
    for identifier in identifiers:
        if identifier is not None and not is_record_id(identifier):
            yield _Fault(f"{identifier[:80]!r} is no record ID in angle brackets", NOTE)
    date = record.get("warc-date")
    if date is not None and not _DATE.match(date):
        yield _Fault(f"{date[:40]!r} is no WARC-Date", NOTE)
    yield from _relations(record)


def _relations(record: Record) -> Iterator[_Fault]:
    kind = record.record_type
    if kind not in _TYPES:
        yield _Fault(f"{kind[:40]!r} is no type of record", NOTE)
        return
    if kind in _NEED_TARGET and not record.target_uri:
        yield _Fault(f"the {kind} record has no WARC-Target-URI", NOTE)
    if kind in _NOT_CONCURRENT and record.get("warc-concurrent-to") is not None:
        yield _Fault(f"a {kind} record must not have WARC-Concurrent-To", NOTE)
    if kind not in _MAY_REFER and record.get("warc-refers-to") is not None:
        yield _Fault(f"a {kind} record must not have WARC-Refers-To", NOTE)
    if kind == "revisit" and record.get("warc-profile") is None:
        yield _Fault("the revisit record has no WARC-Profile", NOTE)


def _block_digest(record: Record, item: Member, again: BinaryIO) -> Iterator[_Fault]:
    stated = record.get("warc-block-digest")
    if stated is None:
        return
    hasher = hasher_for(stated)
    if hasher is None:
        yield _unchecked("block", stated)
        return
    if item.size == len(item.data):
        hasher.update(record.block)
    else:
        head = head_length(item.data, record)
        for part in read_part(again, item.offset, head, record.block_length):
            hasher.update(part)
    if not agrees(stated, hasher):
        yield _Fault("the block is not what its digest says", RESTORE)


def _unchecked(part: str, stated: str) -> _Fault:
    algorithm = stated.partition(":")[0].strip()[:40]
    what = f"the {part} is not checked: its digest is of the unknown kind {algorithm!r}"
    return _Fault(what, UNCHECKED)


def _payload_digest(record: Record, capture: StoredExchange | None) -> Iterator[_Fault]:
    """Of a record that was read whole: a larger one has its block digest."""
    stated = record.get("warc-payload-digest")
    if stated is None or len(record.block) < record.block_length:
        return
    if record.record_type in {"revisit", "continuation", "conversion"}:
        return  # it is the digest of another record's payload
    for body in _payloads(record, capture):
        hasher = hasher_for(stated)
        if hasher is None:
            yield _unchecked("payload", stated)
            return
        hasher.update(body)
        if agrees(stated, hasher):
            return
    yield _Fault("the payload is not what its digest says", RESTORE)


def _payloads(record: Record, capture: StoredExchange | None) -> Iterator[bytes]:
    """What may be meant by the payload of a record."""
    if not (record.get("content-type") or "").lower().startswith("application/http"):
        yield record.block
        return
    if capture is not None and record.record_type == "response":
        yield capture.body
    else:
        yield entity_body(parse_message(record.block)).body
    yield parse_message(record.block).body


class _FileCheck:
    """What needs more than one record: IDs are unique, and a revisit agrees with its original where
    that is in the same file."""

    def __init__(self) -> None:
        self._digests: dict[str, str | None] = {}

    def take(self, record: Record) -> Iterator[_Fault]:
        record_id = record.record_id
        stated = record.get("warc-payload-digest")
        if record_id in self._digests:
            yield _Fault("another record of the file has the same WARC-Record-ID", NOTE)
        self._digests[record_id] = stated
        refers_to = record.get("warc-refers-to")
        if record.record_type != "revisit" or refers_to is None or stated is None:
            return
        original = self._digests.get(bare(refers_to))
        if original and differ(original, stated):
            yield _Fault("the revisit's payload digest is not its original's", RESTORE)
