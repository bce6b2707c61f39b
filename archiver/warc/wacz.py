"""WARC files packed as one WACZ 1.1.1, which viewers open by Range requests.

Everything is stored, not deflated; the index is sorted by bytes; the full text stays out of
pages.jsonl, which viewers fetch whole. Source: the WACZ 1.1.1 and WACZ-auth 0.1.0 specifications.
"""

import hashlib
import json
import os
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from archiver.errors import ArchiveDamaged, BadInput
from archiver.instants import parse_instant
from archiver.warc.cdxj import index_line, is_replayable
from archiver.warc.files import OPEN_SUFFIX, storage_errors, sync_folder
from archiver.warc.model import Damage
from archiver.warc.reader import RESTORE, read_captures, warc_name
from archiver.warc.signature import SigningKey

VERSION = "1.1.1"
DATAPACKAGE = "datapackage.json"
DATAPACKAGE_DIGEST = "datapackage-digest.json"
PAGES = "pages/pages.jsonl"
INDEX = "indexes/index.cdxj"
ARCHIVE = "archive/"
_BLOCK = 2**20


@dataclass(frozen=True, slots=True)
class Page:
    """A page that the WACZ lists for its readers: its address and the instant of its capture."""

    url: str
    captured_at: str
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Description:
    """What a WACZ says of itself; the first page is its main page. `created` is an instant."""

    title: str
    software: str
    created: str
    description: str = ""


def write_wacz(
    out: Path,
    warcs: Sequence[Path],
    pages: Iterable[Page],
    description: Description,
    key: SigningKey | None = None,
) -> str:
    """Pack WARC files into the new file `out`, signed if a key is given; returns the digest of its
    datapackage, `sha256:` and hexadecimal.

    Raises BadInput if `out` exists, ArchiveDamaged if a WARC has damage, StorageFailed.
    """
    if out.exists():
        raise BadInput(f"{out} exists already: name another file or move it away.")
    listed = list(pages)
    if not listed or not warcs:
        raise BadInput("there is no page to export: widen the selection.")
    index = _index(warcs)
    draft = out.with_name(out.name + OPEN_SUFFIX)
    with storage_errors(out):
        try:
            with draft.open("wb") as file:
                with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                    packer = _Packer(archive, parse_instant(description.created))
                    for path in warcs:
                        packer.add_file(f"{ARCHIVE}{warc_name(path)}", path)
                    packer.add(INDEX, index)
                    packer.add(PAGES, pages_file(listed))
                    digest = _seal(packer, listed[0], description, key)
                file.flush()
                os.fsync(file.fileno())
            os.link(draft, out)
        finally:
            draft.unlink(missing_ok=True)
        sync_folder(out.parent)
    return digest


def _index(warcs: Sequence[Path]) -> bytes:
    lines = []
    for path in warcs:
        for item in read_captures(path):
            if isinstance(item, Damage):
                if item.advice == RESTORE:
                    raise ArchiveDamaged(
                        f"{path} at byte {item.offset}: {item.what}: run `archiver verify` first."
                    )
            elif is_replayable(item):
                lines.append(index_line(item, warc_name(path)))
    return b"".join(sorted(lines))


def _seal(packer: "_Packer", main: Page, description: Description, key: SigningKey | None) -> str:
    """Add the datapackage, which lists what was added before it, and its digest."""
    package = to_json(datapackage(description, main, packer.resources))
    packer.add(DATAPACKAGE, package)
    digest = f"sha256:{hashlib.sha256(package).hexdigest()}"
    packer.add(DATAPACKAGE_DIGEST, to_json(digest_file(digest, description, key)))
    return digest


class _Packer:
    """Adds stored entries and keeps what the datapackage says of them."""

    def __init__(self, archive: zipfile.ZipFile, created: datetime) -> None:
        self.resources: list[dict[str, str | int]] = []
        self._archive = archive
        self._date = created.timetuple()[:6]

    def add(self, name: str, content: bytes) -> None:
        self._archive.writestr(self._info(name), content)
        self._list(name, hashlib.sha256(content).hexdigest(), len(content))

    def add_file(self, name: str, path: Path) -> None:
        info = self._info(name)
        info.file_size = path.stat().st_size
        hasher, size = hashlib.sha256(), 0
        with path.open("rb") as source, self._archive.open(info, "w") as target:
            while part := source.read(_BLOCK):
                target.write(part)
                hasher.update(part)
                size += len(part)
        self._list(name, hasher.hexdigest(), size)

    def _info(self, name: str) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(name, self._date)
        info.external_attr = 0o644 << 16
        return info

    def _list(self, path: str, sha256: str, size: int) -> None:
        name = path.rpartition("/")[2]
        self.resources.append(
            {"name": name, "path": path, "hash": f"sha256:{sha256}", "bytes": size}
        )


def pages_file(pages: Sequence[Page]) -> bytes:
    """The content of pages.jsonl."""
    lines = [json.dumps({"format": "json-pages-1.0", "id": "pages", "title": "Pages"})]
    for number, page in enumerate(pages, 1):
        entry = {"id": str(number), "url": page.url, "ts": _seconds(page.captured_at)}
        if page.title is not None:
            entry["title"] = page.title
        lines.append(json.dumps(entry, ensure_ascii=False))
    return "".join(f"{line}\n" for line in lines).encode()


def _seconds(instant: str) -> str:
    """To the second, which is how the index and the viewers count."""
    return f"{instant[:19]}Z"


def datapackage(
    description: Description, main: Page, resources: list[dict[str, str | int]]
) -> dict[str, Any]:
    """The content of datapackage.json; `resources` name the other entries with their hashes."""
    return {
        "profile": "data-package",
        "wacz_version": VERSION,
        "title": description.title,
        "description": description.description,
        "software": description.software,
        "created": _seconds(description.created),
        "mainPageUrl": main.url,
        "mainPageDate": _seconds(main.captured_at),
        "resources": resources,
    }


def digest_file(digest: str, description: Description, key: SigningKey | None) -> dict[str, Any]:
    """The content of datapackage-digest.json, signed if a key is given."""
    entry: dict[str, Any] = {"path": DATAPACKAGE, "hash": digest}
    if key is not None:
        entry["signedData"] = {
            "hash": digest,
            "created": _seconds(description.created),
            "software": description.software,
            "signature": key.sign(digest),
            "publicKey": key.public_key,
        }
    return entry


def to_json(value: dict[str, Any]) -> bytes:
    """JSON as the entries of a WACZ are written."""
    return json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"
