"""What the lists of a site named in a crawl, apart from extraction so that readers' pages, which
ask for it too, start without it."""

import sqlite3
from collections.abc import Mapping

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
any page; a page that is no article, such as those in a sitemap, is `answered` only."""


def listed_in(
    connection: sqlite3.Connection, crawl_id: int
) -> tuple[Mapping[str, int], tuple[str, ...]]:
    """How many articles each list named in a crawl, and the listed URLs that the archive does not
    hold."""
    listed = connection.execute(
        f"{LISTED} SELECT source, count(*) FROM held WHERE article OR NOT answered GROUP BY source",
        (crawl_id,),
    )
    missing = connection.execute(
        f"{LISTED} SELECT min(url) FROM held WHERE NOT article AND NOT answered"
        " GROUP BY url_key ORDER BY 1",
        (crawl_id,),
    )
    return dict(listed.fetchall()), tuple(url for (url,) in missing)
