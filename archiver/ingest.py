"""The waist: every capture, however it came, becomes rows here and nowhere else.

The live crawl, the Wayback spider, `archiver import` and `archiver rebuild` all call `ingest`, so
that they cannot drift apart.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from archiver import instants
from archiver.closing import end_of
from archiver.extract import extract
from archiver.extract.facts import Facts, Problem, Response
from archiver.profiles.model import Profile
from archiver.provenance import Provenance
from archiver.store.database import Store
from archiver.store.model import CaptureRow, CrawlEnd, CrawlStart, Site
from archiver.warc.coding import decode
from archiver.warc.files import resolve
from archiver.warc.http import by_name, entity_body, list_members, media_type, parse_message
from archiver.warc.members import find_record
from archiver.warc.model import Damage, Exchange, Place, StoredExchange
from archiver.warc.reader import open_warc, read_at, read_captures, read_info
from archiver.warc.record import Record

SPAN_BYTES = 8 * 2**20
"""Compressed bytes read as one task."""

COMPANIONS = 2**18
"""How far before a span the request and metadata records of its first capture may begin."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A capture that is in the database: `body` has no transfer or content coding any more."""

    capture_id: int
    facts: Facts
    status: int
    headers: Mapping[str, tuple[str, ...]]
    body: bytes


@dataclass(frozen=True, slots=True)
class Read:
    """What a capture states, before it is stored; `row` lacks only its crawl."""

    stored: StoredExchange
    facts: Facts
    body: bytes


def as_stored(exchange: Exchange, place: Place) -> StoredExchange:
    """A capture as it would be read back from its WARC file, payload included."""
    message = parse_message(exchange.response)
    headers = by_name(message.headers)
    return StoredExchange(
        place=place,
        url=exchange.url,
        captured_at=exchange.captured_at,
        record_type="revisit" if place.revisit_of else "response",
        status=message.status,
        content_type=media_type(headers),
        headers=headers,
        body=entity_body(message).body,
        method=exchange.method,
        truncated=exchange.truncated,
        via=exchange.via,
        hops=exchange.hops,
        milliseconds=exchange.milliseconds,
    )


def read(stored: StoredExchange, profile: Profile, payload: bytes | None = None) -> Read:
    """Facts of a capture: a pure function of its bytes, its URL and the profile.

    `payload` is the entity body of the original when `stored` is a revisit.
    """
    entity = stored.body if payload is None else payload
    decoded = decode(entity, list_members(stored.headers.get("content-encoding", ())))
    response = Response(
        url=stored.url,
        status=stored.status or 0,
        headers=stored.headers,
        body=decoded.body,
        truncated=stored.truncated is not None or decoded.fault is not None,
    )
    facts = extract(response, profile, date.fromisoformat(stored.captured_at[:10]))
    return Read(stored, facts, decoded.body)


def save(store: Store, read: Read, crawl_id: int) -> Recorded:
    """Store a capture and what it states, in one transaction; the same capture twice changes
    nothing."""
    stored, place = read.stored, read.stored.place
    row = CaptureRow(
        crawl_id=crawl_id,
        url=stored.url,
        captured_at=stored.captured_at,
        status=stored.status,
        content_type=media_type(stored.headers),
        payload_digest=place.payload_digest,
        warc_file=place.warc_file,
        warc_offset=place.warc_offset,
        warc_length=place.warc_length,
        record_id=place.record_id,
        revisit_of=place.revisit_of,
        method=stored.method or "imported",
    )
    with store.atomic():
        capture_id = store.add_capture(row)
        store.add_facts(capture_id, stored.url, read.facts)
    return Recorded(capture_id, read.facts, stored.status or 0, stored.headers, read.body)


def ingest(
    store: Store,
    stored: StoredExchange,
    crawl_id: int,
    profile: Profile,
    payload: bytes | None = None,
) -> Recorded:
    """Extract and store: all that happens to a capture once its bytes are durable."""
    return save(store, read(stored, profile, payload), crawl_id)


def recall(store: Store, warcs: Path, capture_id: int, profile: Profile) -> Recorded:
    """A capture in the database read again from its WARC file, with its facts."""
    stored = stored_at(warcs, store.capture(capture_id))
    found = read(stored, profile, payload_of(store, warcs, stored))
    return Recorded(capture_id, found.facts, stored.status or 0, stored.headers, found.body)


def stored_at(warcs: Path, row: CaptureRow) -> StoredExchange:
    """The record that a row of `captures` speaks of; ArchiveDamaged when it is not there."""
    return read_at(resolve(warcs, row.warc_file), row.warc_offset, row.warc_length)


