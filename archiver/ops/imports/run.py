"""An import from beginning to end: copy, check, name in a manifest, put in place, ingest.

The manifest, in a WARC of our own, is on disk before the first foreign file has its name, so that
whatever stops an import, a rebuild knows of every file in the folder where it came from.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from archiver import __version__, instants
from archiver.errors import BadInput
from archiver.folder import DataFolder
from archiver.ingest import profile_for, settle
from archiver.ops.filling import fill
from archiver.ops.imports.examining import Examined, RecordNames, examine
from archiver.ops.imports.placing import File, entry_of, free_name, publish
from archiver.ops.imports.staging import Staged, remove_drafts, stage
from archiver.ops.origins import (
    MANIFEST,
    REPORT,
    SCHEME,
    Brought,
    as_json,
    imported,
    joined,
    manifest_of,
    origins_of,
    own_provenance,
    sha256_of,
)
from archiver.ops.progress import progress_line
from archiver.ops.recovery import register
from archiver.profiles import load, names
from archiver.profiles.model import Profile
from archiver.provenance import Provenance
from archiver.store.database import Store
from archiver.store.model import CrawlEnd, CrawlStart
from archiver.warc.model import Damage
from archiver.warc.writer import WarcWriter

BUSY = "The database is being rebuilt: wait for that to end, then import."
IMPORTING = "Another import is running in this folder: wait for it to end."
GENERIC = "https://import.invalid/"
"""The home page of the generic rules, which each host takes the place of."""
JSON = "application/json"
UNREADABLE = "it is no WARC file, or no record of it can be read"
LEFT_OUT = "it was left out; get another copy of what it is packed in"


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """A file that came in: what a person calls it, its name here, whether this program wrote it."""

    source: str
    warc_file: str
    own: bool
    examined: Examined


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: files that came in, `held` those whose bytes were here (what a person
    calls each, and its name here), damage, captures with a row now that had none before, and the
    number of articles before and after."""

    files: tuple[BroughtIn, ...]
    held: tuple[tuple[str, str], ...]
    damages: tuple[Damage, ...]
    captures: int
    articles_before: int
    articles: int


def bring_in(
    folder: DataFolder,
    sources: Sequence[Path],
    profiles: Sequence[Profile] = (),
    *,
    workers: int | None = None,
    progress: bool = False,
) -> Imported:
    """Import WARC and WACZ files; `profiles` say how pages of their sites are read, besides the
    bundled ones.

    Raises BadInput for a file that cannot be used, and then nothing has come in, StorageFailed when
    the disk refuses.
    """
    folder.prepare()
    with (
        folder.lock("archive", BUSY, shared=True),
        folder.lock("import", IMPORTING),
        _staged(folder, sources) as staged,
        closing(Store.open(folder.database)) as store,
    ):
        return _Import(folder, store, profiles, workers, progress=progress).run(staged)


@contextmanager
def _staged(folder: DataFolder, sources: Sequence[Path]) -> Iterator[list[Staged]]:
    remove_drafts(folder.warcs)
    try:
        yield [staged for source in sources for staged in stage(source, folder.warcs)]
    finally:
        remove_drafts(folder.warcs)


