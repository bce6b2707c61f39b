"""The waist: every capture, however it came, becomes rows here and nowhere else.

The live crawl, the Wayback spider, `archiver import` and `archiver rebuild` all call `ingest`, so
that they cannot drift apart.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from archiver import instants
from archiver.errors import ArchiverError
from archiver.extract import extract
from archiver.extract.facts import Facts, Problem, Response, Role
from archiver.extract.urls import host_of
from archiver.profiles.model import Profile
from archiver.provenance import Origin, Provenance
from archiver.store.database import Store
from archiver.store.model import CaptureRow, CrawlEnd, CrawlStart, Site
from archiver.warc.capture import called_by_place, name_of_place
from archiver.warc.coding import decode
from archiver.warc.digest import agrees, hasher_for, is_own_form
from archiver.warc.files import resolve
from archiver.warc.http import by_name, entity_body, list_members, media_type, parse_message
from archiver.warc.model import Damage, Exchange, Place, StoredExchange
from archiver.warc.reader import read_at, read_info, read_record

BATCH = 200
"""Revisits that are settled in one transaction."""


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
    """What a capture states, before it is stored: `facts` None for a revisit whose original is not
    in the archive, `site_id` the site that it is of."""

    stored: StoredExchange
    facts: Facts | None
    body: bytes
    site_id: str


def as_stored(exchange: Exchange, place: Place) -> StoredExchange:
    """A capture as it would be read back from its WARC file, payload included."""
    message = parse_message(exchange.response)
    headers = by_name(message.headers)
    return StoredExchange(
        place=place,
        url=exchange.url,
        captured_at=exchange.captured_at,
        record_type="response" if place.revisit_of is None else "revisit",
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


def read(stored: StoredExchange, profile: Profile, original: StoredExchange | None = None) -> Read:
    """Facts of a capture: a pure function of its bytes, its URL and the profile.

    `original` is what a revisit refers to; its headers count where the revisit has none, and so
    does its digest where the revisit states one of another kind than ours, by which nobody would
    find the original again.
    """
    if stored.revisit == "identical-payload" and original is None:
        return Read(stored, None, b"", profile.site_id)
    if original is not None and not is_own_form(stored.place.payload_digest):
        place = replace(stored.place, payload_digest=original.place.payload_digest)
        stored = replace(stored, place=place)
    head = original if original is not None and stored.status is None else stored
    entity = stored.body if original is None else original.body
    decoded = decode(entity, list_members(head.headers.get("content-encoding", ())))
    response = Response(
        url=stored.url,
        status=head.status or 0,
        headers=head.headers,
        body=decoded.body,
        truncated=stored.truncated is not None or decoded.fault is not None,
    )
    if stored.request_method in {None, "GET"}:
        facts = extract(response, profile, date.fromisoformat(stored.captured_at[:10]))
    else:
        facts = Facts(Role.OTHER)  # what a script or a form was told is no page of the site
    return Read(stored, facts, decoded.body, profile.site_id)


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
        if read.facts is not None:
            if row.revisit_of is not None:
                store.settle_payload(capture_id, place.payload_digest)
            store.add_facts(capture_id, stored.url, read.facts, read.site_id)
    return _recorded(capture_id, read)


def ingest(
    store: Store,
    stored: StoredExchange,
    crawl_id: int,
    profile: Profile,
    original: StoredExchange | None = None,
) -> Recorded:
    """Extract and store: all that happens to a capture once its bytes are durable."""
    return save(store, read(stored, profile, original), crawl_id)


def recall(store: Store, warcs: Path, capture_id: int, profile: Profile) -> Recorded:
    """A capture in the database read again from its WARC file, with its facts."""
    stored = stored_at(warcs, store.capture(capture_id))
    return _recorded(capture_id, read(stored, profile, original_of(store, warcs, stored)))


def _recorded(capture_id: int, read: Read) -> Recorded:
    stored, facts = read.stored, read.facts or Facts(Role.OTHER)
    return Recorded(capture_id, facts, stored.status or 0, stored.headers, read.body)


def stored_at(warcs: Path, row: CaptureRow) -> StoredExchange:
    """The record that a row of `captures` speaks of; ArchiveDamaged when it is not there."""
    found = read_at(resolve(warcs, row.warc_file), row.warc_offset, row.warc_length)
    by_place = row.record_id == name_of_place(row.warc_file, row.warc_offset)
    return called_by_place(found) if by_place else found


def original_of(store: Store, warcs: Path, stored: StoredExchange) -> StoredExchange | None:
    """The capture whose payload a revisit refers to; None when `stored` has its own, or when the
    archive does not hold the original."""
    row = original_row(store, warcs, stored)
    return stored_at(warcs, row) if row else None


def original_row(store: Store, warcs: Path, stored: StoredExchange) -> CaptureRow | None:
    """As `original_of`: the row of that capture.

    It has the same payload digest, or is named by the revisit, or, where that names none, is a
    capture of the same address whose payload has the digest that the revisit states.
    """
    if stored.revisit != "identical-payload":
        return None
    digest = stored.place.payload_digest
    same = store.captures_with_payload(digest)
    if same:
        return same[0]
    named = store.captures_referred_to(
        stored.place.revisit_of, stored.refers_to_url, stored.refers_to_at
    )
    if named:
        return named[0]
    near = store.captures_near(stored.url, stored.captured_at)
    return next((row for row in near if _has_payload(warcs, row, digest)), None)


def _has_payload(warcs: Path, row: CaptureRow, digest: str) -> bool:
    """Whether a capture's payload has the digest, or its record states that same one, which other
    programs take over the chunks."""
    hasher = hasher_for(digest)
    try:
        record = read_record(resolve(warcs, row.warc_file), row.warc_offset, row.warc_length)
        if record.get("warc-payload-digest") == digest:
            return True
        if hasher is None:
            return False
        hasher.update(stored_at(warcs, row).body)
    except ArchiverError:
        return False  # its damage is told where it lies
    return agrees(digest, hasher)


def settle(store: Store, warcs: Path, origins: Mapping[str, Origin]) -> None:
    """Give facts to the revisits whose original has come into the archive since; `origins` are
    those of the WARC files by name."""
    last = 0
    while waiting := store.unread(last, BATCH):
        last = waiting[-1][0]
        with store.atomic():
            for _, row in waiting:
                origin = origins.get(row.warc_file)
                if origin is not None:
                    _settle(store, warcs, row, profile_for(origin.provenance, row.url))


def _settle(store: Store, warcs: Path, row: CaptureRow, profile: Profile) -> None:
    try:
        stored = stored_at(warcs, row)
        original = original_of(store, warcs, stored)
    except ArchiverError:
        return  # its damage is told where it lies
    if original is not None:
        ingest(store, stored, row.crawl_id, profile, original)


def restore(store: Store, provenance: Provenance) -> int:
    """The crawl that a WARC file tells of, in this database: its ID here."""
    stated_at = provenance.resumed_at or provenance.started_at
    if provenance.site_id is not None:
        store.describe_site(site_of(provenance.profile, stated_at))
    for profile in provenance.profiles:
        store.describe_site(site_of(profile, stated_at), shown=False)
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
        chamber=profile.deputy.chamber if profile.deputy else None,
    )


def profile_for(provenance: Provenance, url: str) -> Profile:
    """The profile by which a crawl or an import reads the page at `url`."""
    return provenance.profile_of(host_of(url))


def provenance_of(path: Path) -> Provenance | None:
    """The crawl that wrote a WARC file; None when another program did."""
    info = read_info(path)
    return Provenance.of(dict(info.fields)) if info else None
