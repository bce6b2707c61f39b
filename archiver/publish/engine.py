"""All that depends on the line of Datasette we run on (0.65; 1.0 changes how each part is said).

Configuration, metadata, ready queries and our plug-in are plain data elsewhere in this package;
here they become the arguments of one `Datasette` object. Moving to 1.0 means changing this module.
"""

import json
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from datasette import handle_exception
from datasette.app import Datasette
from datasette.database import Database, WriteTask
from datasette.plugins import pm

from archiver.publish import site
from archiver.publish.bounds import BoundedConnection, bounded
from archiver.publish.metadata import ArchiveMetadata, TableMetadata, describe
from archiver.publish.opening import DATABASE_NAME, Contents, inspect
from archiver.publish.ready_queries import READY_QUERIES, ReadyQuery
from archiver.publish.site.replaying import PLUGIN, PORT
from archiver.store.reading import reading_address

T = TypeVar("T")

# With rich installed, 0.65 prints the local variables of every 404, and fails on one that no
# exception led to; without it, it prints tracebacks of its own errors only.
handle_exception.rich = None

# The files of Datasette's "configuration directory".
METADATA, PUBLISHED_SETTINGS, INSPECTED = "metadata.json", "settings.json", "inspect-data.json"
DATABASE_FILE = f"{DATABASE_NAME}.db"

# What a row of the archive costs decides these: articles are long, so lists are short and cut;
# suggested facets scan every column of the live database.
SETTINGS: Mapping[str, bool | int | str] = {
    "suggest_facets": False,
    "default_page_size": 20,
    "truncate_cells_html": 300,
    "default_facet_size": 12,
    "facet_time_limit_ms": 500,
    "sql_time_limit_ms": 2000,
}


# What the public may cost us decides these (datasette's settings, and its advice for public sites).
PUBLIC_SETTINGS: Mapping[str, bool | int | str] = {
    **SETTINGS,
    "default_allow_sql": False,
    "allow_download": False,
    "facet_time_limit_ms": 200,
    "sql_time_limit_ms": 1000,
    "max_returned_rows": 500,
    "max_csv_mb": 50,
    "default_cache_ttl": 60,
}


class ArchiveDatabase(Database):  # type: ignore[misc]
    """The archive's database, with bounds on what readers' SQL may cost, whatever its path."""

    def connect(self, write: bool = False) -> BoundedConnection:
        if write:
            raise AssertionError("the archive is only read here")
        path = Path(self.path)
        still = f"{path.absolute().as_uri()}?immutable=1"
        connection = sqlite3.connect(
            reading_address(path, lasting=True) if self.is_mutable else still,
            uri=True,
            check_same_thread=False,
            factory=BoundedConnection,
        )
        self._all_file_connections.append(connection)
        return connection

    async def attached_databases(self) -> list[object]:
        return []  # none can be: asking SQLite would need the right to see where files lie

    async def execute_fn(self, fn: Callable[[BoundedConnection], T]) -> T:
        result: T = await super().execute_fn(bounded(fn))
        return result


def build(database: Path, replay_port: int | None = None) -> Datasette:
    """Datasette on the live `database`, read-only, under the name `archive`, with our plug-in;
    pages link to the replay on `replay_port` of the same host, where there is one.

    Raises BadInput when the database is missing or is not an archive.
    """
    metadata = metadata_of(inspect(database), {PLUGIN: {PORT: replay_port}})
    datasette = _datasette(metadata, SETTINGS)
    datasette.add_database(ArchiveDatabase(datasette, str(database)), DATABASE_NAME)
    return datasette


def build_published(version: Path, replay_port: int | None) -> Datasette:
    """Datasette on a published folder, as its own files configure it, the database immutable.

    The folder is one that Datasette itself understands (its "configuration directory"). Raises
    OSError or ValueError when a file is missing or unreadable.
    """
    read = {
        name: json.loads((version / name).read_text(encoding="utf-8"))
        for name in (METADATA, PUBLISHED_SETTINGS, INSPECTED)
    }
    metadata = read[METADATA]
    metadata["plugins"][PLUGIN].setdefault(PORT, replay_port)
    datasette = _datasette(metadata, read[PUBLISHED_SETTINGS], read[INSPECTED])
    database = ArchiveDatabase(datasette, str(version / DATABASE_FILE), is_mutable=False)
    datasette.add_database(database, DATABASE_NAME)
    return datasette


def _datasette(
    metadata: dict[str, Any], settings: Mapping[str, bool | int | str], inspected: Any = None
) -> Datasette:
    if not pm.is_registered(site):
        pm.register(site)
    datasette = Datasette([], metadata=metadata, settings=dict(settings), inspect_data=inspected)
    datasette.remove_database("_memory")
    return datasette


def close(datasette: Datasette) -> None:
    """Give back what a Datasette holds that no request uses any more: files and threads."""
    for database in datasette.databases.values():
        if database._write_queue is not None:
            # Its thread waits for writes for ever; only this ends it.
            database._write_queue.put(WriteTask(_leave, None, None))
        database.close()
    if datasette.executor is not None:
        datasette.executor.shutdown(wait=False)


def _leave(_: object) -> None:
    raise SystemExit


def metadata_of(contents: Contents, plugins: Mapping[str, Any]) -> dict[str, Any]:
    """The metadata document of an archive with these contents, with the plug-ins' configuration."""
    return {**_as_metadata(describe(contents), READY_QUERIES), "plugins": dict(plugins)}


def _as_metadata(archive: ArchiveMetadata, queries: tuple[ReadyQuery, ...]) -> dict[str, Any]:
    """The one metadata document of 0.65; 1.0 splits it into datasette.yaml and metadata.yaml."""
    shared = {
        "title": archive.title,
        "description": archive.description,
        "source": archive.source,
        "license": archive.license,
        "license_url": archive.license_url,
    }
    if archive.source_url:
        shared["source_url"] = archive.source_url
    return {
        **shared,
        "databases": {
            DATABASE_NAME: {
                **shared,
                "tables": {table.name: _as_table(table) for table in archive.tables},
                "queries": {
                    query.name: {
                        "title": query.title,
                        "description": query.description,
                        "sql": query.sql.strip(),
                    }
                    for query in queries
                },
            }
        },
    }


def _as_table(table: TableMetadata) -> dict[str, Any]:
    if table.hidden:
        return {"hidden": True}
    described: dict[str, Any] = {
        "title": table.title,
        "description": table.description,
        "columns": dict(table.columns),
        "units": dict(table.units),
        "facets": [
            {facet.kind: facet.column} if facet.kind != "column" else facet.column
            for facet in table.facets
        ],
    }
    if table.newest_first:
        described["sort_desc"] = table.newest_first
    if table.label:
        described["label_column"] = table.label
    return described
