"""The page of changes: what the archive has seen appear, change and vanish, newest first."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from datasette.utils.asgi import Response

from archiver.publish.site.addresses import with_query
from archiver.publish.site.clock import today
from archiver.publish.site.formats import EVENT_NAMES, count, moment
from archiver.publish.site.out.feeds import Items, gather
from archiver.publish.site.out.links import of_list
from archiver.publish.site.out.requests import EVERYTHING, chosen_kinds, part_of
from archiver.publish.site.out.telling import sentence
from archiver.publish.site.out.views import titled
from archiver.publish.site.queries.changes import KIND_SLUGS, Change, Scope
from archiver.publish.site.reading import page, read
from archiver.publish.site.search.request import read_request

PAGE_SIZE = 50
PATH = "/changements"


@dataclass(frozen=True, slots=True)
class Seen:
    """The changes that captures of one minute show."""

    at: str
    changes: tuple[tuple[Change, str], ...]


async def view(datasette: Any, request: Any) -> Response:
    """`/changements`, with `changement` and the filters of a search"""
    search = read_request(request.args, today())
    word, kinds = chosen_kinds(request.args)
    part = part_of(request, search, PAGE_SIZE, changement=word)
    scope = Scope(search.asked, kinds)
    items, chrome = await read(datasette, lambda connection: gather(connection, scope, part))
    exports = of_list(
        count(items.total, "changement"), PATH, part.pairs, items.total, "Changements de cette page"
    )
    return await page(
        datasette,
        request,
        "changes.html",
        chrome,
        {
            "canonical": datasette.absolute_url(request, part.link(part.page)),
            "total": items.total,
            "search": search if search.text or search.asked.filters.pairs() else None,
            "heading": titled("Ce que l’archive a vu changer", search),
            "seen": grouped(items),
            "word": word,
            "choices": choices(search.pairs(), word),
            "exports": exports,
            "page": part.page,
            "last": max(1, -(-items.total // PAGE_SIZE)),
            "previous": part.previous(),
            "next": part.following(items.total),
        },
    )


def grouped(items: Items) -> tuple[Seen, ...]:
    """The changes by the minute in which they were seen, each with its sentence."""
    return tuple(
        Seen(changes[0].at, tuple((change, sentence(change)) for change in changes))
        for changes in (
            list(same) for _, same in groupby(items.changes, lambda change: moment(change.at))
        )
    )


def choices(pairs: list[tuple[str, str]], word: str) -> list[tuple[str, str, bool]]:
    """(name, address, chosen) of the kinds of change one can look at."""
    kinds = [("Les plus parlants", ""), ("Tous", EVERYTHING)]
    kinds += [(EVENT_NAMES[kind], slug) for kind, slug in KIND_SLUGS.items()]
    return [
        (name, with_query(PATH, [*pairs, ("changement", slug)]), slug == word)
        for name, slug in kinds
    ]
