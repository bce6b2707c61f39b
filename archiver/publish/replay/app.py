"""The second origin as an ASGI application: the viewer, the archive it reads, and Memento.

Every response forbids what it does not need; a service worker may be one file only, the viewer's,
so that no captured script can install itself here.
"""

import asyncio
import sqlite3
from collections.abc import Callable, MutableMapping
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote

from jinja2 import Environment, PackageLoader

from archiver.errors import ArchiverError
from archiver.folder import DataFolder
from archiver.publish import captures, evidence
from archiver.publish.opening import read_only
from archiver.publish.pieces import Send, Stream
from archiver.publish.replay import memento
from archiver.publish.replay.packing import Packer
from archiver.publish.replay.ranges import Unsatisfiable, read_range
from archiver.publish.replay.requests import Asked, read_request
from archiver.publish.replay.viewer import CHECKOUT, Viewer, find_viewer
from archiver.publish.site.addresses import proof_path
from archiver.publish.site.formats import moment
from archiver.store.model import CaptureRow
from archiver.warc.cdxj import timestamp

T = TypeVar("T")
_JAVASCRIPT = "text/javascript; charset=utf-8"
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " font-src 'self' data:; connect-src 'self'; frame-src 'self'; worker-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# The policy of a worker's script binds the worker: it can reach this origin and no other.
_WORKER_POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'"
_NOTHING = "default-src 'none'; frame-ancestors 'none'"
_ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
_WORKER = "/replay/sw.js"
_STATIC = Path(__file__).parent / "static"
_OWN_FILES = {
    "/page.css": ("text/css; charset=utf-8", (_STATIC / "page.css").read_bytes()),
    "/start.js": (_JAVASCRIPT, (_STATIC / "start.js").read_bytes()),
}


