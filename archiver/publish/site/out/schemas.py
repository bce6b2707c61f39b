"""The lists of `out.columns` as JSON Schemas (2020-12, which OpenAPI 3.1 uses)."""

from collections.abc import Iterable, Mapping
from typing import Any

from archiver.publish.site.out import columns
from archiver.publish.site.out.columns import Column

Json = dict[str, Any]


def row_schema(columns: Iterable[Column]) -> Json:
    """A row of a list as a JSON Schema."""
    properties: Json = {}
    for column in columns:
        value: Json = {"type": column.type if column.always else [column.type, "null"]}
        if column.format:
            value["format"] = column.format
        properties[column.name] = {**value, "description": column.description}
    return _object(properties)


def list_schema(row: Json, figures: Mapping[str, str]) -> Json:
    """The JSON of a list of such rows; `figures` are its further whole numbers."""
    counted = {
        "total": "Nombre de lignes de la liste entière.",
        "rendues": "Nombre de lignes de ce document.",
        **figures,
    }
    return _object(
        {
            **{name: {"type": "integer", "description": text} for name, text in counted.items()},
            "suite": {
                "type": ["string", "null"],
                "format": "uri",
                "description": "Adresse des lignes suivantes, s’il y en a.",
            },
            "lignes": {"type": "array", "items": row},
        }
    )


def article_schema() -> Json:
    """The JSON of one article: the columns of the list of articles, with all that hangs on it."""
    text: Json = {"type": ["string", "null"], "description": "Le texte entier de la page."}
    parts: Mapping[str, tuple[Column, ...]] = {
        "questions": columns.QUESTIONS,
        "versions": columns.VERSIONS,
        "changements": columns.CHANGES,
        "releves": columns.READINGS,
        "corrections": columns.CORRECTIONS,
    }
    rows = {
        name: {"type": "array", "items": row_schema(described)} for name, described in parts.items()
    }
    return _object({**row_schema(columns.ARTICLES)["properties"], "texte": text, **rows})


def error_schema() -> Json:
    """What stands in place of data that cannot be given."""
    return _object(
        {
            "ok": {"type": "boolean", "description": "Toujours faux."},
            "error": {"type": "string", "description": "La raison, en une phrase."},
            "status": {"type": "integer", "description": "Le code HTTP de la réponse."},
        }
    )


def _object(properties: Json) -> Json:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
