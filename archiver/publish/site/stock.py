"""What Datasette's own pages need to speak French: the words of their filters, labels in place of
bare numbers, and links from a row to the page that readers see.

Their templates are `templates/{database,table,row,query}.html`; the frame is that of our pages.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from datasette.utils import tilde_encode
from markupsafe import Markup

from archiver.publish.labels import column_label
from archiver.publish.metadata import table_title
from archiver.publish.opening import DATABASE_NAME
from archiver.publish.site.addresses import (
    article_key,
    article_path,
    original_path,
    proof_path,
)
from archiver.publish.site.queries.rows import ARTICLE_COLUMNS, article_line
from archiver.publish.site.reading import read
from archiver.publish.site.search.naming import value_name
from archiver.store.schema import PUBLIC

TEMPLATES = frozenset({"database.html", "table.html", "row.html", "query.html"})

LOOKUPS: Mapping[str, str] = {
    "exact": "est",
    "not": "n’est pas",
    "contains": "contient",
    "endswith": "finit par",
    "startswith": "commence par",
    "gt": "est après, ou plus grand que",
    "gte": "est au moins",
    "lt": "est avant, ou plus petit que",
    "lte": "est au plus",
    "like": "ressemble à (LIKE)",
    "notlike": "ne ressemble pas à (LIKE)",
    "glob": "ressemble à (GLOB)",
    "in": "est l’un de",
    "notin": "n’est aucun de",
    "arraycontains": "a pour élément",
    "arraynotcontains": "n’a pas pour élément",
    "date": "est du jour",
    "isnull": "est inconnu",
    "notnull": "est connu",
    "isblank": "est vide",
    "notblank": "n’est pas vide",
}
_WITHOUT_VALUE = frozenset({"isnull", "notnull", "isblank", "notblank"})
_FACET_FILTERS: Mapping[tuple[str, str], str] = {
    ("articles", "kind"): "genre",
    ("articles", "lang"): "langue",
    ("questions", "status"): "statut",
    ("questions", "type"): "type",
}
_PUBLIC = frozenset(table.name for table in PUBLIC)


def describe_filters(selections: Iterable[tuple[str, str, str]], table: str) -> str:
    """The filters of a table in words: « Statut est pending, Posée le est connu »."""
    told = []
    for column, lookup, value in selections:
        if lookup in LOOKUPS:
            end = "" if lookup in _WITHOUT_VALUE else f" « {value} »"
            told.append(f"{column_label(column, table)} {LOOKUPS[lookup]}{end}")
    return ", ".join(told)


def facet_value(table: str, column: str, label: object) -> str:
    """A value counted beside a table, in French where the archive has a word of its own."""
    if label is None or label == "":
        return "(vide)"
    name = _FACET_FILTERS.get((table, column))
    return value_name(name, str(label)) if name else str(label)


def cell(row: sqlite3.Row, value: object, column: str, table: str | None) -> Markup | None:
    """A cell that leads to the page readers see: an article's title, in the table and in the ready
    queries, and a capture's identifier."""
    if (table, column) == ("captures", "record_id"):
        return _link(proof_path(str(value)), str(value))
    if (table, column) == ("articles", "title"):
        known = set(row.keys())
        if {"site_id", "url", "post_id"} <= known:
            site, post = (_plain(row[name]) for name in ("site_id", "post_id"))
            key = article_key(str(row["url"]), post if isinstance(post, int) else None)
            return _link(article_path(str(site), key), str(value))
    if (table, column) == (None, "titre") and "adresse" in row.keys():  # noqa: SIM118 - a sqlite3.Row
        path = original_path(str(row["adresse"]))
        return _link(path, str(value)) if path else None
    return None


def _plain(value: object) -> object:
    """A value that Datasette may have replaced by its label and itself."""
    return value["value"] if isinstance(value, dict) else value


def _link(path: str, text: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(path, text)


async def variables(datasette: Any, request: Any) -> dict[str, Any]:
    """What the templates use besides Datasette's own variables."""
    _, chrome = await read(datasette, lambda _: None)

    async def labelled(table: str, column: str, value: object) -> Markup | None:
        """A foreign key as a link under its label; None of any other value."""
        if value is None:
            return None
        labels = await datasette.expand_foreign_keys(DATABASE_NAME, table, column, [value])
        if not labels:
            return None
        keys = await datasette.get_database(DATABASE_NAME).foreign_keys_for_table(table)
        other = next(key["other_table"] for key in keys if key["column"] == column)
        address = datasette.urls.row(DATABASE_NAME, other, tilde_encode(str(value)))
        return _link(address, str(next(iter(labels.values()))))

    async def reading_page(table: str, row: sqlite3.Row) -> str | None:
        """The page on which readers see what a row tells."""
        names = set(row.keys())
        if table == "captures":
            return proof_path(row["record_id"])
        article = row["id"] if table == "articles" else None
        article = row["article_id"] if "article_id" in names else article
        if article is None:
            return None
        found, _ = await read(
            datasette,
            lambda connection: connection.execute(
                f"select {ARTICLE_COLUMNS} from articles a where a.id = ?", (article,)
            ).fetchone(),
        )
        return article_line(found).path if found else None

    return {
        "chrome": chrome,
        "path": request.path,
        "here": request.full_path,
        "column_label": column_label,
        "table_title": table_title,
        "describe_filters": describe_filters,
        "facet_value": facet_value,
        "lookups": LOOKUPS,
        "public_tables": _PUBLIC,
        "labelled": labelled,
        "reading_page": reading_page,
    }