class ReplayApp:
    """Replay of the archive whose database is given; `reading` is where its pages are: a port of
    the same host, or an address without its last slash."""

    def __init__(self, database: Path, reading: int | str) -> None:
        folder = DataFolder(database.parent)
        self._database = database
        self._warcs = folder.warcs
        self._packer = Packer(database, folder.warcs)
        self._viewer: Viewer | None = find_viewer((folder.root / "replay", CHECKOUT))
        self._reading = reading
        templates = Environment(
            loader=PackageLoader("archiver.publish.replay"), autoescape=True, trim_blocks=True
        )
        templates.filters["moment"] = moment
        self._template = templates.get_template("page.html")

    def prepare(self) -> None:
        """Read the archive's files once, which the first replay would wait for; takes as long as
        reading them does."""
        self._packer.current()

    async def __call__(self, scope: MutableMapping[str, Any], _receive: object, send: Send) -> None:
        """Answer an HTTP request."""
        asked = read_request(scope)
        if asked is None:
            answer = memento.plain(400, "L’en-tête Host n’est pas un nom d’hôte.")
        elif asked.method not in {"GET", "HEAD"}:
            answer = memento.plain(405, "Méthode refusée.", {"allow": "GET, HEAD"})
        elif "service-worker" in asked.headers and asked.path != _WORKER:
            answer = memento.plain(403, "Ceci n’est pas le lecteur.")
        else:
            answer = await self._answer(asked)
        policy = answer.headers.get("content-security-policy", _NOTHING)
        headers = {**_ALWAYS, **answer.headers, "content-security-policy": policy}
        with_body = asked is None or asked.method != "HEAD"
        await Stream(
            answer.pieces,
            answer.content_type,
            answer.status,
            headers,
            answer.start,
            answer.end,
            with_body,
        ).asgi_send(send)

    async def _answer(self, asked: Asked) -> Stream:
        first = asked.path.split("/")[1]
        if asked.path == "/":
            return await asyncio.to_thread(self._page, asked)
        if asked.path in _OWN_FILES:
            kind, content = _OWN_FILES[asked.path]
            return Stream([content], kind)
        if asked.path in {_WORKER, "/replay/ui.js", "/viewer/ui.js"} and self._viewer:
            content = self._viewer.files[asked.path.rpartition("/")[2]]
            return Stream(
                [content], _JAVASCRIPT, headers={"content-security-policy": _WORKER_POLICY}
            )
        if first == "wacz":
            return self._package(asked)
        if first in {"memento", "timegate", "timemap"}:
            return await asyncio.to_thread(self._memento, asked, first)
        return memento.plain(404, "Rien n’est à cette adresse.")

    def _package(self, asked: Asked) -> Stream:
        """The archive as a WACZ, whole or a range of it."""
        name = asked.path.removeprefix("/wacz/").removesuffix(".wacz")
        package = self._packer.find(name)
        if package is None:
            return memento.plain(404, "L’archive a changé : rechargez la page.")
        headers = {
            "accept-ranges": "bytes",
            "etag": f'"{package.name}"',
            "cache-control": "max-age=31536000, immutable",
        }
        wanted = asked.headers.get("range")
        if asked.headers.get("if-range", headers["etag"]) != headers["etag"]:
            wanted = None
        try:
            part = read_range(wanted, package.size)
        except Unsatisfiable:
            return memento.plain(416, "", {"content-range": f"bytes */{package.size}"})
        start, end = part or (0, package.size)
        if part:
            headers["content-range"] = f"bytes {start}-{end - 1}/{package.size}"
        status = 206 if part else 200
        return Stream(package.pieces, "application/wacz", status, headers, start, end)

    def _page(self, asked: Asked) -> Stream:
        """The viewer on the capture asked for by `url` and `ts`, or why it cannot be shown."""
        url, stamp = asked.argument("url"), asked.argument("ts")
        if self._viewer is None:
            return self._say(
                asked,
                503,
                "Le lecteur d’archives n’est pas installé",
                "Les captures sont là, et leurs preuves aussi ; pour les revoir comme elles "
                "étaient, lancez cette commande dans le dossier du programme, puis relancez le "
                "site :",
                command="make replay",
            )
        if not url:
            return self._say(
                asked, 200, "Revoir une page", "Le site d’archive donne ces liens.", asks=True
            )
        wanted = memento.read_stamp(stamp) if stamp else None
        if stamp and wanted is None:
            return self._say(
                asked, 400, "Date illisible", "Une date s’écrit ici en 14 chiffres.", asks=True
            )
        rows = self._rows(url)
        package = self._packer.current()
        if not rows or package is None:
            return self._say(
                asked, 404, "Introuvable", "Aucune capture n’a cette adresse.", asks=True
            )
        shown = memento.nearest(rows, wanted) if wanted else rows[-1]
        return self._render(
            asked,
            200,
            title=shown.url,
            shown=shown,
            stamp=timestamp(shown.captured_at),
            package=package.name,
            proof=proof_path(shown.record_id),
            timemap=f"/timemap/{shown.url}",
        )

    def _say(
        self,
        asked: Asked,
        status: int,
        title: str,
        sentence: str,
        *,
        command: str | None = None,
        asks: bool = False,
    ) -> Stream:
        return self._render(
            asked, status, title=title, sentence=sentence, command=command, asks=asks
        )

    def _render(self, asked: Asked, status: int, **context: object) -> Stream:
        scheme = asked.origin.partition("://")[0]
        own = f"{scheme}://{asked.host}:{self._reading}"
        reading = self._reading if isinstance(self._reading, str) else own
        html = self._template.render(reading=reading, **context)
        headers = {"content-security-policy": _PAGE_POLICY, "cache-control": "no-cache"}
        return Stream([html.encode()], "text/html; charset=utf-8", status, headers)

    def _memento(self, asked: Asked, kind: str) -> Stream:
        """One of the three resources of Memento."""
        stamp, url = None, memento.asked_url(asked, f"/{kind}/")
        if kind == "memento":
            stamp, url = memento.asked_memento(asked) or (None, None)
        rows = self._rows(url) if url else ()
        if not url or not rows:
            headers = {"vary": "accept-datetime"} if kind == "timegate" else {}
            return memento.plain(404, "Aucune capture n’a cette adresse.", headers)
        if kind == "timegate":
            return memento.timegate(asked, rows)
        if kind == "timemap":
            return memento.timemap(asked, url, rows)
        return self._captured(asked, rows, stamp or "")

    def _captured(self, asked: Asked, rows: tuple[CaptureRow, ...], stamp: str) -> Stream:
        row = memento.at_stamp(rows, stamp)
        if row is None:
            wanted = memento.read_stamp(stamp)
            if wanted is None:
                return memento.plain(400, "Cette date n’existe pas.")
            location = memento.memento_uri(asked, memento.nearest(rows, wanted))
            return memento.plain(302, "", {"location": location})
        original = self._ask(lambda connection: captures.original_of(connection, row))
        try:
            capture = evidence.stored(self._warcs, row)
            body = evidence.payload(self._warcs, row, original)
        except ArchiverError as reason:
            return memento.plain(500, evidence.told(reason, self._warcs))
        if body is None:
            return memento.plain(404, "L’archive n’a pas le contenu de cette capture.")
        return memento.memento(asked, rows, row, capture, body)

    def _rows(self, url: str) -> tuple[CaptureRow, ...]:
        """The captures of an address, as it was written or percent-encoded once more."""

        def question(connection: sqlite3.Connection) -> tuple[CaptureRow, ...]:
            return captures.of_url(connection, url) or captures.of_url(connection, unquote(url))

        return self._ask(question)

    def _ask(self, question: Callable[[sqlite3.Connection], T]) -> T:
        with closing(read_only(self._database)) as connection:
            return question(connection)
