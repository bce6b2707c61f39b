"""WARC files read into facts in parts, so that several can be read side by side and memory does not
grow with a file.
"""

from bisect import bisect_left
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from archiver.closing import end_of
from archiver.ingest import Read, ingest, profile_for, read, restore, save, store_ends
from archiver.provenance import Origin
from archiver.store.database import Store
from archiver.store.model import CrawlEnd
from archiver.warc.capture import called_by_place
from archiver.warc.members import find_record, walk_members
from archiver.warc.model import Damage, StoredExchange
from archiver.warc.reader import RESTORE, open_warc, read_captures
from archiver.warc.record import Record

SPAN_BYTES = 2 * 2**20
"""Compressed bytes read as one task."""

COMPANIONS = 2**18
"""How far before a span the request and metadata records of its first capture may begin."""

CAME_DAMAGED = "the record was damaged when the file was imported"


@dataclass(frozen=True, slots=True)
class Span:
    """The captures of a WARC file whose response lies from byte `start` on and before `stop`; a
    record begins at `first`, where reading begins, so that their companions are met."""

    path: Path
    first: int
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class SpanRead:
    """What a span holds: captures with their facts, revisits whose payload lies elsewhere, damage,
    and how its crawl ended, as its reports say. Bodies are left out, since facts are all that is
    stored."""

    path: Path
    reads: tuple[Read, ...]
    revisits: tuple[StoredExchange, ...]
    damages: tuple[Damage, ...]
    ends: tuple[CrawlEnd, ...]


def spans_of(path: Path, origin: Origin) -> list[Span]:
    """Cut a WARC file into parts that can be read side by side; raises BadInput for no WARC.

    In a file of ours a record is known by its warcinfo ID; one that another program wrote is
    walked, since an answer in it may hold what looks like a record.
    """
    size = path.stat().st_size
    with open_warc(path) as file:
        find = _Walked(file).find if origin.foreign else partial(find_record, file)
        found = [find(at) for at in range(0, max(size, 1), SPAN_BYTES)]
        starts = sorted({start for start in found if start is not None})
        stops = [*starts[1:], size]
        firsts = [find(max(0, start - COMPANIONS)) or 0 for start in starts]
    return [Span(path, *bounds) for bounds in zip(firsts, starts, stops, strict=True)]


class _Walked:
    """The records of a file, found one after the other."""

    def __init__(self, file: BinaryIO) -> None:
        self._begins = [item.offset for item in walk_members(file)]

    def find(self, start: int) -> int | None:
        """The first record from `start` on, or None."""
        place = bisect_left(self._begins, start)
        return self._begins[place] if place < len(self._begins) else None


def read_span(span: Span, origin: Origin) -> SpanRead:
    """Read and extract one span, in memory bounded by its size. A foreign file does not say how its
    captures were made."""
    reads: list[Read] = []
    revisits: list[StoredExchange] = []
    damages: list[Damage] = []
    ends: list[CrawlEnd] = []

    def note_end(record: Record, offset: int) -> None:
        end = end_of(record)
        if end is not None and span.start <= offset < span.stop:
            ends.append(end)

    for item in read_captures(span.path, span.first, note_end):
        offset = item.offset if isinstance(item, Damage) else item.place.warc_offset
        if offset >= span.stop:
            break
        if offset < span.start:
            continue
        if isinstance(item, Damage):
            damages.append(item)
            continue
        if offset in origin.damaged:
            damages.append(Damage(span.path.name, offset, item.url, CAME_DAMAGED, RESTORE))
            continue
        if origin.foreign:
            item = replace(item, method="imported")  # noqa: PLW2901
        if offset in origin.doubles:
            item = called_by_place(item)  # noqa: PLW2901
        if item.revisit == "identical-payload":
            revisits.append(item)
        else:
            found = read(item, profile_for(origin.provenance, item.url))
            reads.append(replace(found, stored=replace(item, body=b""), body=b""))
    return SpanRead(span.path, tuple(reads), tuple(revisits), tuple(damages), tuple(ends))


def ingest_file(store: Store, path: Path, origin: Origin) -> list[int]:
    """Ingest every capture of a WARC file that has no row yet; the IDs of all its captures.
    Revisits get their facts by `settle`."""
    crawl_id = restore(store, origin.provenance)
    ids = []
    for span in spans_of(path, origin):
        found = read_span(span, origin)
        store_ends(store, crawl_id, found.ends)
        with store.atomic():
            ids += [save(store, item, crawl_id).capture_id for item in found.reads]
            for stored in found.revisits:
                profile = profile_for(origin.provenance, stored.url)
                ids.append(ingest(store, stored, crawl_id, profile).capture_id)
    return ids
