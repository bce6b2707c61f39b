"""No request leaves for a loopback or private address, save the seed's own host and port.

A hostile page could otherwise point the crawler at the operator's own network (server-side request
forgery). Names are judged by the addresses they resolve to, and exactly these addresses are then
connected to, so that no second look-up can change them.
"""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.resolver import CachingHostnameResolver
from twisted.internet.base import ReactorBase
from twisted.internet.interfaces import IResolutionReceiver
from zope.interface import implementer

from archiver.crawl.session import session_of

DEFAULT_PORTS = {"http": 80, "https": 443}


def is_public(address: str) -> bool:
    """Whether an address literal is one of the public internet's."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(ip, "ipv4_mapped", None)
    return (mapped or ip).is_global and not ip.is_multicast


def place_of(url: str) -> tuple[str, int | None]:
    """Host name and port of a URL."""
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or DEFAULT_PORTS.get(parts.scheme)


class GuardMiddleware:
    """Refuses what needs no look-up: address literals in any spelling, other schemes, and other
    ports of a seed on a private address."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> GuardMiddleware:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        seed = session_of(self.crawler).profile.home_url
        host, port = place_of(request.url)
        if urlsplit(request.url).scheme not in DEFAULT_PORTS:
            raise IgnoreRequest("refused: only http and https are fetched")
        if (host, port) == place_of(seed):
            return
        if host == place_of(seed)[0] and (not is_name(host) or host == "localhost"):
            raise IgnoreRequest("refused: another port of a private address")
        if not is_name(host) and not is_public(host):
            raise IgnoreRequest("refused: a loopback or private address")


def is_name(host: str) -> bool:
    """Whether a host is a domain name: its last label is not a number, in decimal, octal or
    hexadecimal (the WHATWG rule by which a host is an IPv4 address), and it is no IPv6 literal."""
    last = host.rstrip(".").rsplit(".", 1)[-1].lower()
    return ":" not in host and not last.isdigit() and not last.startswith("0x")


@implementer(IResolutionReceiver)
class _PublicOnly:
    """Passes on the addresses that a name may have; remembers whether any was refused."""

    def __init__(self, receiver: Any) -> None:
        self._receiver = receiver

    def resolutionBegan(self, resolution: Any) -> None:
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:
        if is_public(address.host):
            self._receiver.addressResolved(address)

    def resolutionComplete(self) -> None:
        self._receiver.resolutionComplete()


class GuardedResolver(CachingHostnameResolver):
    """Resolves names, IPv4 and IPv6, leaving out loopback and private addresses."""

    def __init__(self, reactor: ReactorBase, cache_size: int, seed: tuple[str, int | None]) -> None:
        super().__init__(reactor, cache_size)
        self.open_places = {seed}

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> GuardedResolver:
        seed = place_of(crawler.settings["ARCHIVER_SEED"])
        return cls(reactor, crawler.settings.getint("DNSCACHE_SIZE"), seed)

    def resolveHostName(
        self, resolutionReceiver: Any, hostName: str, portNumber: int = 0, *args: Any, **named: Any
    ) -> Any:
        receiver: Any = (
            resolutionReceiver
            if (hostName.lower(), portNumber) in self.open_places
            else _PublicOnly(resolutionReceiver)
        )
        return super().resolveHostName(receiver, hostName, portNumber, *args, **named)
