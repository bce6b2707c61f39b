"""Any list as CSV, as CSV for Excel in French, as JSON and as newline-delimited JSON.

CSV follows RFC 4180. The Excel kind opens by a double click in a French Excel: UTF-8 with a byte
order mark, `;` between values, decimal commas, no value that Excel would run as a formula (OWASP,
"CSV Injection": an apostrophe before `=`, `+`, `-`, `@`, tab or a line's end) or could not hold.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
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
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Beyond this an Excel cell spills into the next row.
LONGEST_CELL = 32_767


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under the same column names, in every kind of export.

    Of a list too long for one document these are the rows from number `first`: `total` says how
    many there are in all (None: just these), `following` where the next ones are. `figures` are
    what the list's page counts, for JSON.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    total: int | None = None
    first: int = 1
    following: str | None = None
    figures: Mapping[str, int] = field(default_factory=dict)

    @property
    def in_all(self) -> int:
        """How many rows the whole list has."""
        return len(self.rows) if self.total is None else self.total

    @property
    def whole(self) -> bool:
        """Whether no row is left out."""
        return len(self.rows) == self.in_all


def write(table: Table, kind: Kind) -> str:
    """The table as one document; unknown values are empty in CSV and null in JSON."""
    match kind:
        case "csv":
            return _csv(table.columns, table.rows, ",")
        case "excel.csv":
            rows = (tuple(for_excel(value) for value in row) for row in table.rows)
            return "\ufeff" + _csv(table.columns, rows, ";")
        case "json":
            document = {
                "total": table.in_all,
                "rendues": len(table.rows),
                **table.figures,
                "suite": table.following,
                "lignes": objects(table),
            }
            return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
        case "ndjson":
            lines = (json.dumps(item, ensure_ascii=False) for item in objects(table))
            return "".join(f"{line}\n" for line in lines)


def respond(table: Table, kind: Kind, name: str) -> Response:
    """The table as a file called `name`: CSV is saved, JSON kinds are shown. When rows are left
    out the file's name says so, and the headers of every kind: `X-Total-Count` and a `Link` to the
    following ones (RFC 8288)."""
    headers = {"access-control-allow-origin": "*", "x-total-count": str(table.in_all)}
    if table.following:
        headers["link"] = f'<{table.following}>; rel="next"'
    if not table.whole:
        last = table.first + len(table.rows) - 1
        name += f"-lignes-{table.first}-a-{last}-sur-{table.in_all}"
    if kind.endswith("csv"):
        file_name = f"{name}{'-excel' if kind == 'excel.csv' else ''}.csv"
        headers["content-disposition"] = f'attachment; filename="{file_name}"'
    else:
        headers["content-disposition"] = f'inline; filename="{name}.{kind}"'
    return Response(write(table, kind), headers=headers, content_type=_MEDIA_TYPES[kind])


def json_response(data: object, name: str = "", status: int = 200) -> Response:
    """Anything but a list as JSON that any page may read, shown and not saved; called `name`."""
    headers = {"access-control-allow-origin": "*"}
    if name:
        headers["content-disposition"] = f'inline; filename="{name}"'
    document = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    return Response(document, status, headers, _MEDIA_TYPES["json"])


def for_excel(value: Value) -> str:
    """A value as a French Excel reads it, never as a formula, cut at the end of what a cell
    holds."""
    if value is None:
        return ""
    if isinstance(value, float):
        return str(value).replace(".", ",")
    if isinstance(value, int):
        return str(value)
    safe = f"'{value}" if value.startswith(_FORMULA_STARTS) else value
    units = safe.encode("utf-16-le")
    if len(units) <= 2 * LONGEST_CELL:
        return safe
    return units[: 2 * LONGEST_CELL - 2].decode("utf-16-le", "ignore") + "…"


def _csv(columns: tuple[str, ...], rows: Iterable[tuple[Value, ...]], delimiter: str) -> str:
    document = io.StringIO()
    writer = csv.writer(document, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return document.getvalue()


def objects(table: Table) -> list[dict[str, Value]]:
    """The rows as objects of the JSON kinds."""
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]
