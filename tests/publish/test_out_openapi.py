"""`/openapi.json`: every address of data is in it, every example in it answers as it says."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx
import pytest
import pytest_asyncio
from datasette.app import Datasette

from archiver.publish.site.out.parameters import FILTERS
from archiver.publish.site.out.views import FEEDS
from archiver.publish.site.routes import routes
from archiver.publish.site.search.filters import FILTER_NAMES
from archiver.publish.site.tabular import KINDS
from tests.publish.held import HeldArchive, hold
from tests.publish.serving import served
from tests.publish.taken import as_json, got

TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "array": (list,),
    "object": (dict,),
}
DATA = r"\\\.(atom|ics|json|\(\?P<format>)(?<!openapi\\\.json)"
SHAPES = {
    "date": r"\d{4}-\d\d-\d\d",
    "date-time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z",
    "uri": r"(https?://|urn:)\S+",
}


@pytest_asyncio.fixture
async def described(site: Datasette) -> dict[str, Any]:
    return await as_json(site, "/openapi.json")


def conforms(value: Any, schema: Mapping[str, Any], where: str = "") -> None:
    """Assert the part of JSON Schema that the document uses."""
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if value is None:
        assert "null" in kinds, where
        return
    allowed = [one for kind in kinds if kind != "null" for one in TYPES[kind]]
    assert isinstance(value, tuple(allowed)), f"{where}: {value!r}"
    if "format" in schema:
        assert re.fullmatch(SHAPES[schema["format"]], str(value)), f"{where}: {value}"
    if isinstance(value, list) and "items" in schema:
        for item in value:
            conforms(item, schema["items"], where)
    if isinstance(value, dict) and "properties" in schema:
        assert set(value) == set(schema["required"]) == set(schema["properties"]), where
        for name, inner in value.items():
            conforms(inner, schema["properties"][name], f"{where}.{name}")


def examples(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """(template, address, operation): each operation with its examples in the path, then with
    each of its other examples."""
    shared = document["components"]["parameters"]
    for template, methods in document["paths"].items():
        assert list(methods) == ["get"]
        operation = methods["get"]
        parameters = [
            shared[p["$ref"].rsplit("/", 1)[1]] if "$ref" in p else p
            for p in operation["parameters"]
        ]
        in_path = {p["name"]: p["example"] for p in parameters if p["in"] == "path"}
        assert set(re.findall(r"\{(\w+)\}", template)) == set(in_path), template
        address = template
        for name, value in in_path.items():
            address = address.replace(f"{{{name}}}", quote(value))
        yield template, address, operation
        for parameter in parameters:
            if parameter["in"] == "query" and "example" in parameter:
                pair = {parameter["name"]: parameter["example"]}
                yield template, f"{address}?{urlencode(pair)}", operation


@pytest.mark.asyncio
async def test_every_example_answers_as_described(
    site: Datasette, described: dict[str, Any]
) -> None:
    tried = 0
    for template, address, operation in examples(described):
        if template.startswith("/preuve/"):
            continue
        answer = await got(site, address)
        kind = answer.headers["content-type"].split(";")[0]
        contents = operation["responses"]["200"]["content"]
        assert kind in contents, address
        if kind == "application/json":
            conforms(answer.json(), contents[kind]["schema"], address)
        tried += 1
    assert tried > 80


@pytest.mark.asyncio
async def test_what_is_not_there_is_told_as_described(
    site: Datasette, described: dict[str, Any]
) -> None:
    for template, methods in described["paths"].items():
        described_answers = methods["get"]["responses"]
        if "404" not in described_answers:
            continue
        names = {"site": "nul", "article": "1", "capture": "urn:nul", "format": "json"}
        answer = await site.client.get(template.format_map(names))
        kind = answer.headers["content-type"].split(";")[0]
        assert answer.status_code == 404, template
        assert (kind == "application/json") == template.endswith(("json", "{format}")), template
        if kind == "application/json":
            schema = described_answers["404"]["content"][kind]["schema"]
            conforms(answer.json(), schema, template)


@pytest.mark.asyncio
async def test_every_format_of_every_list_answers(
    site: Datasette, described: dict[str, Any]
) -> None:
    for template, address, operation in examples(described):
        (form, *_) = [p for p in operation["parameters"] if p.get("name") == "format"] or [None]
        if form is None or "?" in address:
            continue
        for kind in form["schema"]["enum"]:
            path = address.removesuffix(f".{form['example']}") + f".{kind}"
            answer = await got(site, path)
            if template.startswith("/citer/"):
                continue
            assert (
                answer.headers["content-type"].split(";")[0]
                in (operation["responses"]["200"]["content"])
            )


@pytest.mark.asyncio
async def test_every_address_of_data_is_described(described: dict[str, Any]) -> None:
    paths = [
        path.replace("{format}", kind)
        for path in described["paths"]
        for kind in (KINDS if "{format}" in path else [""])
    ]
    bare = [path.replace("{site}", "s").replace("{article}", "1") for path in paths]
    bare = [path.replace("{capture}", "urn:x") for path in bare]
    left = [pattern for pattern, _ in routes() if re.search(DATA, pattern)]
    assert len(left) >= 17
    assert set(FEEDS) <= set(bare)
    for pattern in left:
        assert any(re.fullmatch(pattern, path) for path in bare), pattern


@pytest.mark.asyncio
async def test_every_parameter_and_column_is_told_in_french(described: dict[str, Any]) -> None:
    def descriptions(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            if "schema" in value and "in" in value:
                yield value["description"]
            for name, inner in value.get("properties", {}).items():
                assert inner.get("description") or inner["type"] == "array", name
            for inner in value.values():
                yield from descriptions(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from descriptions(inner)

    told = list(descriptions(described))
    assert len(told) > 20
    assert all(text.endswith(".") for text in told)
    names = [operation["get"]["operationId"] for operation in described["paths"].values()]
    assert len(names) == len(set(names))


def test_every_filter_of_a_search_is_described() -> None:
    assert {"q", "elargir", "tri", "page", *FILTER_NAMES} == set(FILTERS)


def test_a_real_archive_is_its_own_example(tmp_path_factory: pytest.TempPathFactory) -> None:
    held: HeldArchive = hold(tmp_path_factory.mktemp("held") / "data")
    with served(held.folder.database) as root, httpx.Client(base_url=root, timeout=120) as client:
        document = json.loads(client.get("/openapi.json").text)
        assert document["servers"] == [{"url": root}]
        checked = [
            client.get(address)
            for template, address, _ in examples(document)
            if template.startswith(("/preuve/", "/article/", "/revisions/"))
        ]
    assert len(checked) > 3
    assert {answer.status_code for answer in checked} == {200}
    assert [a.json()["intact"] for a in checked if urlsplit(str(a.url)).path.startswith("/preuve")]
