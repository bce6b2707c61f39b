"""All that the archive holds of one article as JSON, its changes as a feed, its comments as a
table; under the columns of the lists, so that one reading of them serves."""

import sqlite3
from typing import Any

from datasette.utils.asgi import Response

from archiver.publish.site.addresses import linker
from archiver.publish.site.clock import today
from archiver.publish.site.out import feeds, tables
from archiver.publish.site.out.requests import DEEPEST_PART, Slice
from archiver.publish.site.pages.article import elsewhere, read_article
from archiver.publish.site.queries import articles as queries
from archiver.publish.site.queries.articles import Dossier
from archiver.publish.site.queries.changes import KIND_SLUGS, Change, Scope, changes
from archiver.publish.site.queries.listing import ListedArticle, ListedQuestion, Proof
from archiver.publish.site.queries.revisions import Revision, revisions
from archiver.publish.site.queries.rows import ArticleLine
from archiver.publish.site.queries.searching import Asked
from archiver.publish.site.search.filters import Filters
from archiver.publish.site.search.request import page_number
from archiver.publish.site.search.typed import Typed
from archiver.publish.site.tabular import json_response, objects, respond

MOST_CHANGES = 1_000


async def as_json(datasette: Any, request: Any) -> Response:
    """`/article/<site>/<key>.json`: the article, its questions, versions, changes, readings of
    comments and corrections, each with its proof."""

    def question(
        connection: sqlite3.Connection, line: ArticleLine
    ) -> tuple[Dossier, tuple[Revision, ...], tuple[Change, ...]]:
        scope = _scope(line)
        return (
            queries.dossier(connection, line, Typed(), wide=False),
            revisions(connection, line.id),
            changes(connection, scope, MOST_CHANGES),
        )

    found, answer, chrome = await read_article(datasette, request, question)
    if answer is None:
        return await elsewhere(datasette, request, found, chrome, ".json")
    link = linker(datasette, request)
    held, states, seen = answer
    data = {
        **objects(tables.articles([_listed(held)], link))[0],
        "texte": held.body_text,
        "questions": objects(tables.questions(_questions(held), link)),
        "versions": objects(tables.versions(states, link)),
        "changements": objects(tables.changes(seen, link)),
        "releves": objects(tables.readings(held.readings, link)),
        "corrections": objects(tables.corrections(held.corrections)),
    }
    return json_response(data, f"{_name(held.article)}.json")


async def feed(datasette: Any, request: Any) -> Response:
    """`/article/<site>/<key>.atom`: every change of the article, comments and votes included."""
    found, line, chrome = await read_article(datasette, request, lambda _, line: line)
    if line is None:
        return await elsewhere(datasette, request, found, chrome, ".atom")
    channel = feeds.Channel(line.title, line.path, _scope(line), _name(line))
    part = Slice(request.path, (), page_number(request.args, DEEPEST_PART), feeds.ENTRIES)
    return await feeds.view(datasette, request, channel, part)


async def readings(datasette: Any, request: Any) -> Response:
    """`/commentaires/<site>/<key>.<format>`: the readings of its comments, in order of time."""

    def question(
        connection: sqlite3.Connection, line: ArticleLine
    ) -> tuple[ArticleLine, tuple[queries.Reading, ...]]:
        return line, queries.readings(connection, line.id)

    kind = request.url_vars["format"]
    found, answer, chrome = await read_article(datasette, request, question)
    if answer is None:
        return await elsewhere(datasette, request, found, chrome, f".{kind}")
    line, rows = answer
    table = tables.readings(rows, linker(datasette, request))
    return respond(table, kind, f"commentaires-{_name(line)}")


def _scope(line: ArticleLine) -> Scope:
    """Every change of one article."""
    return Scope(Asked(Typed(), Filters(), today()), tuple(KIND_SLUGS), line.id)


def _listed(held: Dossier) -> ListedArticle:
    return ListedArticle(
        held.article,
        held.author,
        held.categories,
        held.vote_count,
        len(held.questions),
        tuple(dict.fromkeys(q.status for q in held.questions)),
        tuple(dict.fromkeys(q.addressee for q in held.questions if q.addressee is not None)),
        _proof(held),
    )


def _questions(held: Dossier) -> list[ListedQuestion]:
    return [
        ListedQuestion(
            article=held.article,
            position=q.position,
            type=q.type,
            number=q.number,
            legislature=q.legislature,
            author=q.author,
            addressee=q.addressee,
            asked_on=q.asked_on,
            answered_on=q.answered_on,
            wait=q.wait,
            status=q.status,
            question=q.question,
            answer=q.answer,
            demand=q.demand,
            proof=_proof(held),
        )
        for q in held.questions
    ]


def _proof(held: Dossier) -> Proof:
    captured = held.capture
    return Proof(captured.captured_at, captured.payload_digest, captured.record_id)


def _name(line: ArticleLine) -> str:
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in f"{line.site_id}-{line.key}")
