"""Proof, before the first request of a crawl, that the tap sees exactly what goes over the wire.

A loopback server sends an answer that Scrapy and Twisted rewrite in every way they can (interim
answer, header case and order, repeated and malformed headers, chunks, trailers); the bytes that
the tap kept are compared with those sent and received. It takes milliseconds.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from scrapy import Request
from scrapy.http import Response

from archiver.crawl.tap import Tap

logger = logging.getLogger(__name__)

ANSWER = (
    b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"
    b"HTTP/1.1 200 Tout va bien\r\n"
    b'ETag: "a"\r\nDATE: Thu, 01 Jan 1970 00:00:00 GMT\r\nlink: <a>\r\nLink: <b>\r\n'
    b"X-Name: \xe9t\xe9\r\nnot a header\r\nTransfer-Encoding: chunked\r\nTrailer: X-End\r\n\r\n"
    b"5;name=value\r\nhello\r\n1\r\n!\r\n0\r\nX-End: yes\r\n\r\n"
)
SECONDS = 5


async def is_exact(fetch: Callable[[Request, Tap], Awaitable[Response]]) -> bool:
    """Whether `fetch` gives the bytes of the wire; False, with a warning, when anything differs."""
    from twisted.internet import reactor

    seen = bytearray()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.extend(await reader.readuntil(b"\r\n\r\n"))
        writer.write(ANSWER)
        await writer.drain()
        writer.close()

    tap = Tap(1024 * 1024)
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        host, port = server.sockets[0].getsockname()
        open_places = reactor.nameResolver.open_places
        open_places.add((host, port))
        try:
            request = Request(f"http://{host}:{port}/?q=1", meta={"download_timeout": SECONDS})
            await fetch(request, tap)
        except Exception as error:  # noqa: BLE001 - any failure means that the tap is not proven
            logger.warning("the capture self-test failed: %s", error)
            return False
        finally:
            open_places.discard((host, port))
    exact = bytes(tap.received) == ANSWER and bytes(tap.sent) == bytes(seen)
    if not exact:
        logger.warning("the capture self-test saw other bytes than those on the wire")
    return exact
