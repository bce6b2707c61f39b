"""The changes of articles as Atom feeds: of all articles, of a search, or of one article."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from datasette.utils.asgi import Response

from archiver.publish.opening import DATABASE_NAME
from archiver.publish.site.addresses import linker, proof_path
from archiver.publish.site.clock import PARIS
from archiver.publish.site.formats import EVENT_NAMES, count, number
from archiver.publish.site.out import atom
from archiver.publish.site.out.conditional import LAST_MODIFIED, last_modified
from archiver.publish.site.out.requests import Link, Slice
from archiver.publish.site.out.telling import beginning, headline, sentence
from archiver.publish.site.queries.changes import KIND_SLUGS, Change, Scope, changes, how_many
from archiver.publish.site.queries.searching import Asked
from archiver.publish.site.reading import read
from archiver.publish.site.search.filters import conditions

ENTRIES = 500
"""The changes in one document; older ones are in the pages it leads to (RFC 5005)."""

CACHE = "max-age=60"


@dataclass(frozen=True, slots=True)
class Channel:
    """What a feed is of: its title, the path of the page with the same list, the changes, and the
    name of its file without an ending."""

    title: str
    page: str
    scope: Scope
    name: str


@dataclass(frozen=True, slots=True)
class Items:
    """The changes of one document of a list, how many there are in all, and the instant of the
    newest capture."""

    total: int
    changes: tuple[Change, ...]
    newest_capture: str | None


def gather(connection: sqlite3.Connection, scope: Scope, part: Slice) -> Items:
    """Read the changes of one document."""
    (newest,) = connection.execute("select max(captured_at) from captures").fetchone()
    return Items(
        how_many(connection, scope), changes(connection, scope, part.size, part.offset), newest
    )


async def view(datasette: Any, request: Any, channel: Channel, part: Slice) -> Response:
    """One document of a feed as an answer, written in the thread that reads it."""
    link = linker(datasette, request)

    def write(connection: sqlite3.Connection) -> Response:
        items = gather(connection, channel.scope, part)
        headers = {
            LAST_MODIFIED: modified(datasette, channel.scope.asked),
            "cache-control": CACHE,
            "access-control-allow-origin": "*",
            "x-total-count": str(items.total),
            "content-disposition": f'inline; filename="{channel.name}.atom"',
        }
        body = atom.write(_feed(channel, part, items, link))
        return Response(body, headers=headers, content_type=atom.MEDIA_TYPE)

    response, _ = await read(datasette, write)
    return response


def _feed(channel: Channel, part: Slice, items: Items, link: Link) -> atom.Feed:
    previous, following = part.previous(), part.following(items.total)
    return atom.Feed(
        title=channel.title,
        subtitle=subtitle(items, part),
        address=link(part.link()),
        here=link(part.link(part.page)),
        page=link(channel.page),
        home=link("/"),
        updated=max((change.at for change in items.changes), default=items.newest_capture),
        entries=tuple(entry(change, link) for change in items.changes),
        previous=link(previous) if previous else None,
        following=link(following) if following else None,
    )


def subtitle(items: Items, part: Slice) -> str:
    """How many changes there are, and which of them this document has."""
    told = count(items.total, "changement")
    if len(items.changes) == items.total:
        return f"{told}."
    first, last = part.offset + 1, part.offset + len(items.changes)
    if last < first:
        return f"{told} ; aucun dans cette page."
    return (
        f"{told} ; ici du nᵒ {number(first)} au nᵒ {number(last)}, du plus récent au plus ancien."
    )


def entry(change: Change, link: Link) -> atom.Entry:
    """One change as an entry."""
    text = beginning(change)
    return atom.Entry(
        id=identity(change),
        title=headline(change),
        updated=change.at,
        page=link(change.article.path),
        original=change.article.url,
        proof=link(proof_path(change.record_id)),
        summary=f"{sentence(change)}\n\n{text}" if text else sentence(change),
        category=(
            KIND_SLUGS.get(change.kind, change.kind),
            EVENT_NAMES.get(change.kind, change.kind),
        ),
    )


def identity(change: Change) -> str:
    """The ID of a change. The first sight of an article has no instant in it, since an older
    capture found later moves that instant and is no news."""
    kind = KIND_SLUGS.get(change.kind, change.kind)
    names = [change.article.key, kind]
    if change.kind != "new":
        names.append(change.at)
    if change.ordinal:
        names.append(str(change.ordinal + 1))
    return atom.tag(change.article.site_id, *names)


def modified(datasette: Any, asked: Asked) -> str:
    """When what a search finds may last have changed: with the database, and where it depends on
    the day (« en retard »), at the last midnight in Paris."""
    database = Path(datasette.get_database(DATABASE_NAME).path)
    daily = "today" in conditions(asked.filters, asked.today).values
    midnight = datetime.fromisoformat(asked.today).replace(tzinfo=PARIS)
    return last_modified(database, *((midnight,) if daily else ()))
