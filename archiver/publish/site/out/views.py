"""The addresses from which lists are taken away: a search's articles, its questions, its changes.

A search is read from the address as its page reads it, so that `/recherche?…` and
`/recherche.csv?…` find the same.
"""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from datasette.utils.asgi import Response

from archiver.publish.site.addresses import linker, with_query
from archiver.publish.site.clock import today
from archiver.publish.site.deadlines import ORAL
from archiver.publish.site.formats import count, number
from archiver.publish.site.out import calendar, feeds, tables
from archiver.publish.site.out.conditional import LAST_MODIFIED
from archiver.publish.site.out.links import MOST_ARTICLES, MOST_CHANGES, MOST_QUESTIONS
from archiver.publish.site.out.requests import (
    chosen_kinds,
    named,
    on_questions,
    part_of,
)
from archiver.publish.site.pages.search import chosen, effective_order
from archiver.publish.site.queries import listing
from archiver.publish.site.queries.changes import TELLING, Scope
from archiver.publish.site.queries.overview import by_month
from archiver.publish.site.queries.searching import Order, Totals
from archiver.publish.site.reading import read
from archiver.publish.site.search.request import Request, read_request
from archiver.publish.site.tabular import respond

MOST_DUE = 2_000


@dataclass(frozen=True, slots=True)
class FeedOf:
    """A feed by the path of its page: its title, which searches and which kinds of change."""

    title: str
    page: str
    narrowed: Callable[[Request], Request] = lambda search: search
    kinds: tuple[str, ...] = TELLING


FEEDS: Mapping[str, FeedOf] = {
    "/recherche.atom": FeedOf("Changements", "/recherche"),
    "/changements.atom": FeedOf("Changements", "/changements"),
    "/questions.atom": FeedOf("Questions et réponses", "/recherche", on_questions),
    "/ministres.atom": FeedOf("Questions et réponses", "/ministres", on_questions),
    "/commentaires.atom": FeedOf(
        "Commentaires et votes", "/commentaires", kinds=("comments", "votes")
    ),
}


async def articles(datasette: Any, request: Any) -> Response:
    """`/recherche.<format>`: one row an article found."""
    search, link = read_request(request.args, today()), linker(datasette, request)
    part = part_of(request, search, MOST_ARTICLES)

    def write(connection: sqlite3.Connection) -> Response:
        found = listing.found(connection, search.asked)
        rows = listing.Rows(part.size, part.offset)
        order = _order(search, found)
        table = tables.articles(
            listing.articles(connection, search.asked, order, found, rows), link
        )
        whole = part.of(table, found.articles, link, asdict(found))
        return respond(whole, request.url_vars["format"], named("articles", search))

    return await _written(datasette, write)


async def questions(datasette: Any, request: Any) -> Response:
    """`/questions.<format>`: one row a question found."""
    search, link = read_request(request.args, today()), linker(datasette, request)
    part = part_of(request, search, MOST_QUESTIONS)

    def write(connection: sqlite3.Connection) -> Response:
        found = listing.found(connection, search.asked)
        rows = listing.Rows(part.size, part.offset)
        order = _order(search, found)
        table = tables.questions(listing.questions(connection, search.asked, order, rows), link)
        whole = part.of(table, found.questions, link, asdict(found))
        return respond(whole, request.url_vars["format"], named("questions", search))

    return await _written(datasette, write)


async def to_questions(datasette: Any, request: Any) -> Response:  # noqa: ARG001 - given by name
    """`/questions`: the search page, among the articles that ask questions."""
    search = on_questions(read_request(request.args, today()))
    return Response.redirect(search.link())


async def months(datasette: Any, request: Any) -> Response:
    """`/mois.<format>`: the questions by month of publication, as the home page draws them."""
    rows, _ = await read(datasette, by_month)
    return respond(tables.months(rows), request.url_vars["format"], "questions-par-mois")


async def changes(datasette: Any, request: Any) -> Response:
    """`/changements.<format>`: one row a change of the articles that a search finds."""
    search, link = read_request(request.args, today()), linker(datasette, request)
    word, kinds = chosen_kinds(request.args)
    part = part_of(request, search, MOST_CHANGES, changement=word)

    def write(connection: sqlite3.Connection) -> Response:
        items = feeds.gather(connection, Scope(search.asked, kinds), part)
        whole = part.of(tables.changes(items.changes, link), items.total, link)
        return respond(whole, request.url_vars["format"], named("changements", search, word))

    return await _written(datasette, write)


async def feed(datasette: Any, request: Any) -> Response:
    """The Atom feeds of FEEDS: the changes of the articles that a search finds."""
    of = FEEDS[request.path]
    search = read_request(request.args, today())
    narrowed = of.narrowed(search)
    word, kinds = chosen_kinds(request.args, of.kinds)
    part = part_of(request, search, feeds.ENTRIES, changement=word)
    channel = feeds.Channel(
        titled(of.title, search),
        with_query(of.page, [*narrowed.pairs(), ("changement", word)]),
        Scope(narrowed.asked, kinds),
        named(of.page.strip("/"), search, word),
    )
    return await feeds.view(datasette, request, channel, part)


async def due(datasette: Any, request: Any) -> Response:
    """`/questions.ics`: the days by which the found questions should be answered."""
    search, link = read_request(request.args, today()), linker(datasette, request)

    def write(connection: sqlite3.Connection) -> Response:
        total, rows = listing.awaited(connection, search.asked, ORAL, MOST_DUE)
        told = count(total, "réponse attendue", "réponses attendues")
        if len(rows) < total:
            told += f" ; ici, les {number(len(rows))} dernières échéances"
        headers = {
            LAST_MODIFIED: feeds.modified(datasette, search.asked),
            "cache-control": feeds.CACHE,
            "access-control-allow-origin": "*",
            "x-total-count": str(total),
            "content-disposition": f'inline; filename="{named("echeances", search)}.ics"',
        }
        body = calendar.write(titled("Réponses attendues", search), f"{told}.", rows, link)
        return Response(body, headers=headers, content_type=calendar.MEDIA_TYPE)

    return await _written(datasette, write)


async def _written(datasette: Any, write: Callable[[sqlite3.Connection], Response]) -> Response:
    """A long document, written in the thread that reads it, so that no other reader waits."""
    response, _ = await read(datasette, write)
    return response


def titled(title: str, search: Request) -> str:
    """A title that tells what is searched: « Changements : « retraites », Statut : Répondue »."""
    typed = [f"« {search.text} »"] if search.text else []
    told = [
        f"{choice.title} : {choice.text}"
        for choice, pair in zip(chosen(search), search.asked.filters.pairs(), strict=True)
        if pair not in search.asked.typed.fields
    ]
    return f"{title} – {', '.join(typed + told)}" if typed or told else title


def _order(search: Request, found: listing.Found) -> Order:
    """The order of the search page."""
    return effective_order(search, Totals(found.articles, found.questions, {}, ()))
