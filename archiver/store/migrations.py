"""From the schema as data to a database, and from a database of an older format to today's.

sqlite-utils keeps the list of the migrations that ran; `PRAGMA user_version` holds the format. A
new database is made at once in today's format, so each later migration first asks the format and
passes when the change is already there.
"""

import sqlite3
from collections.abc import Callable, Iterator

from sqlite_utils import Database, Migrations

from archiver.errors import BadInput
from archiver.store.schema import FORMAT, PUBLIC, SEARCHES, Column, Search, Table
from archiver.store.summaries import SUMMARIES, summarise
from archiver.store.workings import INTERNAL

TABLES = PUBLIC + SUMMARIES + INTERNAL
TOKENIZER = "unicode61 remove_diacritics 2"

migrations = Migrations("archive")
Step = Callable[[Database], None]


def step(version: int) -> Callable[[Step], Step]:
    """Register a migration that brings a database of format `version - 1` to `version`; the first
    makes today's format from nothing."""

    def register(change: Step) -> Step:
        def guarded(db: Database) -> None:
            if format_of(db.conn) < version:
                change(db)
                reached = FORMAT if version == 1 else version
                db.conn.execute(f"PRAGMA user_version = {reached}")

        migrations(name=f"{version:04}_{change.__name__}")(guarded)
        return change

    return register


@step(1)
def create(db: Database) -> None:
    """Make every table, index and search index of today's schema."""
    for statement in ddl():
        db.conn.execute(statement)


@step(2)
def date_statements(db: Database) -> None:
    """Since when a list says what it says: what tells an article that has not changed."""
    db.conn.execute('ALTER TABLE "statements" ADD COLUMN "first_seen_at" TEXT')


@step(6)
def keep_summaries(db: Database) -> None:
    """What pages count, ready to be read: those of format 3 did not say how days are ordered, those
    of format 4 in which chamber a site's elected person sits, those of 5 of which legislature a
    question is."""
    for table in SUMMARIES:
        db.conn.execute(f'DROP TABLE IF EXISTS "{table.name}"')
        for statement in table_ddl(table):
            db.conn.execute(statement)
    summarise(db.conn)


def format_of(connection: sqlite3.Connection) -> int:
    """The format version of a database; 0 for an empty one."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def check(connection: sqlite3.Connection, name: str) -> None:
    """Raise BadInput for a database called `name` that is of a newer format or not an archive."""
    version = format_of(connection)
    if version > FORMAT:
        raise BadInput(
            f"{name} was made by a newer version of archiver (format {version}, this version knows "
            f"up to {FORMAT}): update archiver, or open a copy made by this version."
        )
    if version == 0 and connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone():
        raise BadInput(f"{name} is a database of something else: name another folder with --data.")


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a database that `check` has let pass to today's format, in one transaction."""
    version = format_of(connection)
    if version == FORMAT:
        return
    db = Database(connection, recursive_triggers=True, execute_plugins=False)
    connection.execute("BEGIN IMMEDIATE")
    try:
        migrations.apply(db)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def ddl() -> Iterator[str]:
    """The statements that make an empty database of today's format."""
    for table in TABLES:
        yield from table_ddl(table)
    for search in SEARCHES:
        yield create_search(search)


def table_ddl(table: Table) -> Iterator[str]:
    """The statements that make an empty table and its indexes."""
    yield create_table(table)
    for index in table.indexes:
        columns = [quoted(part) for part in index.split(", ")]
        name = "_".join([table.name, *(part.split(" ")[0] for part in index.split(", "))])
        yield f'CREATE INDEX "{name}" ON "{table.name}" ({", ".join(columns)})'


def quoted(indexed: str) -> str:
    """`name DESC` as `"name" DESC`."""
    name, _, direction = indexed.partition(" ")
    return f'"{name}" {direction}'.rstrip()


def create_table(table: Table) -> str:
    """The CREATE TABLE statement of a table."""
    lines = [column_line(column) for column in table.columns]
    for kind, keys in (("PRIMARY KEY", (table.primary_key,)), ("UNIQUE", table.unique)):
        lines += [f"{kind} ({', '.join(map(quoted, key))})" for key in keys]
    options = "STRICT" if table.rowid else "STRICT, WITHOUT ROWID"
    body = ",\n  ".join(lines)
    return f'CREATE TABLE "{table.name}" (\n  {body}\n) {options}'


def column_line(column: Column) -> str:
    """The line of a column in a CREATE TABLE statement."""
    parts = [f'"{column.name}"', column.type]
    if not column.null:
        parts.append("NOT NULL")
    if column.references:
        table, _, target = column.references.partition(".")
        parts.append(f'REFERENCES "{table}"("{target}")')
    if column.choices:
        allowed = ", ".join(f"'{choice}'" for choice in column.choices)
        parts.append(f'CHECK ("{column.name}" IN ({allowed}))')
    if column.json:
        # Before SQLite 3.45 json_valid(NULL) is 0, not NULL.
        parts.append(f'CHECK ("{column.name}" IS NULL OR json_valid("{column.name}"))')
    return " ".join(parts)


def create_search(search: Search) -> str:
    """An external-content FTS5 table, with the quoted `content` that Datasette looks for."""
    columns = ", ".join(quoted(column) for column in search.columns)
    return (
        f'CREATE VIRTUAL TABLE "{search.name}" USING FTS5 ({columns}, '
        f'tokenize=\'{TOKENIZER}\', content="{search.content}", content_rowid="id")'
    )
