"""The addresses of the reading site, and what a reader sees when one leads nowhere."""

import sqlite3
from functools import wraps
from typing import Any

from datasette.database import QueryInterrupted
from datasette.utils.asgi import Base400, Forbidden, Response
from datasette.views.base import DatasetteError

from archiver.publish.site.addresses import ARTICLE_PATTERN
from archiver.publish.site.deferred import View, deferred
from archiver.publish.site.keeping import kept
from archiver.publish.site.out.conditional import answer
from archiver.publish.site.out.routes import ROUTES
from archiver.publish.site.reading import Absent, TooSlow, page, read
from archiver.publish.site.removals import was_removed
from archiver.publish.site.tabular import KIND_PATTERN, json_response

MISREAD = (ValueError, OverflowError, TypeError, KeyError, sqlite3.ProgrammingError)
"""What Datasette's own views raise on parameters that they cannot read."""
_LONGEST_REASON = 300
_NOT_UNDERSTOOD = "La demande n’est pas de celles que la base comprend."
_FAULT = (
    "Le programme n’a pas su répondre, et la faute n’est pas la vôtre. Si elle se répète, "
    "signalez cette adresse à qui tient l’archive."
)
_READ_ONLY = "Cette archive se lit : rien ne peut y être envoyé."
_REMOVED = "Cet article a été retiré de la publication : l’archive le garde sans le montrer."


def routes() -> list[tuple[str, View]]:
    """(regular expression on the path, view) pairs, as Datasette registers them."""
    pages: tuple[tuple[str, View], ...] = (
        *ROUTES,
        ("/", kept(deferred("pages.home.view"))),
        ("/recherche", kept(deferred("pages.search.view"))),
        (rf"/article/{ARTICLE_PATTERN}", kept(deferred("pages.article.view"))),
        (
            rf"/citer/{ARTICLE_PATTERN}\.(?P<format>txt|bib|ris|json)",
            deferred("pages.article.cite"),
        ),
        (rf"/revisions/{ARTICLE_PATTERN}\.json", deferred("pages.revisions.as_json")),
        (rf"/revisions/{ARTICLE_PATTERN}", kept(deferred("pages.revisions.view"))),
        (r"/preuve/(?P<record>[^/]+)", deferred("pages.proof.view")),
        (r"/preuve/(?P<record>[^/]+)/verifier", deferred("pages.proof.check")),
        (r"/preuve/(?P<record>[^/]+)/verifier\.json", deferred("pages.proof.check_as_json")),
        (r"/preuve/(?P<record>[^/]+)/brut\.warc\.gz", deferred("pages.proof.raw")),
        ("/lot", deferred("pages.batch.view")),
        (rf"/lot\.(?P<format>{KIND_PATTERN})", deferred("pages.batch.export")),
        ("/etat", deferred("pages.state.view")),
        (r"/etat\.json", deferred("pages.state.as_json")),
        ("/changements", kept(deferred("pages.changes.view"))),
        ("/ministres", kept(deferred("pages.ministers.view"))),
        (rf"/ministres\.(?P<format>{KIND_PATTERN})", deferred("pages.ministers.export")),
        ("/commentaires", kept(deferred("pages.comments.view"))),
        (rf"/commentaires\.(?P<format>{KIND_PATTERN})", deferred("pages.comments.export")),
    )
    return [(rf"{pattern}$", _guarded(view)) for pattern, view in pages]


def _guarded(view: View) -> View:
    """The view, with our own page for what is absent, too slow, or asked by another method."""

    @wraps(view)
    async def guarded(datasette: Any, request: Any) -> Response:
        if request.method not in {"GET", "HEAD"}:
            response = await _excuse(datasette, request, 405, "Refusé", _READ_ONLY)
            response.headers["allow"] = "GET, HEAD"
            return response
        try:
            response = await view(datasette, request)
        except Absent as absence:
            if was_removed(datasette, request):
                return await _excuse(datasette, request, 410, "Retiré", _REMOVED)
            return await _excuse(datasette, request, 404, "Introuvable", str(absence))
        except TooSlow:
            return await _excuse(
                datasette,
                request,
                503,
                "Trop long",
                "Cette demande a pris trop de temps et a été arrêtée : précisez-la, par exemple "
                "par une année ou un destinataire.",
            )
        return answer(request, response) if isinstance(response, Response) else response

    return guarded


async def no_such_page(datasette: Any, request: Any) -> Response:
    """What is shown for an address that no page has."""
    sentence = "Aucune page n’est à cette adresse : elle a peut-être été mal recopiée."
    return await _excuse(datasette, request, 404, "Introuvable", sentence)


async def refused(
    datasette: Any, request: Any, reason: DatasetteError | Base400 | Forbidden | QueryInterrupted
) -> Response:
    """What is shown when Datasette refuses a table's filter or a query, or stops it."""
    if isinstance(reason, QueryInterrupted) or (
        isinstance(reason, DatasetteError) and reason.title == "SQL Interrupted"
    ):
        sentence = (
            "Cette requête a pris trop de temps et a été arrêtée : ajoutez-lui une condition, ou "
            "une limite."
        )
        return await _excuse(datasette, request, 400, "Trop long", sentence)
    if isinstance(reason, Forbidden):
        sentence = "Cette archive ne le permet pas : ses tables et ses recherches restent ouvertes."
        return await _excuse(datasette, request, 403, "Refusé", sentence)
    # Datasette blames itself (500) for a column that is not there.
    status = reason.status if reason.status < 500 else 400
    said = str(reason.message if isinstance(reason, DatasetteError) else reason)[:_LONGEST_REASON]
    sentence = f"{_NOT_UNDERSTOOD} Elle répond : « {said} »."
    return await _excuse(datasette, request, status, "Demande refusée", sentence)


async def misread(datasette: Any, request: Any) -> Response:
    """What is shown when Datasette fails on a parameter of a table that it cannot read."""
    return await _excuse(datasette, request, 400, "Demande refusée", _NOT_UNDERSTOOD)


async def failed(datasette: Any, request: Any) -> Response:
    """What is shown when the program fails: not what it failed on, which Datasette prints."""
    try:
        return await _excuse(datasette, request, 500, "Panne", _FAULT)
    except (sqlite3.Error, TooSlow):  # the page's frame is read from the same database
        return Response.text(_FAULT, status=500)


async def _excuse(
    datasette: Any, request: Any, status: int, heading: str, sentence: str
) -> Response:
    """The sentence as a page, or as the object that Datasette gives to programs."""
    if request.path.endswith((".json", ".ndjson")):
        return json_response({"ok": False, "error": sentence, "status": status}, status=status)
    _, chrome = await read(datasette, lambda _: None)
    context = {"heading": heading, "sentence": sentence}
    return await page(datasette, request, "error.html", chrome, context, status=status)
