"""What passes between the network and the WARC files.

An exchange is one request with its response, as bytes. A capture is an exchange that has become
durable: its response (or revisit) record has a place in a WARC file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Method = Literal["wire", "reconstructed", "imported"]
Truncation = Literal["length", "time", "disconnect", "unspecified"]
Revisit = Literal["identical-payload", "not-modified"]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One HTTP request and its response.

    `response` begins at the final status line and keeps transfer coding (chunks, trailers) when
    `method` is `wire`; a reconstructed one has its body without transfer coding and says so.
    `interim` holds 1xx answers that came first, `via` the URL that led here, `hops` the path from
    the seed in Heritrix letters (L link, E embed, R redirect, P prerequisite), `milliseconds` the
    duration of the exchange. `request` is empty when nobody knows it, as for a capture fetched from
    another archive, whose address there is `source_uri`.
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
    source_uri: str | None = None


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
    coding kept), `revisit_of` the record ID of the original, empty where a revisit names none. A
    record without an ID, or whose ID another capture has, is called `<file>@<offset>`."""

    warc_file: str
    warc_offset: int
    warc_length: int
    record_id: str
    payload_digest: str
    revisit_of: str | None = None


@dataclass(frozen=True, slots=True)
class StoredExchange:
    """A capture read back from a WARC file, ours or anyone's.

    `headers` are the response's, by lower-case name; `body` is the entity body, transfer coding
    removed and content coding kept, empty for a revisit. `method` is None when only the response
    record was looked at; `status` is None for a `resource` record and for an unreadable status
    line. `refers_to_url` and `refers_to_at` name the original of a revisit, for files that do not
    give its record ID.
    """

    place: Place
    url: str
    captured_at: str
    record_type: Literal["response", "revisit", "resource"]
    status: int | None
    content_type: str | None
    headers: Mapping[str, tuple[str, ...]]
    body: bytes
    method: Method | None = None
    request_method: str | None = None
    truncated: Truncation | None = None
    revisit: Revisit | None = None
    refers_to_url: str | None = None
    refers_to_at: str | None = None
    via: str | None = None
    hops: str | None = None
    milliseconds: int | None = None
    warcinfo_id: str | None = None


@dataclass(frozen=True, slots=True)
class Damage:
    """Something wrong in a file: where, in which record if it is known, and what to do."""

    file: str
    offset: int
    url: str | None
    what: str
    advice: str
