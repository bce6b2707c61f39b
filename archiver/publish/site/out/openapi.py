"""`/openapi.json`: what can be asked of this site by a program (OpenAPI 3.1).

The document is written by hand in `out.operations`; the columns of the lists are those of
`out.columns`, and the examples are of this very archive, so that each of them answers.
"""

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from datasette.utils.asgi import Response

from archiver.publish.metadata import LICENSE_URL, SITE_NAME
from archiver.publish.site.out.feeds import CACHE
from archiver.publish.site.out.operations import FORMATS, OPERATIONS, Operation
from archiver.publish.site.out.parameters import FILTERS, Parameter
from archiver.publish.site.out.schemas import Json, error_schema, list_schema, row_schema
from archiver.publish.site.queries.addresses import mapped
from archiver.publish.site.reading import read

_JSON = ("application/json", "application/vnd.citationstyles.csl+json")
VERSION = "1.0.0"
"""Of the addresses and columns described, not of the program."""

_ABOUT = (
    "Toute recherche et toute liste de ce site, en CSV, JSON, NDJSON, Atom ou iCalendar. Une "
    "valeur que rien ne dit est vide en CSV et `null` en JSON : ce n’est jamais zéro. Les jours "
    "sont ceux du site archivé ; les instants, terminés par `Z`, sont en temps universel. Une "
    "liste trop longue pour un document le dit : `X-Total-Count` donne le nombre de lignes en "
    "tout, l’en-tête `Link` (rel=next) et le champ `suite` l’adresse des suivantes. Les réponses "
    "portent un `ETag` : redemandez avec `If-None-Match`, rien n’est renvoyé si rien n’a changé. "
    "Une erreur aux adresses en `.json` et `.ndjson` est un objet JSON dont `error` dit la raison. "
    "Les tables elles-mêmes sont sous `/archive` (Datasette)."
)


async def view(datasette: Any, request: Any) -> Response:
    """`/openapi.json`"""
    examples, _ = await read(datasette, _examples)
    body = json.dumps(document(datasette.absolute_url(request, "/"), examples), ensure_ascii=False)
    headers = {
        "cache-control": CACHE,
        "access-control-allow-origin": "*",
        "content-disposition": 'inline; filename="openapi.json"',
    }
    kind = "application/json; charset=utf-8"  # which browsers show, as they do not OpenAPI's own
    return Response(body + "\n", headers=headers, content_type=kind)


def _examples(connection: sqlite3.Connection) -> Mapping[str, str]:
    """Names of this archive that answer, by parameter; none while it is empty."""
    found = mapped(connection, 1, 0)
    if not found:
        return {}
    article = found[0].article
    (record,) = connection.execute(
        "select record_id from captures c join articles a on a.capture_id = c.id where a.id = ?",
        (article.id,),
    ).fetchone()
    return {"site": article.site_id, "article": article.key, "capture": record}


def document(root: str, examples: Mapping[str, str]) -> Json:
    """The whole description; `root` is the absolute address of the home page."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": SITE_NAME,
            "version": VERSION,
            "description": _ABOUT,
            "license": {
                "name": "Licence Ouverte 2.0 (relevés, index et descriptions)",
                "url": LICENSE_URL,
            },
        },
        "servers": [{"url": root.rstrip("/")}],
        "paths": {
            operation.path: {"get": _operation(operation, examples)} for operation in OPERATIONS
        },
        "components": {
            "parameters": {name: _parameter(item, examples) for name, item in FILTERS.items()}
        },
    }


def _operation(operation: Operation, examples: Mapping[str, str]) -> Json:
    own = [_parameter(item, examples) for item in operation.parameters]
    shared = [{"$ref": f"#/components/parameters/{name}"} for name in operation.filters]
    answers: Json = {
        "200": {"description": operation.returns, "content": _content(operation)},
        "304": {"description": "Rien n’a changé depuis la réponse dont vous donnez l’ETag."},
        "503": _error("La demande a pris trop de temps : précisez-la."),
    }
    if "{" in operation.path.replace("{format}", ""):
        answers["404"] = _error("L’archive n’a rien à cette adresse.")
        answers["410"] = _error("L’article a été retiré de la publication.")
    return {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": operation.description,
        "parameters": own + shared,
        "responses": answers,
    }


def _error(description: str) -> Json:
    """An answer that explains itself, in JSON where data was to be, else on a page."""
    return {
        "description": description,
        "content": {
            FORMATS["json"]: {"schema": error_schema()},
            "text/html": {"schema": {"type": "string"}},
        },
    }


def _parameter(item: Parameter, examples: Mapping[str, str]) -> Json:
    schema: Json = {"type": "string"}
    if item.choices:
        schema["enum"] = list(item.choices)
    described: Json = {
        "name": item.name,
        "in": item.place,
        "required": item.place == "path",
        "description": item.description,
        "schema": schema,
    }
    example = item.example or examples.get(item.name)
    if example:
        described["example"] = example
    return described


def _content(operation: Operation) -> Json:
    if operation.columns is None:
        return {
            kind: {"schema": operation.schema if kind in _JSON else {"type": "string"}}
            for kind in operation.media_types
        }
    row = row_schema(operation.columns)
    text: Json = {"schema": {"type": "string"}}
    return {
        FORMATS["csv"]: text,
        FORMATS["json"]: {"schema": list_schema(row, operation.figures)},
        FORMATS["ndjson"]: text,
    }
