"""Which crawl or import each WARC file of the archive belongs to.

A file of ours says so in its warcinfo record. One that another program wrote is named, by its
SHA-256, in the manifest of the import that brought it in: a resource record in a WARC of our own
(IIPC implementation guidelines, recommendation 8). With these the WARC files alone are enough to
rebuild the rows, under any file names.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from archiver.errors import ArchiveDamaged, BadInput
from archiver.ingest import provenance_of
from archiver.provenance import Origin, Provenance
from archiver.warc.files import file_sha256, stated_sha256
from archiver.warc.reader import read_captures
from archiver.warc.record import Record

SCHEME = "urn:archiver:import:"
MANIFEST = ":manifest"
REPORT = ":report"


@dataclass(frozen=True, slots=True)
class Entry:
    """A file that an import brought in: where from, its bytes there and here, and the offsets here
    of the records that were damaged, and of those whose ID another capture had already."""

    warc_file: str
    sha256: str
    source: str
    source_sha256: str
    damaged: tuple[int, ...] = ()
    doubles: tuple[int, ...] = ()


def manifest_of(entries: Iterable[Entry]) -> bytes:
    """A manifest as the body of its record."""
    return as_json({"files": [asdict(entry) for entry in entries]})


def as_json(value: object) -> bytes:
    """The body of a record in JSON."""
    return json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"


def entries_of(record: Record) -> list[Entry]:
    """What a manifest names; nothing for any other record, and for what this program would not
    write."""
    uri = record.target_uri or ""
    if record.record_type != "resource" or not uri.startswith(SCHEME) or not uri.endswith(MANIFEST):
        return []
    try:
        return [
            Entry(
                str(item["warc_file"]),
                str(item["sha256"]),
                str(item["source"]),
                str(item["source_sha256"]),
                tuple(int(offset) for offset in item["damaged"]),
                tuple(int(offset) for offset in item.get("doubles", ())),
            )
            for item in json.loads(record.block)["files"]
        ]
    except (KeyError, TypeError, ValueError, RecursionError):
        return []


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that an import brought in, with the provenance of that import."""

    entry: Entry
    provenance: Provenance

    def origin(self, own: Provenance | None) -> Origin:
        """Of the file's captures; `own` is what it says itself when this program wrote it."""
        return Origin(
            own or self.provenance,
            foreign=own is None,
            imported=True,
            damaged=frozenset(self.entry.damaged),
            doubles=frozenset(self.entry.doubles),
        )


def imported(paths: Iterable[Path]) -> dict[str, Brought]:
    """What the manifests among these files name, by the SHA-256 of the bytes here; the first import
    of a file counts, and every double that one of them names."""
    found: dict[str, Brought] = {}
    for path in paths:
        provenance = own_provenance(path)
        if provenance is None or provenance.source != "import":
            continue
        for entry in _manifest_in(path):
            found[entry.sha256] = joined(found.get(entry.sha256), Brought(entry, provenance))
    return found


def joined(one: Brought | None, other: Brought) -> Brought:
    """What two imports of a file say of it."""
    if one is None:
        return other
    first = min(one, other, key=lambda brought: brought.provenance.started_at)
    doubles = tuple(sorted({*one.entry.doubles, *other.entry.doubles}))
    return replace(first, entry=replace(first.entry, doubles=doubles))


def own_provenance(path: Path) -> Provenance | None:
    """The crawl that wrote a file of ours; None for others and for what is no WARC at all."""
    try:
        return provenance_of(path)
    except BadInput:
        return None


def origins_of(paths: Sequence[Path]) -> Mapping[str, Origin]:
    """The origin of each file by its name; one that nothing accounts for is left out."""
    own = {path: own_provenance(path) for path in paths}
    manifests = [path for path, found in own.items() if found and found.source == "import"]
    named = imported(manifests)
    origins: dict[str, Origin] = {}
    for path, provenance in own.items():
        brought = named.get(sha256_of(path)) if named or provenance is None else None
        if brought is not None:
            origins[path.name] = brought.origin(provenance)
        elif provenance is not None:
            origins[path.name] = Origin(provenance)
    return origins


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file as its side file states it, else of its bytes.

    Raises ArchiveDamaged when it cannot be read, as a link to a disk that is not there.
    """
    try:
        return stated_sha256(path) or file_sha256(path)
    except OSError as error:
        raise ArchiveDamaged(
            f"{path} cannot be read ({error.strerror}): bring it back, or the disk that it lies on."
        ) from error


def _manifest_in(path: Path) -> list[Entry]:
    entries: list[Entry] = []

    def take(record: Record, _: int) -> None:
        entries.extend(entries_of(record))

    for _ in read_captures(path, 0, take):
        pass
    return entries
