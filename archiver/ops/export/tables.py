"""`archiver export csv` and `json`: the public tables as tidy files with their data dictionary.

One file a table, rows in order of the key, columns in order of the schema, `datapackage.json` after
the Frictionless Data Package and Table Schema specifications, version 1. CSV follows RFC 4180, in
UTF-8, with the exact values: an unknown value is an empty field.
"""

import csv
import hashlib
import io
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Set
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from archiver import __version__, instants, suppression
from archiver.folder import DataFolder
from archiver.ops.export.drafts import draft_folder
from archiver.store.database import Store
from archiver.store.schema import PUBLIC, Column, Table
from archiver.store.withdrawal import copy_without

Form = Literal["csv", "json"]
Row = tuple[Any, ...]

FLUSH = 2**20
TYPES = {"INTEGER": "integer", "TEXT": "string", "REAL": "number"}
FORMATS: dict[Form, dict[str, Any]] = {
    "csv": {
        "format": "csv",
        "mediatype": "text/csv",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "header": True},
    },
    "json": {"format": "json", "mediatype": "application/json"},
}


@dataclass(frozen=True, slots=True)
class Written:
    """A file of an export: its table, its rows, its bytes and their SHA-256."""

    table: Table
    path: str
    rows: int
    size: int
    sha256: str


def export_tables(folder: DataFolder, out: Path, form: Form) -> list[Written]:
    """Write the new folder `out`, with every table as it was at one moment, without what the
    suppression list takes out.

    Raises BadInput when `out` exists, there is no archive or the list names what is not there,
    StorageFailed when the disk refuses.
    """
    with (
        closing(Store.open_to_read(folder.database)) as store,
        draft_folder(out) as draft,
    ):
        measures = suppression.measures_of(folder, store.connection)
        written = []
        with _given_out(folder, store, measures.removed, draft.parent) as connection:
            for table in PUBLIC:
                columns = ", ".join(f'"{column.name}"' for column in table.columns)
                key = ", ".join(f'"{name}"' for name in table.primary_key)
                rows = connection.execute(f'SELECT {columns} FROM "{table.name}" ORDER BY {key}')
                written.append(_write(draft / f"{table.name}.{form}", table, rows, WRITERS[form]))
        package = json.dumps(_datapackage(written, form), ensure_ascii=False, indent=2)
        (draft / "datapackage.json").write_text(package + "\n", encoding="utf-8")
    suppression.log(folder, measures, f"export {form} {out.name}")
    return written


@contextmanager
def _given_out(
    folder: DataFolder, store: Store, removed: Set[str], work: Path
) -> Iterator[sqlite3.Connection]:
    """The database at one moment, as if the records `removed` had never been captured."""
    if not removed:
        with store.atomic():
            yield store.connection
        return
    copy = work / "without.db"
    copy_without(store.connection, removed, copy, folder.corrections)
    with closing(sqlite3.connect(copy)) as connection:
        yield connection


def _write(
    path: Path,
    table: Table,
    rows: Iterable[Row],
    parts: Callable[[Table, Iterable[Row]], Iterator[tuple[str, int]]],
) -> Written:
    hasher, size, count = hashlib.sha256(), 0, 0
    with path.open("wb") as file:
        for part, number in parts(table, rows):
            encoded = part.encode()
            file.write(encoded)
            hasher.update(encoded)
            size += len(encoded)
            count += number
    return Written(table, path.name, count, size, hasher.hexdigest())


def _csv(table: Table, rows: Iterable[Row]) -> Iterator[tuple[str, int]]:
    """The document in parts, each with the number of its rows."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(column.name for column in table.columns)
    count = 0
    for row in rows:
        writer.writerow(row)
        count += 1
        if buffer.tell() > FLUSH:
            yield buffer.getvalue(), count
            buffer.seek(0)
            buffer.truncate()
            count = 0
    yield buffer.getvalue(), count


def _json(table: Table, rows: Iterable[Row]) -> Iterator[tuple[str, int]]:
    before = "[\n"
    for row in rows:
        values = {
            column.name: json.loads(value) if column.json and value is not None else value
            for column, value in zip(table.columns, row, strict=True)
        }
        yield before + json.dumps(values, ensure_ascii=False), 1
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n", 0


WRITERS: dict[Form, Callable[[Table, Iterable[Row]], Iterator[tuple[str, int]]]] = {
    "csv": _csv,
    "json": _json,
}


def _datapackage(written: list[Written], form: Form) -> dict[str, Any]:
    return {
        "profile": "tabular-data-package",
        "name": "archive",
        "title": "Archive",
        "created": instants.now(),
        "software": f"archiver/{__version__}",
        "resources": [_resource(file, form) for file in written],
    }


def _resource(file: Written, form: Form) -> dict[str, Any]:
    table = file.table
    schema: dict[str, Any] = {
        "fields": [_field(table, column) for column in table.columns],
        "primaryKey": list(table.primary_key),
    }
    references = [column for column in table.columns if column.references]
    if references:
        schema["foreignKeys"] = [_foreign_key(column) for column in references]
    if form == "csv":
        schema["missingValues"] = [""]
    return {
        "profile": "tabular-data-resource",
        "name": table.name.replace("_", "-"),
        "title": table.name,
        "description": table.description,
        "path": file.path,
        "encoding": "utf-8",
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
        "rows": file.rows,
        **FORMATS[form],
        "schema": schema,
    }


def _field(table: Table, column: Column) -> dict[str, Any]:
    kind = TYPES[column.type]
    if column.json:
        kind = "object" if column.name == "options" else "array"
    constraints: dict[str, Any] = {}
    if not column.null:
        constraints["required"] = True
    if column.choices:
        constraints["enum"] = list(column.choices)
    if (column.name,) in table.unique:
        constraints["unique"] = True
    field: dict[str, Any] = {
        "name": column.name,
        "type": kind,
        "description": column.description,
    }
    if constraints:
        field["constraints"] = constraints
    return field


def _foreign_key(column: Column) -> dict[str, Any]:
    table, _, name = (column.references or "").partition(".")
    reference = {"resource": table.replace("_", "-"), "fields": name}
    return {"fields": column.name, "reference": reference}
