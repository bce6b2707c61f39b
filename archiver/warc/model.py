"""What passes between the network and the WARC files.

An exchange is one request with its response, as bytes. A capture is an exchange that has become
durable: its response (or revisit) record has a place in a WARC file.
"""

from dataclasses import dataclass
from typing import Literal

Method = Literal["wire", "reconstructed", "imported"]
Truncation = Literal["length", "time", "disconnect", "unspecified"]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One HTTP request and its response.

    `response` begins at the final status line and keeps transfer coding (chunks, trailers) when
    `method` is `wire`; a reconstructed one has its body without transfer coding and says so.
    `interim` holds 1xx answers that came first, `via` the URL that led here, `hops` the path from
    the seed in Heritrix letters (L link, E embed, R redirect, P prerequisite), `milliseconds` the
    duration of the exchange.
    """

    url: str
    captured_at: str
    request: bytes
    response: bytes
    method: Method = "wire"
    ip_address: str | None = None
    protocols: tuple[str, ...] = ("http/1.1",)
    cipher_suite: str | None = None
    truncated: Truncation | None = None
    via: str | None = None
    hops: str = ""
    milliseconds: int | None = None
    interim: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Original:
    """The earlier capture that a revisit record refers to (WARC 1.1 section 6.7)."""

    record_id: str
    url: str
    captured_at: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a capture's response or revisit record lies: a file under `data/warc/` and its gzip
    member, in bytes; `record_id` is the WARC-Record-ID without angle brackets, `payload_digest`
    is `sha256:` and lower-case hexadecimal over the entity body (transfer coding removed, content
    coding kept), `revisit_of` the record ID of the original."""

    warc_file: str
    warc_offset: int
    warc_length: int
    record_id: str
    payload_digest: str
    revisit_of: str | None = None
