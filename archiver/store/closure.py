"""Reads everything that could bear on the article at some address, and nothing else.

From an address the search follows whatever the rules of identity can follow (canonical URLs,
redirects, translations, post IDs), so that articles outside what it finds cannot be affected.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from archiver.store.connection import Connection
from archiver.store.keys import host_of, post_number, short_key
from archiver.store.lives import Sighting

COLUMNS = (
    "SELECT o.capture_id, o.captured_at, c.record_id, o.url_key, o.own_key, o.twin_key,"
    " o.redirect_key, o.post_id, s.title_key, s.text_key, o.role, o.own_url, o.site_id,"
    " o.state_id, o.comment_count, o.vote_count, o.rating, o.article_id"
    " FROM observations o JOIN captures c ON c.id = o.capture_id"
    " LEFT JOIN article_states s ON s.id = o.state_id "
)
AT = COLUMNS + "WHERE o.url_key = ?1 OR o.own_key = ?1"
TOWARDS = COLUMNS + "WHERE o.twin_key = ?1 OR o.redirect_key = ?1"
OF_POST = COLUMNS + "WHERE o.post_id = ?1 AND o.host = ?2"


@dataclass(frozen=True, slots=True)
class Row:
    """An observation, with what identity does not ask for."""

    sighting: Sighting
    own_url: str | None
    site_id: str
    state_id: int | None
    comment_count: int | None
    vote_count: int | None
    rating: float | None
    article_id: int | None


@dataclass(frozen=True, slots=True)
class Closure:
    """The observations by capture ID, and the keys of every address among them."""

    rows: dict[int, Row]
    keys: frozenset[str]


def close_over(connection: Connection, key: str) -> Closure:
    """All observations that are linked to an address, however far."""
    rows: dict[int, Row] = {}
    keys: set[str] = set()
    posts: set[tuple[int, str]] = set()
    waiting = [key]
    while waiting:
        key = waiting.pop()
        if key in keys:
            continue
        keys.add(key)
        found = read(connection, AT, (key,))
        # Many addresses may lead to a page that is no article and leads nowhere, such as a list:
        # it links none of them.
        if any(row.sighting.own_key or row.sighting.redirect_key for row in found):
            found += read(connection, TOWARDS, (key,))
        wanted = {(number, host_of(key)) for number in (post_number(key),) if number is not None}
        for row in found:
            rows[row.sighting.capture_id] = row
            waiting.extend(neighbours(row.sighting))
            if row.sighting.post_id is not None:
                wanted.add((row.sighting.post_id, host_of(row.sighting.key)))
        for post_id, host in wanted - posts:
            posts.add((post_id, host))
            waiting.append(short_key(host, post_id))
            for row in read(connection, OF_POST, (post_id, host)):
                rows[row.sighting.capture_id] = row
                waiting.extend(neighbours(row.sighting))
    return Closure(rows, frozenset(keys))


def neighbours(item: Sighting) -> Iterable[str]:
    """The addresses that an observation speaks of."""
    return (
        key for key in (item.key, item.own_key, item.twin_key, item.redirect_key) if key is not None
    )


def read(connection: Connection, sql: str, parameters: tuple[object, ...]) -> list[Row]:
    return [
        Row(
            Sighting(
                capture_id=row[0],
                at=(row[1], row[2]),
                key=row[3],
                own_key=row[4],
                twin_key=row[5],
                redirect_key=row[6],
                post_id=row[7],
                title_key=row[8],
                text_key=row[9],
                missing=row[10] == "missing",
            ),
            *row[11:],
        )
        for row in connection.execute(sql, parameters)
    ]
