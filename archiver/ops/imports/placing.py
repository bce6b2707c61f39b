"""A file on its way into the archive, and how it takes its place there."""

import os
from collections.abc import Set
from dataclasses import dataclass
from pathlib import Path

from archiver.errors import BadInput
from archiver.ops.imports.examining import Examined
from archiver.ops.imports.staging import Staged
from archiver.ops.origins import Entry
from archiver.provenance import Provenance
from archiver.warc.files import SUFFIX, storage_errors, sync_folder, write_side_file


@dataclass(frozen=True, slots=True)
class File:
    """A file on its way: staged, or already in place without an origin."""

    staged: Staged
    examined: Examined
    provenance: Provenance | None
    path: Path
    in_place: bool


def free_name(file: Staged, taken: Set[str]) -> str:
    """The file's own name, or, when another file has it, one with the beginning of its digest."""
    if file.name not in taken:
        return file.name
    return f"{file.name.removesuffix(SUFFIX)}-{file.sha256[:12]}{SUFFIX}"


def entry_of(file: File) -> Entry:
    """What the manifest says of the file."""
    staged = file.staged
    return Entry(
        file.path.name,
        staged.sha256,
        staged.source,
        staged.source_sha256,
        _damaged_in(file),
        file.examined.doubles,
    )


def _damaged_in(file: File) -> tuple[int, ...]:
    return tuple(sorted({damage.offset for damage in file.examined.damages}))


def publish(file: File) -> None:
    """Give a draft its name, with its side file, both durable; no file is overwritten."""
    with storage_errors(file.path):
        write_side_file(file.path, file.staged.sha256)
        if not file.in_place:
            try:
                os.link(file.staged.draft, file.path)
            except FileExistsError as error:
                raise BadInput(f"{file.path} has just been made: import again.") from error
        sync_folder(file.path.parent)
