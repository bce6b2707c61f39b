"""The page of an article: question beside answer, what became of it, and how to cite it."""

import json
import sqlite3
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, TypeVar
from urllib.parse import unquote

from datasette.utils.asgi import Response

from archiver.publish.site import charts
from archiver.publish.site.addresses import ArticleName, article_path, linker
from archiver.publish.site.citation import FORMATS, Citation, as_bibtex, as_csl, as_ris, as_text
from archiver.publish.site.formats import count, day
from archiver.publish.site.queries.articles import (
    Dossier,
    Found,
    Reading,
    dossier,
    find_article,
)
from archiver.publish.site.queries.rows import ArticleLine
from archiver.publish.site.reading import Absent, Chrome, page, read
from archiver.publish.site.search.marking import unmarked
from archiver.publish.site.search.typed import read_typed
from archiver.publish.site.structured import article_data

T = TypeVar("T")
_SOURCES = ("page", "feed", "rest")
_SEVERAL = "Plusieurs articles de ce site portent ce numéro"


async def view(datasette: Any, request: Any) -> Response:
    """`/article/<site>/<key>`, with `q` to mark the words of a search."""
    text = request.args.get("q") or ""
    wide = request.args.get("elargir") == "1"
    found, article, chrome = await read_article(
        datasette,
        request,
        lambda connection, line: dossier(connection, line, read_typed(text), wide=wide),
    )
    if article is None:
        return await elsewhere(datasette, request, found, chrome)
    cited = citation(datasette, request, article, chrome)
    return await page(
        datasette,
        request,
        "article.html",
        chrome,
        {
            "dossier": article,
            "article": article.article,
            "chamber": chrome.chambers.get(article.article.site_id),
            "categories": _texts(article.categories),
            "tags": _texts(article.tags),
            "query": text,
            "citations": (
                ("txt", "Texte", as_text(cited)),
                ("bib", "BibTeX", as_bibtex(cited)),
                ("ris", "RIS", as_ris(cited)),
                ("json", "CSL-JSON", as_csl(cited)),
            ),
            "permalink": cited.permalink,
            "canonical": cited.permalink,
            "comment_chart": comment_chart(article.readings),
            "structured": article_data(article, cited, linker(datasette, request)),
            "description": _description(article),
        },
    )


async def cite(datasette: Any, request: Any) -> Response:
    """`/citer/<site>/<key>.<format>`: the citation alone, to download."""
    ending = request.url_vars["format"]
    found, article, chrome = await read_article(
        datasette,
        request,
        lambda connection, line: dossier(connection, line, read_typed(""), wide=False),
    )
    if article is None:
        return await elsewhere(datasette, request, found, chrome, f".{ending}")
    media_type, write = FORMATS[ending]
    cited = citation(datasette, request, article, chrome)
    return Response(
        write(cited),
        headers={"content-disposition": f'attachment; filename="{cited.key}.{ending}"'},
        content_type=f"{media_type}; charset=utf-8",
    )


async def read_article(
    datasette: Any, request: Any, question: Callable[[sqlite3.Connection, ArticleLine], T]
) -> tuple[Found, T | None, Chrome]:
    """The article that the address names, and `question` answered for it; no answer when the
    address leads to several articles or to another address.

    Raises Absent when there is no such article.
    """
    name = ArticleName(unquote(request.url_vars["site"]), unquote(request.url_vars["key"]))

    def gather(connection: sqlite3.Connection) -> tuple[Found, T | None]:
        found = find_article(connection, name)
        if len(found.articles) != 1 or found.moved:
            return found, None
        return found, question(connection, found.articles[0])

    (found, answer), chrome = await read(datasette, gather)
    if not found.articles:
        raise Absent("Aucun article de l’archive n’est à cette adresse.")
    return found, answer, chrome


async def elsewhere(
    datasette: Any, request: Any, found: Found, chrome: Chrome, ending: str = ""
) -> Response:
    """A redirect to the article's own address, or a choice between those that share a number;
    `ending` is what the address has after the article's key."""
    if len(found.articles) == 1:
        line = found.articles[0]
        view_name = request.path.split("/")[1]
        query = f"?{request.query_string}" if request.query_string else ""
        return Response.redirect(
            article_path(line.site_id, line.key, view_name) + ending + query, status=301
        )
    return await page(
        datasette,
        request,
        "several.html",
        chrome,
        {"heading": _SEVERAL, "articles": found.articles},
        status=300,
    )


def citation(datasette: Any, request: Any, found: Dossier, chrome: Chrome) -> Citation:
    """How the newest good capture of an article is cited."""
    line = found.article
    names = {site: name for site, name, _ in chrome.sites}
    path = article_path(line.site_id, line.key)
    slug = line.key.strip("/").replace("/", "-")[-40:]
    return Citation(
        title=line.title,
        author=found.author,
        site_name=names[line.site_id],
        published_on=line.published_on,
        url=line.url,
        permalink=datasette.absolute_url(request, path),
        captured_at=found.capture.captured_at,
        digest=found.capture.payload_digest,
        key=_plain(f"{line.site_id}-{slug}"),
    )


def comment_chart(readings: tuple[Reading, ...]) -> charts.StepChart | None:
    """The comments as steps, of the first source that has two readings; sources never mix."""
    for source in _SOURCES:
        known = [
            (date.fromisoformat(r.observed_at[:10]).toordinal(), r.comment_count, r.observed_at)
            for r in readings
            if r.source == source and r.comment_count is not None
        ]
        if len(known) >= 2:
            points = [
                (float(number), value, f"{day(at)} : {count(value, 'commentaire')}")
                for number, value, at in known
            ]
            return charts.steps(points, _ends(known[0][0], known[-1][0]))
    return None


def _ends(first: int, last: int) -> list[tuple[float, str]]:
    middle = date.fromordinal(first) + timedelta(days=(last - first) // 2)
    days = {first, middle.toordinal(), last} if last - first > 2 else {first, last}
    return [(float(n), day(date.fromordinal(n).isoformat())) for n in sorted(days)]


def _texts(array: str) -> list[str]:
    return [str(item) for item in json.loads(array)]


def _plain(text: str) -> str:
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in text)


def _description(found: Dossier) -> str:
    first = found.questions[0].question if found.questions else found.body_text
    words = unmarked(first).split()
    return " ".join(words[:40])
