"""`archiver export wacz`: captures that replay anywhere, packed as one WACZ.

The whole archive goes as its WARC files stand; a part, or what a suppression list leaves of it,
goes as the gzip members of its captures, byte for byte, so that every digest and every warcinfo
still holds.
"""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from archiver import __version__, instants, suppression
from archiver.errors import BadInput
from archiver.folder import DataFolder
from archiver.ops.export.checking import check_before_export
from archiver.ops.export.choice import Choice, select
from archiver.ops.export.drafts import beside
from archiver.ops.origins import origins_of
from archiver.store.database import Store
from archiver.store.selection import Selection
from archiver.store.suppressed import FILE
from archiver.warc.signature import SigningKey
from archiver.warc.subset import copy_captures
from archiver.warc.wacz import Description, Page, write_wacz


@dataclass(frozen=True, slots=True)
class Packed:
    """A WACZ that was written: captures and pages in it, its size in bytes, and the digest of its
    datapackage, which a signature is over."""

    captures: int
    pages: int
    size: int
    digest: str


def export_wacz(
    folder: DataFolder,
    out: Path,
    choice: Choice,
    key: SigningKey | None = None,
    *,
    workers: int | None = None,
) -> Packed:
    """Write the new file `out`.

    Raises BadInput when it exists or nothing is chosen, ArchiveDamaged when a WARC file has damage
    that the archive does not know of, StorageFailed when the disk refuses.
    """
    with closing(Store.open_to_read(folder.database)) as store, beside(out) as work:
        paths = folder.finished()
        measures = suppression.measures_of(folder, store.connection)
        origins = origins_of(paths)
        selection = select(choice, store, folder, origins, measures.kept_back)
        places = selection.places()
        whole = choice.is_everything and not measures.entries
        needed = [path for path in paths if whole or path.name in places]
        damaged = check_before_export(needed, origins, workers)
        packed = []
        for path in needed:
            if whole and path.name not in damaged:
                packed.append(path)
            else:
                packed.append(_part(path, places.get(path.name, set()), work))
        pages = [Page(row.url, row.captured_at, row.title) for row in selection.pages()]
        if not pages:
            listed = f", but for those that {FILE} names" if measures.entries else ""
            raise BadInput(f"No page was captured in this selection{listed}: widen it.")
        digest = write_wacz(out, packed, pages, _describe(choice, selection), key)
    suppression.log(folder, measures, f"export wacz {out.name}")
    captures = sum(len(offsets) for offsets in places.values())
    return Packed(captures, len(pages), out.stat().st_size, digest)


def _part(path: Path, offsets: set[int], work: Path) -> Path:
    part = work / path.name
    with part.open("wb") as target:
        copy_captures(path, offsets, target)
    return part


def _describe(choice: Choice, selection: Selection) -> Description:
    first = next(selection.pages())
    words: Sequence[str | None] = (
        choice.article or choice.site or "the whole archive",
        f"from {choice.since}" if choice.since else None,
        f"to {choice.until}" if choice.until else None,
    )
    return Description(
        title=first.title or first.url,
        software=f"archiver/{__version__}",
        created=instants.now(),
        description=f"Captures of {' '.join(word for word in words if word)}",
    )
