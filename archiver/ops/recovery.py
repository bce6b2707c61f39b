"""After a crash: torn WARC files are cut and closed, and what they hold gets its rows.

Runs at the start of each crawl and rebuild. A file whose process still lives is left alone.
"""

from archiver import instants
from archiver.folder import DataFolder
from archiver.ingest import ingest_file, provenance_of
from archiver.store.database import Store
from archiver.store.frontier import Frontier
from archiver.store.model import RecoveryRow
from archiver.warc.recovery import Recovery
from archiver.warc.recovery import recover as recover_files


def recover(folder: DataFolder) -> list[Recovery]:
    """Recover what a crash left; what was done with each file.

    Raises StorageFailed when the disk refuses, BadInput when the folder or database is of a newer
    version.
    """
    folder.prepare()
    recoveries = recover_files(folder.warcs, folder.quarantine)
    if recoveries:
        store = Store.open(folder.database)
        try:
            for recovery in recoveries:
                _index(store, folder, recovery)
            store.derive_pending()
        finally:
            store.close()
    return recoveries


def _index(store: Store, folder: DataFolder, recovery: Recovery) -> None:
    path = folder.warcs / recovery.file
    provenance = provenance_of(path) if recovery.records else None
    ids = ingest_file(store, path, provenance) if provenance else []
    if provenance:
        Frontier(store, provenance.crawl_id).recaptured(ids)
    store.add_recovery(
        RecoveryRow(
            recovered_at=instants.now(),
            warc_file=recovery.file,
            records=len(ids),
            cut_bytes=recovery.cut_bytes,
            quarantine_file=recovery.quarantine_file,
            detail=f"{recovery.kept_bytes} bytes kept, {recovery.cut_bytes} cut",
        )
    )
