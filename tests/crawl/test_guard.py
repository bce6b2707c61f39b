"""No request leaves for the operator's own network (server-side request forgery)."""

from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from twisted.internet.address import IPv4Address

from archiver.crawl.guard import GuardedResolver, GuardMiddleware, is_name, is_public

REFUSED = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f.0x0.0x0.0x1/",
    "http://017700000001/",
    "http://10.0.0.8/admin",
    "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[fd00::1]/",
    "http://0.0.0.0/",
    "http://224.0.0.1/",
    "ftp://depute.example/",
]


def middleware(seed: str) -> GuardMiddleware:
    session = SimpleNamespace(profile=SimpleNamespace(home_url=seed))
    crawler: Any = SimpleNamespace(spider=SimpleNamespace(session=session))
    return GuardMiddleware(crawler)


@pytest.mark.parametrize("url", REFUSED)
def test_private_addresses_are_refused_in_any_spelling(url: str) -> None:
    with pytest.raises(IgnoreRequest, match="refused"):
        middleware("https://depute.example/").process_request(Request(url))


@pytest.mark.parametrize(
    "url", ["https://depute.example/a/", "http://93.184.215.14/", "https://x.example:8443/"]
)
def test_public_hosts_pass(url: str) -> None:
    middleware("https://depute.example/").process_request(Request(url))


def test_a_loopback_seed_opens_its_own_port_only() -> None:
    guard = middleware("http://127.0.0.1:8765/")
    guard.process_request(Request("http://127.0.0.1:8765/article/"))
    with pytest.raises(IgnoreRequest):
        guard.process_request(Request("http://127.0.0.1:22/"))
    with pytest.raises(IgnoreRequest):
        middleware("http://localhost:8765/").process_request(Request("http://localhost:22/"))


def test_addresses_and_names_are_told_apart() -> None:
    assert is_name("depute.example")
    assert is_name("3.example")
    assert is_name("localhost")
    assert not any(is_name(host) for host in ("127.1", "0x7f000001", "1", "::1", "10.0.0.1."))
    assert is_public("93.184.215.14")
    assert is_public("2606:4700::1111")
    assert not any(is_public(ip) for ip in ("100.64.0.1", "::ffff:10.0.0.1", "fe80::1", "no ip"))


class Receiver:
    """Notes which addresses a look-up was allowed to give."""

    def __init__(self) -> None:
        self.addresses: list[str] = []

    def resolutionBegan(self, resolution: Any) -> None: ...

    def addressResolved(self, address: Any) -> None:
        self.addresses.append(address.host)

    def resolutionComplete(self) -> None: ...


class Answers:
    """A resolver that gives a public and a private address for every name."""

    def resolveHostName(self, receiver: Any, *_: Any) -> Any:
        receiver.resolutionBegan(None)
        for address in ("10.0.0.8", "93.184.215.14"):
            receiver.addressResolved(IPv4Address("TCP", address, 0))
        receiver.resolutionComplete()
        return receiver


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (("intranet.example", 443), ["10.0.0.8", "93.184.215.14"]),
        (("intranet.example", 22), ["93.184.215.14"]),
        (("other.example", 443), ["93.184.215.14"]),
    ],
)
def test_names_resolve_to_public_addresses_but_for_the_seed(
    place: tuple[str, int], expected: list[str]
) -> None:
    reactor: Any = SimpleNamespace(nameResolver=Answers())
    resolver = GuardedResolver(reactor, 0, ("intranet.example", 443))
    receiver = Receiver()
    resolver.resolveHostName(receiver, *place)
    assert receiver.addresses == expected
