"""No damaged WARC leaves the archive unsaid: each is checked before it is packed.

A record that was damaged when its file was imported is left out of a WACZ, with which the rest can
be handed over; any other damage stops the export.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from archiver.errors import ArchiveDamaged
from archiver.jobs import map_unordered
from archiver.provenance import Origin
from archiver.warc.check import check_warc
from archiver.warc.files import file_sha256, stated_sha256
from archiver.warc.model import Damage
from archiver.warc.reader import NOTES


def check_before_export(
    paths: Sequence[Path], origins: Mapping[str, Origin], workers: int | None
) -> set[str]:
    """The names of the files with damage that the archive knows of; `origins` are those of its WARC
    files.

    Raises ArchiveDamaged for any other.
    """
    known: set[str] = set()
    for path, damages, is_same in map_unordered(_check, paths, workers=workers):
        origin = origins.get(path.name)
        told = origin.damaged if origin else frozenset()
        for damage in damages:
            if damage.offset not in told:
                raise ArchiveDamaged(
                    f"{path.name} at byte {damage.offset}: {damage.what}: run `archiver verify`, "
                    "bring the file back from a copy, then export."
                )
            known.add(path.name)
        if not is_same:
            raise ArchiveDamaged(
                f"{path.name} is not what its SHA-256 says: run `archiver verify`, bring the file "
                "back from a copy, then export."
            )
    return known


def _check(path: Path) -> tuple[Path, list[Damage], bool]:
    damages = [
        item for item in check_warc(path) if isinstance(item, Damage) and item.advice not in NOTES
    ]
    stated = stated_sha256(path)
    return path, damages, stated is None or stated == file_sha256(path)
