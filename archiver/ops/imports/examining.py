"""A staged file read once, strictly, before it may take its place.

What is damaged is told, and will give no rows; what breaks the WARC standard without harm to what
was captured, as the files of many programs do, is only counted.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from archiver.errors import BadInput
from archiver.store.database import Store
from archiver.warc.check import Checked, check_warc
from archiver.warc.model import Damage, StoredExchange
from archiver.warc.reader import NOTES

MOST_DAMAGES = 10_000
MOST_ODDITIES = 20


@dataclass(frozen=True, slots=True)
class Examined:
    """What a file holds: captures, hosts with their ports, damage, how often there is what
    to note of whole records, and the offsets of captures whose ID another capture has."""

    captures: int
    hosts: frozenset[str]
    damages: tuple[Damage, ...]
    oddities: Mapping[str, int]
    doubles: tuple[int, ...]


class RecordNames:
    """Which capture has which WARC-Record-ID, in the archive and in the files that come in with
    each other: a program that makes IDs of addresses gives one to every capture of a page."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._fresh: dict[str, tuple[str, str, str]] = {}

    def are_taken(self, capture: StoredExchange) -> bool:
        """Whether another capture has this one's ID; a copy of the same one does not count."""
        place = capture.place
        row = self._store.capture_named(place.record_id)
        if row is not None and (row.url, row.captured_at) == (capture.url, capture.captured_at):
            settled = row.revisit_of is not None and capture.revisit is not None
            return row.payload_digest != place.payload_digest and not settled
        stated = (capture.url, capture.captured_at, place.payload_digest)
        return row is not None or self._fresh.setdefault(place.record_id, stated) != stated


def examine(path: Path, source: str, names: RecordNames) -> Examined:
    """Check every record of a WARC file that a person calls `source`.

    Raises BadInput when no record of it can be read.
    """
    records = captures = 0
    hosts: set[str] = set()
    damages: list[Damage] = []
    doubles: list[int] = []
    oddities: Counter[str] = Counter()
    for item in _checked(path, source):
        if isinstance(item, Damage):
            if item.advice not in NOTES:
                damages.append(replace(item, file=source))
                if len(damages) > MOST_DAMAGES:
                    raise BadInput(f"{source} is damaged all over: get another copy.")
            else:
                oddities[item.what if len(oddities) < MOST_ODDITIES else "other faults"] += 1
            continue
        records += 1
        if item.capture is not None:
            captures += 1
            hosts.add(urlsplit(item.capture.url).netloc)
            if names.are_taken(item.capture):
                doubles.append(item.offset)
    if not records:
        what = damages[0].what if damages else "it is empty"
        raise BadInput(f"{source} holds no record that can be read ({what}): get another copy.")
    return Examined(captures, frozenset(hosts - {""}), tuple(damages), oddities, tuple(doubles))


def _checked(path: Path, source: str) -> Iterator[Checked | Damage]:
    try:
        yield from check_warc(path)
    except BadInput as fault:
        raise BadInput(f"{source} is not a readable WARC file: get another copy.") from fault
