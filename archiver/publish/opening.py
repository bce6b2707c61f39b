"""Opens the archive's database for reading and says in one sentence why it cannot be.

Connections are read-only by SQLite itself (`mode=ro`), so a crawl may write meanwhile.
"""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from archiver.errors import BadInput
from archiver.store.reading import reading_address
from archiver.store.schema import FORMAT, PUBLIC

DATABASE_NAME = "archive"
"""The name under which Datasette serves it: the first part of every table's address."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What the database holds besides rows: the names of all its tables, and its sites as
    (name, home URL) pairs in order of name."""

    tables: tuple[str, ...]
    sites: tuple[tuple[str, str | None], ...]


def read_only(database: Path) -> sqlite3.Connection:
    """A connection that cannot write; sqlite3.OperationalError when there is no such file."""
    return sqlite3.connect(reading_address(database, lasting=True), uri=True)


def modernise(database: Path) -> None:
    """Bring an archive of an older format to today's, which our pages read; anything else is left
    to `inspect`. Raises StorageFailed when it cannot be written."""
    try:
        with closing(read_only(database)) as connection:
            (version,) = connection.execute("pragma user_version").fetchone()
    except sqlite3.DatabaseError:
        return
    if 0 < version < FORMAT:
        # Imported here since it is seldom needed and takes long.
        from archiver.store.connection import connect

        connect(database, create=False).close()


def inspect(database: Path) -> Contents:
    """Read table names and sites; BadInput when the file is missing or is not an archive."""
    if not database.is_file():
        raise BadInput(
            f"There is no archive at {database}: run `archiver crawl SITE` first, or point --data "
            "at the folder that holds archive.db."
        )
    try:
        with closing(read_only(database)) as connection:
            tables = tuple(
                name
                for (name,) in connection.execute(
                    "select name from sqlite_master where type = 'table' order by name"
                )
            )
            (version,) = connection.execute("pragma user_version").fetchone()
            if version > FORMAT:
                raise BadInput(
                    f"{database} was written by a newer version of this program: update it first."
                )
            if not {table.name for table in PUBLIC} <= set(tables):
                raise BadInput(
                    f"{database} is not an archive of this program: give the folder of one with "
                    "--data, or make its database again with `archiver rebuild`."
                )
            sites = tuple(
                connection.execute("select coalesce(name, id), home_url from sites order by 1, 2")
            )
    except sqlite3.DatabaseError as error:
        raise BadInput(
            f"{database} cannot be read ({error}): make it again from the WARC files with "
            "`archiver rebuild`."
        ) from error
    return Contents(tables, sites)
