"""Any list as CSV, as CSV for Excel in French, as JSON and as newline-delimited JSON.

CSV follows RFC 4180. The Excel kind opens by a double click in a French Excel: UTF-8 with a byte
order mark, `;` between values, decimal commas, and no value that Excel would run as a formula
(OWASP, "CSV Injection": an apostrophe before `=`, `+`, `-`, `@`, tab or carriage return).
"""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from datasette.utils.asgi import Response

Value = str | int | float | None
Kind = Literal["csv", "excel.csv", "json", "ndjson"]
KINDS: dict[Kind, str] = {
    "csv": "CSV",
    "excel.csv": "CSV pour Excel",
    "json": "JSON",
    "ndjson": "NDJSON",
}
KIND_PATTERN = "|".join(kind.replace(".", r"\.") for kind in sorted(KINDS, key=len, reverse=True))
_MEDIA_TYPES: dict[Kind, str] = {
    "csv": "text/csv; charset=utf-8; header=present",
    "excel.csv": "text/csv; charset=utf-8; header=present",
    "json": "application/json; charset=utf-8",
    "ndjson": "application/x-ndjson; charset=utf-8",
}
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under the same column names, in every kind of export."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def write(table: Table, kind: Kind) -> str:
    """The table as one document; unknown values are empty in CSV and null in JSON."""
    match kind:
        case "csv":
            return _csv(table.columns, table.rows, ",")
        case "excel.csv":
            rows = (tuple(for_excel(value) for value in row) for row in table.rows)
            return "\ufeff" + _csv(table.columns, rows, ";")
        case "json":
            return json.dumps(_objects(table), ensure_ascii=False, indent=1) + "\n"
        case "ndjson":
            lines = (json.dumps(item, ensure_ascii=False) for item in _objects(table))
            return "".join(f"{line}\n" for line in lines)


def respond(table: Table, kind: Kind, name: str) -> Response:
    """The table as a download called `name`; JSON kinds are shown and not saved."""
    headers = {"access-control-allow-origin": "*"}
    if kind.endswith("csv"):
        file_name = f"{name}{'-excel' if kind == 'excel.csv' else ''}.csv"
        headers["content-disposition"] = f'attachment; filename="{file_name}"'
    return Response(write(table, kind), headers=headers, content_type=_MEDIA_TYPES[kind])


def for_excel(value: Value) -> str:
    """A value as a French Excel reads it, and never as a formula."""
    if value is None:
        return ""
    if isinstance(value, float):
        return str(value).replace(".", ",")
    if isinstance(value, int):
        return str(value)
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else value


def _csv(columns: tuple[str, ...], rows: Iterable[tuple[Value, ...]], delimiter: str) -> str:
    document = io.StringIO()
    writer = csv.writer(document, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return document.getvalue()


def _objects(table: Table) -> list[dict[str, Value]]:
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]
