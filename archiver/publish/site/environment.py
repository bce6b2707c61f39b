"""What the templates may call: filters that write French, and the addresses of our own pages."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment

from archiver.publish.site import formats
from archiver.publish.site.addresses import official_record, proof_path, with_query
from archiver.publish.site.deadlines import rules_of
from archiver.publish.site.out import links
from archiver.publish.site.search.marking import marked
from archiver.publish.site.structured import site_data
from archiver.publish.site.tabular import KINDS
from archiver.publish.site.texts import paragraphs
from archiver.publish.site.typography import FrenchSpaces, bound

STATIC = Path(__file__).parent / "static"
SECTIONS = (
    ("/", "Accueil"),
    ("/recherche", "Recherche"),
    ("/lot", "Par lot"),
    ("/changements", "Changements"),
    ("/ministres", "Ministres"),
    ("/commentaires", "Commentaires"),
    ("/archive", "Données"),
    ("/etat", "État"),
)


@cache
def asset(name: str) -> str:
    """The address of one of our static files, with a digest so that caches follow changes."""
    digest = sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/-/static-plugins/archiver.publish.site/{name}?{digest}"


def search_path(**filters: str) -> str:
    """The address of a search."""
    return with_query("/recherche", filters)


def prepare(env: Environment) -> None:
    """Add filters, globals and French spacing to the environment that Datasette renders with."""
    env.add_extension(FrenchSpaces)
    env.filters.update(
        day=formats.day,
        month=formats.month,
        moment=formats.moment,
        number=formats.number,
        count_of=formats.count,
        wait=formats.wait,
        size=formats.size,
        addressee=formats.addressee,
        status_name=lambda value: formats.STATUS_NAMES.get(value, value),
        type_name=lambda value: formats.TYPE_NAMES.get(value, value),
        kind_name=lambda value: formats.KIND_NAMES.get(value, value),
        language=formats.language,
        marked=marked,
        bound=bound,
        paragraphs=paragraphs,
        event_name=lambda value: formats.EVENT_NAMES.get(value, value),
        query=lambda pairs: urlencode({k: v for k, v in pairs.items() if v}),
    )
    env.tests["foreign"] = formats.is_foreign
    names: dict[str, Any] = {
        "asset": asset,
        "search_path": search_path,
        "official_record": official_record,
        "rules_of": rules_of,
        "proof_path": proof_path,
        "sections": SECTIONS,
        "export_kinds": tuple(KINDS.items()),
        "site_data": site_data,
        "exports_of_search": links.of_search,
        "exports_of_list": links.of_list,
        "exports_of_comments": links.of_comments,
        "percent": formats.percent,
    }
    env.globals.update(names)
