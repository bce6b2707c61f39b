"""Parts of WARC files as WARC files: the gzip members of chosen captures, copied byte for byte.

The warcinfo records come along, so that every copied record's WARC-Warcinfo-ID still leads to who
captured it and how.
"""

from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import BinaryIO

from archiver.warc.members import Member, walk_members
from archiver.warc.reader import open_warc, read_item
from archiver.warc.record import Malformed, Record, bare

_CAPTURES = {"response", "revisit", "resource"}
_BLOCK = 2**20


def copy_captures(source: Path, offsets: AbstractSet[int], target: BinaryIO) -> int:
    """Append to `target` the captures of `source` whose response, revisit or resource record lies
    at one of these offsets, with their request and metadata records; returns how many captures were
    found.

    Damaged members are passed over. Raises BadInput as `archiver.warc.reader.read_captures` does.
    """
    names, companions, found = _wanted(source, offsets)
    if not found:
        return 0
    with open_warc(source) as file, source.open("rb") as bytes_of_file:
        for item in walk_members(file):
            record = _readable(item)
            if record is None:
                continue
            if record.record_type in _CAPTURES:
                wanted = item.offset in offsets
            else:
                wanted = record.record_id in companions or bool(_names(record) & names)
            if wanted or record.record_type == "warcinfo":
                _copy(bytes_of_file, item.offset, item.length, target)
    return found


def _wanted(source: Path, offsets: AbstractSet[int]) -> tuple[set[str], set[str], int]:
    """(the IDs of the captures that lie there, those of the records that they name as theirs, how
    many captures there are)"""
    names: set[str] = set()
    companions: set[str] = set()
    found = 0
    with open_warc(source) as file:
        for item in walk_members(file):
            record = _readable(item)
            if record and item.offset in offsets and record.record_type in _CAPTURES:
                found += 1
                names.add(record.record_id)
                companions |= {bare(name) for name in record.get_all("warc-concurrent-to")}
    return names - {""}, companions, found


def _readable(item: object) -> Record | None:
    try:
        return read_item(item) if isinstance(item, Member) else None
    except Malformed:
        return None


def _names(record: Record) -> set[str]:
    """The captures that a request or metadata record says it belongs to."""
    if record.record_type not in {"request", "metadata"}:
        return set()
    named = (*record.get_all("warc-concurrent-to"), *record.get_all("warc-refers-to"))
    return {bare(name) for name in named}


def _copy(file: BinaryIO, offset: int, length: int, target: BinaryIO) -> None:
    file.seek(offset)
    while length > 0:
        part = file.read(min(length, _BLOCK))
        target.write(part)
        length -= len(part)
