"""`archiver export bag`: the whole archive as a BagIt bag (RFC 8493), by the Library of Congress's
own program.

The payload is a data folder: WARC files with their SHA-256, a consistent copy of the database, the
corrections, and the suppression list, which it does not apply: it is the copy that keeps
everything. `archiver serve --data OUT/data` shows it as it is.
"""

import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from archiver import __version__
from archiver.errors import ArchiveDamaged, BadInput
from archiver.folder import DataFolder
from archiver.ops.export.checking import check_before_export
from archiver.ops.export.drafts import draft_folder
from archiver.ops.origins import origins_of
from archiver.store.database import Store
from archiver.warc.files import DIGEST_SUFFIX, file_sha256, write_side_file

CHECKSUMS = ["sha256", "sha512"]
KEPT_FILES = ("FORMAT", "corrections.toml", "suppressed.toml", "suppressed.log", "fixity.log")


def export_bag(
    folder: DataFolder,
    out: Path,
    *,
    organization: str | None = None,
    contact: str | None = None,
    workers: int | None = None,
) -> int:
    """Write the new folder `out`, validated; the number of bytes of its payload.

    Raises BadInput when it exists or there is no archive, ArchiveDamaged when a WARC file has
    damage that the archive does not know of, StorageFailed when the disk refuses.
    """
    paths = folder.finished()
    if not paths:
        raise BadInput(f"{folder.warcs} holds no WARC file: crawl or import something first.")
    with closing(Store.open_to_read(folder.database)) as store, draft_folder(out) as draft:
        check_before_export(paths, origins_of(paths), workers)
        (draft / "warc").mkdir()
        for path in paths:
            _copy(path, draft / "warc")
        # VACUUM INTO reads one moment of the database, whatever is written meanwhile.
        store.connection.execute("VACUUM INTO ?", (str(draft / "archive.db"),))
        for name in KEPT_FILES:
            if (folder.root / name).is_file():
                shutil.copyfile(folder.root / name, draft / name)
        _bag(draft, _info(store, organization, contact))
        return sum(path.stat().st_size for path in (draft / "data").rglob("*") if path.is_file())


def _copy(path: Path, target: Path) -> None:
    shutil.copy2(path, target / path.name)
    side = path.with_name(path.name + DIGEST_SUFFIX)
    if side.is_file():
        shutil.copyfile(side, target / side.name)
    else:
        write_side_file(target / path.name, file_sha256(path))


def _info(store: Store, organization: str | None, contact: str | None) -> dict[str, str]:
    """The tags of bag-info.txt; what nobody stated is left out."""
    sites = [name or site for site, name in store.connection.execute("SELECT id, name FROM sites")]
    first, last = store.connection.execute(
        "SELECT min(captured_at), max(captured_at) FROM captures"
    ).fetchone()
    captured = f"captured from {first} to {last}" if first else "without captures"
    tags = {
        "Source-Organization": organization,
        "Contact-Email" if contact and "@" in contact else "Contact-Name": contact,
        "External-Description": f"Web archive of {', '.join(sites) or 'no site'}, {captured}",
        "Bag-Software-Agent": f"archiver/{__version__}, bagit.py",
    }
    return {name: " ".join(value.split()) for name, value in tags.items() if value}


def _bag(draft: Path, info: dict[str, str]) -> None:
    import bagit

    with _quiet("bagit"), _same_folder():
        bagit.make_bag(str(draft), info, checksums=CHECKSUMS)
        try:
            bagit.Bag(str(draft)).validate()
        except bagit.BagError as fault:
            raise ArchiveDamaged(
                f"the bag could not be read back as it was written ({fault}): check the disk, then "
                "export again."
            ) from fault


@contextmanager
def _quiet(name: str) -> Iterator[None]:
    logger = logging.getLogger(name)
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


@contextmanager
def _same_folder() -> Iterator[None]:
    """bagit goes into the bag's folder and, when it fails, does not come back."""
    before = Path.cwd()
    try:
        yield
    finally:
        os.chdir(before)
