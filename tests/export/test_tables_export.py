"""Tidy files: every value of every public table, with a dictionary that describes them."""

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from archiver.errors import BadInput
from archiver.folder import DataFolder
from archiver.ops.export.tables import Form, export_tables
from archiver.ops.imports import bring_in
from archiver.store.schema import PUBLIC, Table
from tests.cli import archiver
from tests.export.conftest import Archived
from tests.imports.files import answer, page, record, write
from tests.imports.reading import rows

TABLES = pytest.mark.parametrize("table", PUBLIC, ids=lambda table: table.name)
FORMS = pytest.mark.parametrize("form", ["csv", "json"])


@pytest.fixture(scope="module")
def exported(archived: Archived, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("tables")
    for form in ("csv", "json"):
        done = archiver("export", form, out / form, data=archived.folder.root)
        assert done.returncode == 0, done.stderr
    return out


def stored(archived: Archived, table: Table) -> list[tuple[Any, ...]]:
    names = ", ".join(column.name for column in table.columns)
    key = ", ".join(table.primary_key)
    return rows(archived.folder.root, f"SELECT {names} FROM {table.name} ORDER BY {key}")


@TABLES
def test_a_csv_file_has_every_value_as_it_is(
    archived: Archived, exported: Path, table: Table
) -> None:
    with (exported / f"csv/{table.name}.csv").open(encoding="utf-8", newline="") as file:
        head, *found = csv.reader(file, strict=True)
    assert head == [column.name for column in table.columns]
    wanted = [
        ["" if value is None else str(value) for value in row] for row in stored(archived, table)
    ]
    assert found == wanted


@TABLES
def test_a_json_file_has_every_value_as_it_is(
    archived: Archived, exported: Path, table: Table
) -> None:
    found = json.loads((exported / f"json/{table.name}.json").read_text("utf-8"))
    nested = [column.json for column in table.columns]
    assert [list(item) for item in found] == [
        [column.name for column in table.columns] for _ in found
    ]
    assert [list(item.values()) for item in found] == [
        [
            json.loads(value) if is_json and value is not None else value
            for is_json, value in zip(nested, row, strict=True)
        ]
        for row in stored(archived, table)
    ]


@FORMS
def test_the_dictionary_describes_every_file(exported: Path, form: Form) -> None:
    package = json.loads((exported / form / "datapackage.json").read_text("utf-8"))
    assert [resource["title"] for resource in package["resources"]] == [
        table.name for table in PUBLIC
    ]
    names = {resource["name"] for resource in package["resources"]}
    for resource, table in zip(package["resources"], PUBLIC, strict=True):
        content = (exported / form / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert resource["description"] == table.description
        fields = resource["schema"]["fields"]
        assert [(field["name"], field["description"]) for field in fields] == [
            (column.name, column.description) for column in table.columns
        ]
        assert resource["schema"]["primaryKey"] == list(table.primary_key)
        for key in resource["schema"].get("foreignKeys", ()):
            assert key["reference"]["resource"] in names


@FORMS
def test_values_have_the_types_that_the_dictionary_gives(exported: Path, form: Form) -> None:
    package = json.loads((exported / form / "datapackage.json").read_text("utf-8"))
    python: dict[str, tuple[type, ...]] = {
        "string": (str,),
        "integer": (int,),
        "number": (int, float),
        "array": (list,),
        "object": (dict,),
    }
    for resource in package["resources"]:
        if form == "csv":
            assert resource["schema"]["missingValues"] == [""]
            continue
        for row in json.loads((exported / form / resource["path"]).read_text("utf-8")):
            for field in resource["schema"]["fields"]:
                value, constraints = row[field["name"]], field.get("constraints", {})
                assert value is not None or not constraints.get("required")
                assert value is None or isinstance(value, python[field["type"]])
                assert value is None or value in constraints.get("enum", [value])


def test_hard_text_survives(tmp_path: Path) -> None:
    """Quotes, separators, line ends, formulas: CSV here is for programs, and exact."""
    text = '=SOMME(1;2), "dit-elle",</p><p>+33 ; à Évry'
    response = record("response", "one", answer(page("question", text)))
    folder = DataFolder(tmp_path / "data")
    bring_in(folder, [write(tmp_path / "a.warc.gz", [response])], workers=1)
    export_tables(folder, tmp_path / "csv", "csv")
    with (tmp_path / "csv/articles.csv").open(encoding="utf-8", newline="") as file:
        (article,) = csv.DictReader(file, strict=True)
    assert article["body_text"] == '=SOMME(1;2), "dit-elle",\n\n+33 ; à Évry'
    assert (tmp_path / "csv/articles.csv").read_bytes().count(b"\r\n") == 2


@FORMS
def test_what_is_there_is_not_overwritten(archived: Archived, tmp_path: Path, form: Form) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(BadInput, match="exists already"):
        export_tables(archived.folder, tmp_path / "out", form)
    with pytest.raises(BadInput, match="is no folder"):
        export_tables(archived.folder, tmp_path / "no/out", form)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
