"""All that depends on the line of Datasette we run on (0.65; 1.0 changes how each part is said).

Configuration, metadata, ready queries and our plug-in are plain data elsewhere in this package;
here they become the arguments of one `Datasette` object. Moving to 1.0 means changing this module.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from datasette import handle_exception
from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm

from archiver.publish import site
from archiver.publish.metadata import ArchiveMetadata, TableMetadata, describe
from archiver.publish.opening import DATABASE_NAME, inspect
from archiver.publish.ready_queries import READY_QUERIES, ReadyQuery
from archiver.publish.site.replaying import PLUGIN, PORT

# With rich installed, 0.65 prints the local variables of every 404, and fails on one that no
# exception led to; without it, it prints tracebacks of its own errors only.
handle_exception.rich = None

# What a row of the archive costs decides these: articles are long, so lists are short and cut;
# suggested facets scan every column of the live database.
SETTINGS: Mapping[str, bool | int | str] = {
    "suggest_facets": False,
    "default_page_size": 20,
    "truncate_cells_html": 300,
    "default_facet_size": 12,
    "facet_time_limit_ms": 500,
    "sql_time_limit_ms": 2000,
    "allow_signed_tokens": False,
}


def build(database: Path, replay_port: int | None = None) -> Datasette:
    """Datasette on the live `database`, read-only, under the name `archive`, with our plug-in;
    pages link to the replay on `replay_port` of the same host, where there is one.

    Raises BadInput when the database is missing or is not an archive.
    """
    contents = inspect(database)
    if not pm.is_registered(site):
        pm.register(site)
    datasette = Datasette(
        [],
        metadata={
            **_as_metadata(describe(contents), READY_QUERIES),
            "plugins": {PLUGIN: {PORT: replay_port}},
        },
        settings=dict(SETTINGS),
    )
    datasette.remove_database("_memory")
    datasette.add_database(Database(datasette, path=str(database), is_mutable=True), DATABASE_NAME)
    return datasette


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