def payload_of(store: Store, warcs: Path, stored: StoredExchange) -> bytes | None:
    """The entity body of a revisit's original; None when `stored` has its own, or when the archive
    does not hold the original."""
    if stored.revisit != "identical-payload":
        return None
    original = store.original_of(stored.place.payload_digest)
    if original is None:
        return None
    return stored_at(warcs, store.capture_of_record(original[0])).body


@dataclass(frozen=True, slots=True)
class Span:
    """The captures of a WARC file whose response lies from byte `start` on and before `stop`."""

    path: Path
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


def spans_of(path: Path) -> list[Span]:
    """Cut a WARC file into parts that can be read side by side; raises BadInput for no WARC."""
    size = path.stat().st_size
    with open_warc(path) as file:
        starts = [find_record(file, at) for at in range(0, max(size, 1), SPAN_BYTES)]
    cuts = sorted({start for start in starts if start is not None})
    return [Span(path, start, stop) for start, stop in zip(cuts, [*cuts[1:], size], strict=True)]


def read_span(span: Span, profile: Profile) -> SpanRead:
    """Read and extract one span, in memory bounded by its size."""
    reads: list[Read] = []
    revisits: list[StoredExchange] = []
    damages: list[Damage] = []
    ends: list[CrawlEnd] = []

    def note_end(record: Record, offset: int) -> None:
        end = end_of(record)
        if end is not None and span.start <= offset < span.stop:
            ends.append(end)

    with open_warc(span.path) as file:
        first = find_record(file, max(0, span.start - COMPANIONS)) or 0
    for item in read_captures(span.path, first, note_end):
        offset = item.offset if isinstance(item, Damage) else item.place.warc_offset
        if offset >= span.stop:
            break
        if offset < span.start:
            continue
        if isinstance(item, Damage):
            damages.append(item)
        elif item.revisit == "identical-payload":
            revisits.append(item)
        else:
            found = read(item, profile)
            reads.append(Read(replace(item, body=b""), found.facts, b""))
    return SpanRead(span.path, tuple(reads), tuple(revisits), tuple(damages), tuple(ends))


def restore(store: Store, provenance: Provenance) -> int:
    """The crawl that a WARC file tells of, in this database: its ID here."""
    profile = provenance.profile
    store.describe_site(site_of(profile, provenance.resumed_at or provenance.started_at))
    return store.restore_crawl(
        provenance.crawl_id,
        CrawlStart(
            site_id=provenance.site_id,
            source=provenance.source,
            started_at=provenance.started_at,
            user_agent=provenance.user_agent,
            version=provenance.version,
            options=provenance.options or {},
        ),
    )


def store_ends(store: Store, crawl_id: int, ends: Iterable[CrawlEnd]) -> None:
    """Record how a crawl ended, the last time that it did; an interrupted one goes on."""
    ended = [end for end in ends if end.outcome != "interrupted"]
    if ended:
        store.finish_crawl(crawl_id, max(ended, key=lambda end: end.finished_at))


def note_damage(store: Store, damage: Damage) -> None:
    """Tell readers of the database what could not be read."""
    problem = Problem("damaged_record", f"{damage.what} ({damage.file}, {damage.offset})")
    store.add_problem(damage.url or damage.file, problem, instants.now())


def site_of(profile: Profile, stated_at: str) -> Site:
    """The site as its profile describes it."""
    return Site(
        id=profile.site_id,
        home_url=profile.home_url,
        stated_at=stated_at,
        name=profile.title,
        deputy=profile.deputy.name if profile.deputy else None,
    )


def provenance_of(path: Path) -> Provenance | None:
    """The crawl that wrote a WARC file; None when another program did."""
    info = read_info(path)
    return Provenance.of(dict(info.fields)) if info else None


def ingest_file(store: Store, path: Path, provenance: Provenance) -> list[int]:
    """Ingest every capture of a WARC file that has no row yet; the IDs of all its captures."""
    crawl_id = restore(store, provenance)
    ids = []
    for span in spans_of(path):
        found = read_span(span, provenance.profile)
        store_ends(store, crawl_id, found.ends)
        with store.atomic():
            ids += [save(store, item, crawl_id).capture_id for item in found.reads]
            for stored in found.revisits:
                payload = payload_of(store, path.parent, stored)
                ids.append(ingest(store, stored, crawl_id, provenance.profile, payload).capture_id)
    return ids
