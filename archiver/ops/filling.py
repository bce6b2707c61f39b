"""Every capture of WARC files into a database: what a rebuild, a deep verification and an import
share.

Workers read and extract; one writer stores. Nothing is kept for longer than a few parts of a file:
revisits, whose payload may lie in a file not yet read, wait on disk until all others are stored.
"""

import pickle
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from archiver.errors import ArchiverError, BadInput
from archiver.folder import DataFolder
from archiver.ingest import (
    Read,
    note_damage,
    original_row,
    profile_for,
    read,
    restore,
    save,
    store_ends,
)
from archiver.jobs import map_unordered
from archiver.ops.origins import origins_of
from archiver.profiles.model import Profile
from archiver.provenance import Origin
from archiver.spans import Span, SpanRead, read_span, spans_of
from archiver.store.database import Store
from archiver.store.model import CrawlEnd
from archiver.warc.files import resolve
from archiver.warc.model import Damage, StoredExchange
from archiver.warc.reader import read_at, warc_name

REVISITS = 64
"""Revisits that one task reads."""

FOREIGN = "it was not made by this program"
IMPORT = "bring it in with `archiver import`"
REPLACE = "bring the file back from a copy"


@dataclass(frozen=True, slots=True)
class Filled:
    """What the files held: the number of captures, and the damage met; a file of which nothing
    could be read is damage at its byte 0."""

    captures: int
    damages: tuple[Damage, ...]


@dataclass(frozen=True, slots=True)
class _Task:
    span: Span
    crawl_id: int
    origin: Origin


@dataclass(frozen=True, slots=True)
class _Revisit:
    """A revisit with the place of its original: folder, file, offset and length; None when the
    archive does not hold that."""

    stored: StoredExchange
    crawl_id: int
    profile: Profile
    original: tuple[Path, int, int] | None


def fill(
    store: Store,
    folder: DataFolder,
    paths: list[Path],
    *,
    origins: Mapping[str, Origin] | None = None,
    workers: int | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Filled:
    """Store every capture of the files, and how their crawls ended; nothing is derived yet.

    `origins` are those of the files by name, where they are known already; `progress` is called
    with the bytes of each part that is done. What cannot be read is told in the result and as
    problems, and passed over.
    """
    captures = 0
    damages: list[Damage] = []
    ends: dict[int, list[CrawlEnd]] = {}
    with tempfile.TemporaryFile(dir=Path(store.connection.name).parent) as waiting:
        for task, found in map_unordered(
            _read, _tasks(store, paths, origins, damages), workers=workers
        ):
            with store.atomic():
                for item in found.reads:
                    save(store, item, task.crawl_id)
            for stored in found.revisits:
                profile = profile_for(task.origin.provenance, stored.url)
                pickle.dump((stored, task.crawl_id, profile), waiting)
            captures += len(found.reads) + len(found.revisits)
            damages += found.damages
            ends.setdefault(task.crawl_id, []).extend(found.ends)
            progress(task.span.stop - task.span.start)
            del found  # else it is held while the next part is read
        _fill_revisits(store, folder, waiting, workers)
    for crawl_id, known in ends.items():
        store_ends(store, crawl_id, known)
    for damage in damages:
        note_damage(store, damage)
    return Filled(captures, tuple(damages))


def _tasks(
    store: Store,
    paths: list[Path],
    origins: Mapping[str, Origin] | None,
    damages: list[Damage],
) -> Iterator[_Task]:
    """The parts of the files. Crawls get their rows in the order of the files, so that one which
    was resumed has its first options whichever part is read first."""
    known = origins_of(paths) if origins is None else origins
    for path in paths:
        origin = known.get(path.name)
        try:
            spans = spans_of(path, origin) if origin else []
        except BadInput as error:
            damages.append(Damage(warc_name(path), 0, None, str(error), REPLACE))
            continue
        if origin is None:
            damages.append(Damage(warc_name(path), 0, None, FOREIGN, IMPORT))
            continue
        crawl_id = restore(store, origin.provenance)
        for span in spans:
            yield _Task(span, crawl_id, origin)


def _read(task: _Task) -> tuple[_Task, SpanRead]:
    return task, read_span(task.span, task.origin)


def _fill_revisits(
    store: Store, folder: DataFolder, waiting: IO[bytes], workers: int | None
) -> None:
    batches = _batches(store, folder.warcs, waiting)
    for found in map_unordered(_read_revisits, batches, workers=workers):
        with store.atomic():
            for item, crawl_id in found:
                save(store, item, crawl_id)


def _batches(store: Store, warcs: Path, waiting: IO[bytes]) -> Iterator[list[_Revisit]]:
    waiting.seek(0)
    batch: list[_Revisit] = []
    for stored, crawl_id, profile in _unpickled(waiting):
        batch.append(_Revisit(stored, crawl_id, profile, _original(store, warcs, stored)))
        if len(batch) == REVISITS:
            yield batch
            batch = []
    if batch:
        yield batch


def _unpickled(file: IO[bytes]) -> Iterator[Any]:
    while file.peek(1):  # type: ignore[attr-defined]
        yield pickle.load(file)  # noqa: S301 - written by this process, into a file without a name


def _original(store: Store, warcs: Path, stored: StoredExchange) -> tuple[Path, int, int] | None:
    row = original_row(store, warcs, stored)
    return (resolve(warcs, row.warc_file), row.warc_offset, row.warc_length) if row else None


def _read_revisits(batch: list[_Revisit]) -> list[tuple[Read, int]]:
    return [(_read_revisit(item), item.crawl_id) for item in batch]


def _read_revisit(item: _Revisit) -> Read:
    original = None
    if item.original is not None:
        try:
            original = read_at(*item.original)
        except ArchiverError:
            original = None  # the damage was told where it lies
    return replace(read(item.stored, item.profile, original), body=b"")
