"""The states of an article: a timeline, and the word-by-word difference of any two.

An address names states by the instant they were first seen, which a rebuild keeps.
"""

import re
import sqlite3
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from datasette.utils.asgi import Response

from archiver.publish.site.addresses import with_query
from archiver.publish.site.diff import Piece, word_diff
from archiver.publish.site.pages.article import elsewhere, read_article
from archiver.publish.site.queries.revisions import Revision, revisions
from archiver.publish.site.queries.rows import ArticleLine
from archiver.publish.site.reading import page
from archiver.publish.site.tabular import json_response

_COMPARED_AT_MOST = 30
_ADMISSION = re.compile(
    r"mis(?:e|es)? à jour|modifié|rectifi|corrigé|erratum|édité le|actualisé", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class State:
    """A state on the timeline; `silent` says that its text changed and nothing in the new words
    tells so (None for the first one, a protected one, and beyond the newest thirty)."""

    revision: Revision
    silent: bool | None
    link: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two states beside each other; `text` is None when one of them could not be read, `data` the
    path of the same as JSON."""

    old: Revision
    new: Revision
    title: tuple[Piece, ...]
    text: tuple[Piece, ...] | None
    data: str


@dataclass(frozen=True, slots=True)
class History:
    """What the page shows."""

    article: ArticleLine
    states: tuple[State, ...]
    comparison: Comparison | None


async def view(datasette: Any, request: Any) -> Response:
    """`/revisions/<site>/<key>`, with `de` and `a` to name the two states"""
    asked = (request.args.get("de"), request.args.get("a"))
    found, history, chrome = await read_article(
        datasette, request, lambda connection, line: gather(connection, line, *asked)
    )
    if history is None:
        return await elsewhere(datasette, request, found, chrome)
    return await page(
        datasette,
        request,
        "revisions.html",
        chrome,
        {"history": history, "article": history.article},
    )


async def as_json(datasette: Any, request: Any) -> Response:
    """`/revisions/<site>/<key>.json`: the states, and the difference of the two that are named."""
    asked = (request.args.get("de"), request.args.get("a"))
    found, history, chrome = await read_article(
        datasette, request, lambda connection, line: gather(connection, line, *asked)
    )
    if history is None:
        return await elsewhere(datasette, request, found, chrome, ".json")
    compared = history.comparison
    data = {
        "url": history.article.url,
        "states": [asdict(state.revision) for state in reversed(history.states)],
        "comparison": compared
        and {
            "from": compared.old.seen_at,
            "to": compared.new.seen_at,
            "title": [asdict(piece) for piece in compared.title],
            "text": compared.text and [asdict(piece) for piece in compared.text],
        },
    }
    return json_response(data)


def gather(
    connection: sqlite3.Connection, line: ArticleLine, old: str | None, new: str | None
) -> History:
    """The timeline of an article and the comparison asked for, else of its last two states."""
    held = revisions(connection, line.id)
    path = line.page("revisions")
    states = []
    for number, revision in enumerate(held):
        before = held[number - 1] if number else None
        link = with_query(path, {"de": before.seen_at if before else "", "a": revision.seen_at})
        compared = before is not None and number >= len(held) - _COMPARED_AT_MOST
        states.append(State(revision, is_silent(before, revision) if compared else None, link))
    return History(line, tuple(reversed(states)), _comparison(path, held, old, new))


def is_silent(before: Revision | None, after: Revision) -> bool | None:
    """Whether the text changed without a word that says so; None when that cannot be told."""
    if before is None or before.body_text is None or after.body_text is None:
        return None
    added = [p.text for p in word_diff(before.body_text, after.body_text) if p.kind == "added"]
    changed = before.body_text != after.body_text
    return changed and not _ADMISSION.search(" ".join(added))


def _comparison(
    path: str, held: tuple[Revision, ...], old: str | None, new: str | None
) -> Comparison | None:
    if len(held) < 2:
        return None
    by_instant = {revision.seen_at: revision for revision in held}
    known = list(pairwise(held))[-1]
    first = by_instant.get(old or "", known[0])
    second = by_instant.get(new or "", known[1])
    if first.seen_at > second.seen_at:
        first, second = second, first
    both = first.body_text is not None and second.body_text is not None
    text = word_diff(first.body_text or "", second.body_text or "") if both else None
    data = with_query(f"{path}.json", {"de": first.seen_at, "a": second.seen_at})
    return Comparison(first, second, word_diff(first.title, second.title), text, data)
