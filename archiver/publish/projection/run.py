"""The steps of `archiver publish`, in order: what is left out, the database without it, its bytes,
the configuration; then, in one step, the new version is the one that is served.
"""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from archiver import __version__, instants, suppression
from archiver.folder import DataFolder
from archiver.publish.engine import DATABASE_FILE
from archiver.publish.hosting.layout import Description, describe
from archiver.publish.opening import inspect, read_only
from archiver.publish.projection import versions
from archiver.publish.projection.configuration import configure, write_host_files
from archiver.publish.projection.database import project
from archiver.publish.projection.options import Options
from archiver.publish.projection.program import copy_program
from archiver.publish.projection.warcs import publish_warcs
from archiver.publish.replay.viewer import CHECKOUT, find_viewer
from archiver.publish.site.removals import names_of
from archiver.publish.standing import standing_of, write_note
from archiver.store.connection import translated
from archiver.store.withdrawal import copy_without
from archiver.warc.files import storage_errors

_WORKING_COPY = "whole.db"


@dataclass(frozen=True, slots=True)
class Published:
    """The version that is served now, and whether the host can show captures as they were."""

    version: Path
    description: Description
    has_viewer: bool


def publish(folder: DataFolder, out: Path, options: Options) -> Published:
    """Make or renew the publication `out` of an archive.

    Raises BadInput when there is no archive, `out` is something else, or the suppression list names
    what is not there; ArchiveDamaged when a capture's bytes or a row cannot be read;
    StorageFailed.
    """
    inspect(folder.database)
    try:
        return _publish(folder, out, options)
    except sqlite3.DatabaseError as error:
        raise translated(error, str(folder.database)) from error


def _publish(folder: DataFolder, out: Path, options: Options) -> Published:
    with storage_errors(out), versions.publication(out):
        program = copy_program(out)
        write_host_files(out, options)
        earlier = versions.served(out)
        with versions.new_version(out) as version:
            with closing(read_only(folder.database)) as connection:
                measures = suppression.measures_of(folder, connection)
                copy_without(
                    connection,
                    measures.removed,
                    version / _WORKING_COPY,
                    folder.corrections,
                )
            description = _fill(folder, version, earlier, measures, program, options)
        versions.prune(out)
    suppression.log(folder, measures, f"publish {out.name}")
    served = versions.served(out) or version
    return Published(served, description, (served / "replay").is_dir())


def _fill(
    folder: DataFolder,
    version: Path,
    earlier: Path | None,
    measures: suppression.Measures,
    program: str,
    options: Options,
) -> Description:
    """Write a version from a copy of the database that holds only what may be given out."""
    copy = version / _WORKING_COPY
    warcs = version / "warc"
    warcs.mkdir()
    with closing(read_only(copy)) as connection:
        places = publish_warcs(
            connection,
            folder.warcs,
            measures.withheld,
            warcs,
            earlier / "warc" if earlier else None,
        )
    removed = _names_in(folder.database) - _names_in(copy)
    counts = project(copy, version / DATABASE_FILE, places)
    for path in version.glob(f"{_WORKING_COPY}*"):
        path.unlink()
    configure(version, options, counts, removed)
    _note_standing(folder, version)
    _copy_viewer(folder, version)
    description = Description(
        made_at=instants.now(),
        made_by=f"archiver/{__version__}",
        program=program,
        articles=counts["articles"],
        captures=len(places),
        removed=len(measures.removed),
        withheld=len(measures.withheld),
        address=options.address,
        replay_address=options.replay_address,
        private=options.private,
    )
    describe(version, description)
    return description


def _note_standing(folder: DataFolder, version: Path) -> None:
    """How the whole archive stands: what is left out of the copy is not missing from it."""
    with closing(read_only(folder.database)) as connection:
        standing = standing_of(connection, instants.parse_instant(instants.now()))
    if standing:
        write_note(version, standing)


def _names_in(database: Path) -> set[str]:
    with closing(read_only(database)) as connection:
        return names_of(connection.execute("select site_id, url, post_id from articles"))


def _copy_viewer(folder: DataFolder, version: Path) -> None:
    """The replay viewer, as it was fetched, with its licence; nothing where it was not."""
    for source in (folder.root / "replay", CHECKOUT):
        if find_viewer((source,)):
            shutil.copytree(source, version / "replay")
            return
