"""How the stock Datasette pages present each table: French titles, facets, order, labels, units.

Descriptions come from `archiver.store.schema`, which also makes the data dictionary; this module
adds what only a reader of tables needs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from archiver.publish.opening import Contents
from archiver.store.schema import PUBLIC, Table


@dataclass(frozen=True, slots=True)
class Facet:
    """A count by value beside a table; `array` counts the items of a JSON array."""

    column: str
    kind: Literal["column", "array"] = "column"


@dataclass(frozen=True, slots=True)
class TableMetadata:
    """One table as readers meet it. `label` is the column shown in place of its bare id,
    `newest_first` the column it is sorted by, descending."""

    name: str
    title: str = ""
    description: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    facets: tuple[Facet, ...] = ()
    newest_first: str | None = None
    label: str | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class ArchiveMetadata:
    """The archive as a whole; `source_url` is known when it holds one site only."""

    title: str
    description: str
    source: str
    source_url: str | None
    license: str
    license_url: str
    tables: tuple[TableMetadata, ...]


@dataclass(frozen=True, slots=True)
class _Presentation:
    title: str
    facets: tuple[Facet, ...] = ()
    newest_first: str | None = None
    label: str | None = None
    units: Mapping[str, str] = field(default_factory=dict)


_PRESENTED: Mapping[str, _Presentation] = {
    "sites": _Presentation("Sites archivés", label="name"),
    "articles": _Presentation(
        "Articles",
        facets=(Facet("kind"), Facet("lang"), Facet("categories", "array")),
        newest_first="published_on",
        label="title",
    ),
    "questions": _Presentation(
        "Questions et réponses",
        facets=(Facet("status"), Facet("addressee"), Facet("type"), Facet("legislature")),
        newest_first="asked_on",
        label="addressee",
    ),
    "revisions": _Presentation("Versions successives", newest_first="seen_at", label="seen_at"),
    "comment_counts": _Presentation(
        "Relevés de commentaires", facets=(Facet("source"),), newest_first="observed_at"
    ),
    "events": _Presentation("Événements", facets=(Facet("kind"),), newest_first="at", label="kind"),
    "corrections": _Presentation(
        "Corrections", facets=(Facet("field"),), newest_first="corrected_on", label="field"
    ),
    "problems": _Presentation(
        "Anomalies", facets=(Facet("kind"),), newest_first="seen_at", label="kind"
    ),
    "crawls": _Presentation(
        "Collectes",
        facets=(Facet("site_id"), Facet("source"), Facet("outcome")),
        newest_first="started_at",
        label="started_at",
    ),
    "captures": _Presentation(
        "Captures",
        facets=(Facet("status"), Facet("content_type"), Facet("method")),
        newest_first="captured_at",
        label="url",
        units={"warc_length": "byte"},
    ),
}

_TITLE = "Archive des questions et actualités des députés"
_DESCRIPTION = (
    "Les pages publiées par des élus sur leur site : questions au Gouvernement, réponses, "
    "actualités, nombre de commentaires, et ce qui en a changé ou disparu. Chaque ligne vient "
    "d’une capture conservée au format WARC."
)
SITE_NAME = "Archive des questions"
_LICENSE = "Textes : leurs auteurs ; relevés, index et descriptions : Licence Ouverte 2.0"
LICENSE_URL = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"


def table_title(name: str) -> str:
    """What a table is called in French; a table of the archive's own work keeps its name."""
    return _PRESENTED[name].title if name in _PRESENTED else name


def describe(contents: Contents) -> ArchiveMetadata:
    """Metadata for this database; every table outside the public contract is hidden."""
    names = [name for name, _ in contents.sites]
    public = {table.name for table in PUBLIC}
    return ArchiveMetadata(
        title=_TITLE,
        description=_DESCRIPTION,
        source=", ".join(names) if names else "aucun site encore",
        source_url=contents.sites[0][1] if len(contents.sites) == 1 else None,
        license=_LICENSE,
        license_url=LICENSE_URL,
        tables=(
            *(_described(table) for table in PUBLIC),
            *(TableMetadata(name, hidden=True) for name in contents.tables if name not in public),
        ),
    )


def _described(table: Table) -> TableMetadata:
    presented = _PRESENTED[table.name]
    return TableMetadata(
        name=table.name,
        title=presented.title,
        description=table.description,
        columns={column.name: column.description for column in table.columns},
        units=presented.units,
        facets=presented.facets,
        newest_first=presented.newest_first,
        label=presented.label,
    )
