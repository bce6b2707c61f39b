"""The version that is being served, and how another takes its place.

Both origins read one attribute for each request, so that a request belongs to one version from its
first byte to its last; a version that was replaced is closed when its last request has ended.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from datasette.app import Datasette

from archiver.errors import ArchiverError
from archiver.publish.engine import DATABASE_FILE, build_published, close
from archiver.publish.hosting.layout import CURRENT, Description, description_of
from archiver.publish.replay.app import ReplayApp
from archiver.publish.site.headers import App, Receive, Scope, Send

SECONDS_BETWEEN_LOOKS = 0.5
# Datasette's own pages about itself: versions, plug-ins, paths of files, permissions.
_ABOUT_ITSELF = "/-/"
# What each kind of page needs is loaded by these, before any reader waits for it.
_FIRST_ASKED = ("/", "/recherche?q=mot", "/archive/articles")
_OPEN = ("/-/static/", "/-/static-plugins/")


@dataclass(slots=True)
class Served:
    """One version, opened; `readers` are the requests it is answering, `prepare` reads what the
    first replay needs."""

    folder: Path
    description: Description
    datasette: Datasette
    reading: App
    replay: App
    prepare: Callable[[], None]
    readers: int = field(default=0)


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the two origins listen."""

    reading: int
    replay: int


async def open_version(folder: Path, ports: Ports) -> Served:
    """Open a version so that its first page is as quick as any.

    Raises ArchiverError, OSError or ValueError when it is not whole.
    """
    description = description_of(folder)
    datasette = await asyncio.to_thread(build_published, folder, ports.replay)
    await datasette.invoke_startup()
    for path in _FIRST_ASKED:
        await datasette.client.get(path)
    replay = ReplayApp(folder / DATABASE_FILE, description.address or ports.reading)
    guarded = _behind_password(datasette, replay) if description.private else replay
    return Served(folder, description, datasette, datasette.app(), guarded, replay.prepare)


def _behind_password(datasette: Datasette, app: App) -> App:
    """The same password before replay as the plug-in asks for before pages."""
    try:
        from datasette_auth_passwords import asgi_wrapper
    except ImportError as error:
        raise ArchiverError(
            "This publication asks for a password: install the packages of its requirements.txt."
        ) from error
    guarded: App = asgi_wrapper(datasette)(app)
    return guarded


class Switch:
    """The two applications of a publication, whichever version is current."""

    def __init__(self, out: Path, ports: Ports, served: Served, say: Callable[[str], None]) -> None:
        self._out = out
        self._ports = ports
        self._served = served
        self._say = say
        self._refused: Path | None = None

    async def reading(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The reading site."""
        served = self._served
        served.readers += 1
        try:
            await served.reading(_public(scope), receive, send)
        finally:
            served.readers -= 1

    async def replay(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The replay's own origin; its files are opened for each request, so nothing is closed."""
        await self._served.replay(scope, receive, send)

    async def watch(self) -> None:
        """Take up each new version, for ever; the first one is prepared while it is served."""
        await asyncio.to_thread(self._served.prepare)
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
            current = (self._out / CURRENT).resolve()
            if current not in {self._served.folder, self._refused}:
                await self._take_up(current)

    async def _take_up(self, folder: Path) -> None:
        try:
            if description_of(folder).program != self._served.description.program:
                self._refused = folder
                self._say(f"{folder.name} comes with another program: restart to serve it.")
                return
            new = await open_version(folder, self._ports)
            await asyncio.to_thread(new.prepare)
        except (ArchiverError, OSError, ValueError) as reason:
            self._refused = folder
            self._say(f"{folder.name} cannot be served ({reason}); the version before stays.")
            return
        old, self._served = self._served, new
        self._say(f"Now serving {folder.name}.")
        while old.readers:
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        close(old.datasette)


def _public(scope: Scope) -> Scope:
    """The request, led to no page when it asks Datasette about itself."""
    path = scope["path"]
    if not path.startswith(_ABOUT_ITSELF) or path.startswith(_OPEN):
        return scope
    nowhere = "/introuvable.json" if path.endswith(".json") else "/introuvable"
    return {**scope, "path": nowhere, "raw_path": nowhere.encode()}
