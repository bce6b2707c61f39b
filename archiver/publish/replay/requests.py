"""What this origin reads of a request: the path as it was sent, a few headers, its own address."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

HOST = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?", re.ASCII)
"""What a Host header may be."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A GET or HEAD request. `path` is not decoded, since the addresses of captures are part of it;
    `origin` is this server's address as the client wrote it."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    origin: str

    @property
    def host(self) -> str:
        """The host without its port."""
        return self.origin.partition("://")[2].rsplit(":", 1)[0]

    def argument(self, name: str) -> str:
        """The first value of a query argument; empty without one."""
        values = parse_qs(self.query).get(name, [""])
        return values[0]


def read_request(scope: Mapping[str, Any]) -> Asked | None:
    """The request of an ASGI scope; None when its Host is no host."""
    headers = {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
    }
    host = headers.get("host", "")
    if not HOST.fullmatch(host):
        return None
    if not re.search(r":\d+\Z", host):
        host += ":443" if scope["scheme"] == "https" else ":80"
    return Asked(
        method=scope["method"],
        path=scope["raw_path"].decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        origin=f"{scope['scheme']}://{host}",
    )
