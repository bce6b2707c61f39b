"""Writes the data dictionary from the descriptions that Datasette shows too.

`python -m tests.docs.dictionary` renews `docs/dictionnaire.md`; a test holds the file to it.
"""

from collections.abc import Iterator
from pathlib import Path

from archiver.extract.problems import KINDS
from archiver.publish.ready_queries import READY_QUERIES
from archiver.store.schema import PUBLIC, SEARCHES, Column, Table

FILE = Path(__file__).parents[2] / "docs" / "dictionnaire.md"

OPENING = """\
# Dictionnaire des données

<!-- Fait par `python -m tests.docs.dictionary` : ne pas modifier à la main. -->

Les tables de `archive.db`, avec les descriptions que montre aussi le site de lecture.

Les instants sont en temps universel (`2024-05-31T07:12:09.123456Z`), les jours sont ceux du site
(`2024-05-31`). Une valeur vide (NULL) veut dire que rien, sur le site, ne la donne : jamais zéro.
« Tirée des captures » : la table se refait à l’identique à partir des fichiers WARC."""


def dictionary() -> str:
    """The whole file."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield OPENING
    for table in PUBLIC:
        yield from ("", f"## {table.name}", "", table.description)
        yield from ("", " ".join(_properties(table)), "")
        yield from ("| colonne | type | vide ? | description |", "|---|---|---|---|")
        for column in table.columns:
            empty = "oui" if column.null else "non"
            yield f"| `{column.name}` | {column.type} | {empty} | {_described(column)} |"
    yield from ("", "## Recherche", "")
    for search in SEARCHES:
        columns = ", ".join(f"`{name}`" for name in search.columns)
        yield f"- `{search.name}` : {search.description} Colonnes : {columns}."
    yield from ("", "## Sortes d’anomalies", "", "Les valeurs de `problems.kind`.", "")
    yield from ("| sorte | ce qu’elle veut dire |", "|---|---|")
    for kind, told in KINDS.items():
        yield f"| `{kind}` | {told} |"
    yield from ("", "## Requêtes prêtes", "")
    yield from ("| adresse | ce qu’elle montre |", "|---|---|")
    for query in READY_QUERIES:
        yield f"| `/archive/{query.name}` | **{query.title}.** {query.description} |"


def _properties(table: Table) -> Iterator[str]:
    key = ", ".join(f"`{name}`" for name in table.primary_key)
    yield f"Clé : {key}."
    for columns in table.unique:
        yield f"Unique : {', '.join(f'`{name}`' for name in columns)}."
    if table.derived:
        yield "Tirée des captures."


def _described(column: Column) -> str:
    text = column.description.replace("|", "\\|")
    return f"{text} → `{column.references}`" if column.references else text


if __name__ == "__main__":
    FILE.write_text(dictionary(), encoding="utf-8")