class _Import:
    def __init__(
        self,
        folder: DataFolder,
        store: Store,
        profiles: Sequence[Profile],
        workers: int | None,
        *,
        progress: bool,
    ) -> None:
        self._folder, self._store = folder, store
        self._workers, self._progress = workers, progress
        self._profiles = profiles
        self._present = folder.finished()
        self._by_digest = {sha256_of(path): path for path in self._present}
        self._origins = dict(origins_of(self._present))
        self._left_out: list[Damage] = []

    def run(self, staged: Sequence[Staged]) -> Imported:
        held, new = self._sorted_out(staged)
        if self._left_out and not new and not held:
            raise BadInput(f"{self._left_out[0].file}: {UNREADABLE}: get another copy.")
        before, articles = self._count("captures"), self._count("articles")
        if new:
            self._bring_in(new)
        torn = [file.staged.torn for file in new if file.staged.torn]
        return Imported(
            files=tuple(
                BroughtIn(
                    file.staged.source, file.path.name, file.provenance is not None, file.examined
                )
                for file in new
            ),
            held=tuple((file.source, path.name) for file, path in held),
            damages=(
                *torn,
                *self._left_out,
                *(damage for file in new for damage in file.examined.damages),
            ),
            captures=self._count("captures") - before,
            articles_before=articles,
            articles=self._count("articles"),
        )

    def _sorted_out(self, staged: Sequence[Staged]) -> tuple[list[tuple[Staged, Path]], list[File]]:
        """(files whose bytes are here already, files that come in)"""
        by_source = {
            brought.entry.source_sha256: self._by_digest[digest]
            for digest, brought in imported(self._present).items()
            if digest in self._by_digest
        }
        held: list[tuple[Staged, Path]] = []
        new: list[File] = []
        fresh: set[Path] = set()
        taken = {path.name for path in self._present}
        names = RecordNames(self._store)
        for file in staged:
            known = self._by_digest.get(file.sha256) or by_source.get(file.source_sha256)
            if known is not None and (known.name in self._origins or known in fresh):
                held.append((file, known))
                continue
            path = known or self._folder.warcs / free_name(file, taken)
            taken.add(path.name)
            fresh.add(path)
            self._by_digest[file.sha256] = path
            try:
                examined = examine(file.draft, file.source, names)
            except BadInput:
                if not file.is_part or all(other.source == file.source for other in staged):
                    raise
                self._left_out.append(Damage(file.source, 0, None, UNREADABLE, LEFT_OUT))
                continue
            provenance = own_provenance(file.draft)
            new.append(File(file, examined, provenance, path, in_place=known is not None))
        return held, new

    def _bring_in(self, files: Sequence[File]) -> None:
        provenance = self._begin(files)
        entries = [entry_of(file) for file in files]
        uri = f"{SCHEME}{provenance.crawl_id}"
        with WarcWriter(self._folder.warcs, prefix="import", info=provenance.fields()) as writer:
            writer.write_resource(f"{uri}{MANIFEST}", JSON, manifest_of(entries))
            self._find_origins(files, provenance)
            for file in files:
                publish(file)
            self._ingest([file.path for file in files])
            for file in files:
                register(self._store, file.path)
            end = self._end(provenance, files)
            writer.write_resource(f"{uri}{REPORT}", JSON, as_json({"end": asdict(end)}))
            for finished in writer.close():
                now = instants.now()
                self._store.add_warc_file(finished.name, finished.sha256, finished.size, now)

    def _begin(self, files: Sequence[File]) -> Provenance:
        """The row of this import, and what its WARC says of it."""
        start = CrawlStart(
            site_id=None,
            source="import",
            started_at=instants.now(),
            version=__version__,
            options={"files": [file.staged.source for file in files]},
        )
        provenance = Provenance(
            crawl_id=self._store.begin_crawl(start),
            site_id=None,
            source="import",
            started_at=start.started_at,
            version=__version__,
            profile=load(GENERIC),
            options=start.options,
            profiles=(*self._profiles, *map(load, names())),
        )
        hosts = {host for file in files for host in file.examined.hosts}
        used = [profile_for(provenance, f"https://{host}/") for host in sorted(hosts)]
        return replace(
            provenance,
            profiles=tuple(one for one in dict.fromkeys(used) if one in provenance.profiles),
        )

    def _find_origins(self, files: Sequence[File], provenance: Provenance) -> None:
        """Where the captures of each file come from: a file of ours says so itself, another may be
        named by the manifest of an earlier import that comes in, too."""
        earlier = imported(
            [*self._present, *(file.staged.draft for file in files if file.provenance)]
        )
        for file in files:
            brought = joined(earlier.get(file.staged.sha256), Brought(entry_of(file), provenance))
            self._origins[file.path.name] = brought.origin(file.provenance)

    def _ingest(self, paths: list[Path]) -> None:
        total = sum(path.stat().st_size for path in paths)
        with progress_line("Reading WARC files", total, show=self._progress) as advance:
            fill(
                self._store,
                self._folder,
                paths,
                origins=self._origins,
                workers=self._workers,
                progress=advance,
            )
        settle(self._store, self._folder.warcs, self._origins)
        self._store.derive_pending()

    def _end(self, provenance: Provenance, files: Sequence[File]) -> CrawlEnd:
        tally = self._store.tally("", provenance.crawl_id)
        end = CrawlEnd(
            finished_at=instants.now(),
            outcome="complete",
            pages=self._count("captures WHERE crawl_id = ?", provenance.crawl_id),
            new_articles=tally.new_articles,
            changed_articles=tally.changed_articles,
            errors=sum(len(file.examined.damages) + bool(file.staged.torn) for file in files),
        )
        self._store.finish_crawl(provenance.crawl_id, end)
        return end

    def _count(self, rows: str, *values: int) -> int:
        found = self._store.connection.execute(f"SELECT count(*) FROM {rows}", values)
        return int(found.fetchone()[0])
