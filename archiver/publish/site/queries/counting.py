"""The SQL of a search's totals, facets and months.

One materialised list of hits is grouped twice; articles with several questions, of which there are
few, are counted here one by one, since they count once for each value.
"""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import lru_cache

from archiver.publish.site.formats import primary
from archiver.publish.site.offices import office
from archiver.publish.site.queries.searching import Asked, SearchSql, Totals

_GROUPED = """
  with hits as materialized (
    select f.article_id, f.alone, substr(f.published_on, 1, 7) as month, f.lang, f.site_id, f.kind,
      f.status, f.type, f.legislature, f.addressee, f.categories
    from facets f where {where}
  )
  select null as article_id, count(*) as number, month, lang, site_id, kind, status, type,
    legislature, null as addressee, null as categories
  from hits where alone group by month, lang, site_id, kind, status, type,
    legislature
  union all
  select null, count(*), null, null, null, null, null, null, null, addressee, categories
  from hits where alone group by addressee, categories
  union all
  select article_id, 1, month, lang, site_id, kind, status, type, legislature, addressee, categories
  from hits where not alone
"""
Value = tuple[str, str]


def count(connection: sqlite3.Connection, asked: Asked) -> Totals:
    """How much a search finds."""
    sql = SearchSql(asked)
    counts: Counter[Value] = Counter()
    several: defaultdict[int, set[Value]] = defaultdict(set)
    articles = questions = 0
    for (
        article,
        number,
        month,
        lang,
        site,
        kind,
        status,
        type_,
        legislature,
        addressee,
        categories,
    ) in connection.execute(_GROUPED.format(where=sql.facets()), sql.values):
        plain = _plain(month, lang, site, kind, status, type_, legislature)
        named = _named(addressee, categories)
        if article is not None:
            several[article].update(plain, named)
            questions += 1
            continue
        for value in (*plain, *named):
            counts[value] += number
        if kind is not None:
            articles += number
            questions += number * (status is not None)
    for found in several.values():
        counts.update(found)
    return _totals(articles + len(several), questions, counts)


@lru_cache(maxsize=8192)
def _plain(
    month: str | None,
    lang: str | None,
    site: str | None,
    kind: str | None,
    status: str | None,
    type_: str | None,
    legislature: int | None,
) -> tuple[Value, ...]:
    """The values of a row that are facets as they are."""
    known = (
        ("annee", month and month[:4]),
        ("mois", month),
        ("langue", lang and primary(lang)),
        ("site", site),
        ("genre", kind),
        ("statut", status),
        ("type", type_),
        ("legislature", None if legislature is None else str(legislature)),
    )
    return tuple((name, value) for name, value in known if value is not None)


@lru_cache(maxsize=8192)
def _named(addressee: str | None, categories: str | None) -> tuple[Value, ...]:
    """The office asked and each of the categories."""
    held = office(addressee)
    found = [] if held is None else [("ministre", held)]
    if categories is not None:
        found += sorted({("categorie", str(value)) for value in json.loads(categories)})
    return tuple(found)


def _totals(articles: int, questions: int, counts: Mapping[tuple[str, str], int]) -> Totals:
    by_facet: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for (name, value), number in counts.items():
        by_facet[name].append((value, number))
    months = tuple(sorted(by_facet.pop("mois", [])))
    years = tuple(sorted(by_facet.pop("annee", []), reverse=True))
    facets = {
        name: tuple(sorted(values, key=lambda pair: (-pair[1], pair[0])))
        for name, values in by_facet.items()
    }
    return Totals(articles, questions, {**facets, "annee": years}, months)
