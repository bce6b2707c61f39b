"""What the lists of a site named in a crawl, apart from extraction so that readers' pages, which
ask for it too, start without it."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

LISTED = (
    "WITH listed AS (SELECT source, url_key, min(statements.url) AS url,"
    " max(protected) AS protected FROM statements JOIN captures ON captures.id = last_capture_id"
    " WHERE crawl_id = ? AND source <> 'comments'"
    " GROUP BY source, url_key), held AS (SELECT listed.*,"
    " EXISTS (SELECT 1 FROM observations o WHERE o.url_key = listed.url_key"
    " AND (o.own_key IS NOT NULL OR o.redirect_key IS NOT NULL)) AS article,"
    " EXISTS (SELECT 1 FROM observations o WHERE o.url_key = listed.url_key AND o.alive = 1)"
    " AS answered FROM listed)"
)
"""The lines of lists in a crawl: `article` when the address leads to one, `answered` when it gave
any page. A page that is no article, such as those in a sitemap or in a listing, is `answered` only
and no line that counts; feeds and REST name nothing but articles, so there it is one that lacks."""

_COUNTED = (
    f"{LISTED}, kept AS MATERIALIZED (SELECT * FROM held WHERE article OR NOT answered"
    " OR source IN ('feed', 'rest'))"
    " SELECT source, NULL, count(*), sum(NOT article) FROM kept GROUP BY source"
    " UNION ALL SELECT NULL, min(url), NULL, NULL FROM kept WHERE NOT article GROUP BY url_key"
)


@dataclass(frozen=True, slots=True)
class Listed:
    """What one of a site's lists named in a crawl, and how many of these the archive lacks."""

    source: str
    named: int
    missing: int


@dataclass(frozen=True, slots=True)
class ListedIn:
    """All lists of a crawl, by source, and the URLs in them that the archive lacks, in order."""

    lists: tuple[Listed, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def named(self) -> Mapping[str, int]:
        """How many articles each list named, by source."""
        return {one.source: one.named for one in self.lists}


def listed_in(connection: sqlite3.Connection, crawl_id: int) -> ListedIn:
    """What the lists named in a crawl, beside what the archive holds: every line is looked up
    once."""
    lists, missing = [], []
    for source, url, named, lacking in connection.execute(_COUNTED, (crawl_id,)):
        if source is None:
            missing.append(url)
        else:
            lists.append(Listed(source, named, lacking))
    return ListedIn(tuple(sorted(lists, key=lambda one: one.source)), tuple(sorted(missing)))
