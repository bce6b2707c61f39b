"""One running site for the tests that only read it, and a client that follows nothing."""

import gzip
import http.client
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser

from archiver.demo import DemoSite


@dataclass(frozen=True, slots=True)
class Got:
    """One response, its content coding removed; `headers` as they came, in order."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """The first value of a header by its lower-case name."""
        return next((value for key, value in self.headers if key.lower() == name), None)

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def html(self) -> LexborHTMLParser:
        return LexborHTMLParser(self.text)


def get(
    site: DemoSite, target: str, headers: Mapping[str, str] | None = None, method: str = "GET"
) -> Got:
    """Ask the site for a path (or for one of its own URLs), following no redirect."""
    if "://" in target:
        parts = urlsplit(target)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
    try:
        connection.request(method, target, headers=dict(headers or {}))
        response = connection.getresponse()
        body = response.read()
        if response.getheader("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        return Got(response.status, tuple(response.getheaders()), body)
    finally:
        connection.close()


@pytest.fixture(scope="session")
def site() -> Iterator[DemoSite]:
    """State 1, read only: a test that changes the site opens its own."""
    with DemoSite() as running:
        yield running
