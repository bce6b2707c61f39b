"""A tap on the wire: the bytes sent and received, below Scrapy's and Twisted's own parsing.

Twisted sends one request per connection at a time, so everything a connection carries between
`request()` and the end of the body belongs to that request. Private names of Scrapy 2.19 and
Twisted are used here and in `handler`; `selftest` proves on each crawl that they still hold.
"""

from __future__ import annotations

from typing import Any

from scrapy.core.downloader.handlers.http11 import (
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _ScrapyAgent,
)
from twisted.web.http_headers import Headers as TxHeaders

TLS_NAMES = {
    "TLSv1.3": "tls/1.3",
    "TLSv1.2": "tls/1.2",
    "TLSv1.1": "tls/1.1",
    "TLSv1": "tls/1.0",
}


class Tap:
    """What went over the wire for one request; `limit` bounds the bytes kept of the answer."""

    __slots__ = ("cipher_suite", "ip_address", "limit", "received", "sent", "tls")

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.restart()

    def restart(self) -> None:
        """Forget a first try on a connection that the server had closed before answering."""
        self.sent = bytearray()
        self.received = bytearray()
        self.ip_address: str | None = None
        self.tls: str | None = None
        self.cipher_suite: str | None = None


class _TappedHeaders(TxHeaders):
    """Request headers that carry the tap to the connection; Twisted copies them to add Host."""

    def __init__(self, headers: TxHeaders, tap: Tap) -> None:
        super().__init__(dict(headers.getAllRawHeaders()))
        self.tap = tap

    def copy(self) -> _TappedHeaders:
        return _TappedHeaders(self, self.tap)


class _TappedTransport:
    """A transport for the length of one `writeTo`, noting what is written."""

    def __init__(self, transport: Any, tap: Tap) -> None:
        self._transport = transport
        self._tap = tap

    def write(self, data: bytes) -> None:
        self._tap.sent += data
        self._transport.write(data)

    def writeSequence(self, pieces: list[bytes]) -> None:
        self._tap.sent += b"".join(pieces)
        self._transport.writeSequence(pieces)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class _TappedProtocol(_LenientHTTP11ClientProtocol):
    transport: Any
    _tap: Tap | None = None

    def request(self, request: Any) -> Any:
        tap = getattr(request.headers, "tap", None)
        self._tap = tap
        if tap is not None:
            tap.restart()
            write_to = type(request).writeTo
            request.writeTo = lambda transport: write_to(request, _TappedTransport(transport, tap))
            tap.ip_address = getattr(self.transport.getPeer(), "host", None)
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:
        tap = self._tap
        if tap is not None:
            if not tap.received:
                self._note_tls(tap)
            tap.received += data
            if len(tap.received) > tap.limit:
                del tap.received[tap.limit :]
                self._tap = None
                self.transport.abortConnection()
                return
        super().dataReceived(data)  # type: ignore[no-untyped-call]

    def _note_tls(self, tap: Tap) -> None:
        """Version and cipher are known only once the handshake is over: at the first answer."""
        handle: Any = getattr(self.transport, "getHandle", lambda: None)()
        if hasattr(handle, "get_protocol_version_name"):
            name = handle.get_protocol_version_name()
            tap.tls = TLS_NAMES.get(name, name)
            tap.cipher_suite = handle.get_cipher_name()


class TappedFactory(_LenientHTTP11ClientFactory):
    """Builds the tapped connections of the handler's pool."""

    def buildProtocol(self, addr: Any) -> _TappedProtocol:  # noqa: ARG002
        return _TappedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class _TappedAgent:
    def __init__(self, agent: Any, tap: Tap) -> None:
        self._agent = agent
        self._tap = tap

    def request(self, method: bytes, uri: bytes, headers: TxHeaders, body_producer: Any) -> Any:
        return self._agent.request(method, uri, _TappedHeaders(headers, self._tap), body_producer)


class TappingAgent(_ScrapyAgent):
    """Scrapy's agent for one request, with a tap on it; a proxied request is not tapped."""

    def __init__(self, *, tap: Tap, **options: Any) -> None:
        super().__init__(**options)
        self.tap = tap

    def _get_agent(self, request: Any, timeout: float) -> Any:
        agent = super()._get_agent(request, timeout)
        return agent if request.meta.get("proxy") else _TappedAgent(agent, self.tap)
