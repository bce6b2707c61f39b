"""Response headers that keep third-party text from ever running, on every page we serve.

Our pages, those of the tables among them, have no inline script or style, so their policy allows
none, and neither does that of static files. Datasette's own tools below `/-/` carry both; they keep
the same policy but for that (Content Security Policy Level 3).
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from archiver.publish.replay.requests import HOST

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_COMMON_POLICY = (
    "default-src 'none'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
OWN_POLICY = f"{_COMMON_POLICY}; script-src 'self'; style-src 'self'"
STOCK_POLICY = (
    f"{_COMMON_POLICY}; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'"
)
_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=()"),
)
_REPLACED = frozenset(name for name, _ in _ALWAYS)


def with_security_headers(app: App) -> App:
    """Wrap an ASGI application; every HTTP response leaves with the headers above."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                policy = STOCK_POLICY if _is_tool(scope["path"]) else OWN_POLICY
                message = {**message, "headers": _guarded(message.get("headers", []), policy)}
            await send(message)

        await app(scope, receive, send_guarded)

    return wrapped


def refusing_no_hosts(app: App) -> App:
    """Wrap an ASGI application; a Host that is none, of which no address can be made, is refused
    (RFC 9112, section 3.2)."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        hosts = [value for name, value in scope.get("headers", ()) if name == b"host"]
        if all(HOST.fullmatch(host.decode("latin-1")) for host in hosts):
            await app(scope, receive, send)
            return
        body = "L’en-tête Host n’est pas un nom d’hôte.".encode()
        headers = [(b"content-type", b"text/plain; charset=utf-8")]
        await send({"type": "http.response.start", "status": 400, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return wrapped


def _is_tool(path: str) -> bool:
    return path.startswith("/-/") and not path.startswith("/-/static")


def _guarded(headers: list[tuple[bytes, bytes]], policy: str) -> list[tuple[bytes, bytes]]:
    kept = [(name, value) for name, value in headers if name.lower() not in _REPLACED]
    return [*kept, (b"content-security-policy", policy.encode()), *_ALWAYS]
