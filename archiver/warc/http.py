"""HTTP/1.x messages as bytes: start line, headers in order, entity body without transfer coding.

Nothing a server can send makes it raise: what is malformed is kept apart, what is cut short is
given as far as it goes and marked. Grammar: RFC 9112 sections 2, 5 and 7.1; header values are read
as Latin-1 (RFC 9110 section 5.5), the one reading that loses no byte.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from archiver.warc.heads import head_end

Headers = tuple[tuple[bytes, bytes], ...]

_STATUS_LINE = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})(?!\d)", re.IGNORECASE)
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;.*)?\Z", re.DOTALL)
_MAX_CHUNK_LINE = 4096
_SWITCHING_PROTOCOLS = 101


@dataclass(frozen=True, slots=True)
class Message:
    """A request or a response: `body` still has its transfer coding, `malformed` holds the header
    lines that have no name."""

    start_line: bytes
    headers: Headers
    body: bytes
    malformed: tuple[bytes, ...] = ()

    @property
    def status(self) -> int | None:
        """The status code, or None for a request or an unreadable status line."""
        match = _STATUS_LINE.match(self.start_line)
        return int(match[1]) if match else None

    @property
    def request_method(self) -> str | None:
        """The method of a request line, or None for anything else."""
        word = self.start_line.split(b" ", 1)[0]
        return word.decode() if word.isalpha() and word.isascii() else None


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity body: transfer coding removed, content coding kept. `whole` is False when the
    message ended before its own framing said it would."""

    body: bytes
    whole: bool
    trailers: Headers = ()


# A message is asked for several times in a row while it is captured or checked, then never again.
@lru_cache(maxsize=1)
def parse_message(raw: bytes) -> Message:
    """Take a message apart; any bytes give a message, at worst one with an odd start line."""
    gap = head_end(raw)
    head = raw[: gap.start] if gap else raw
    body = raw[gap.end :] if gap else b""
    start_line, _, rest = head.partition(b"\n")
    headers, malformed = _parse_fields(rest)
    return Message(start_line.rstrip(b"\r"), headers, body, malformed)


def _parse_fields(block: bytes) -> tuple[Headers, tuple[bytes, ...]]:
    fields: list[tuple[bytes, bytes]] = []
    malformed: list[bytes] = []
    for line in block.split(b"\n"):
        name, colon, value = line.partition(b":")
        if line[:1] in {b" ", b"\t"} and fields:
            known, before = fields[-1]
            fields[-1] = (known, before + b" " + line.strip())
        elif colon and name.strip():
            fields.append((name.strip(), value.strip()))
        elif line.strip():
            malformed.append(line.rstrip(b"\r"))
    return tuple(fields), tuple(malformed)


def by_name(headers: Headers) -> Mapping[str, tuple[str, ...]]:
    """Values in order under lower-case names, both read as Latin-1."""
    found: dict[str, tuple[str, ...]] = {}
    for name, value in headers:
        key = name.decode("latin-1").lower()
        found[key] = (*found.get(key, ()), value.decode("latin-1"))
    return found


def list_members(values: Iterable[str]) -> tuple[str, ...]:
    """The lower-case members of comma-separated header values, as `Content-Encoding` has them."""
    members = (member.strip().lower() for value in values for member in value.split(","))
    return tuple(member for member in members if member)


def media_type(headers: Mapping[str, tuple[str, ...]]) -> str | None:
    """The lower-case media type without parameters, or None when the server named none."""
    values = headers.get("content-type", ())
    return values[-1].partition(";")[0].strip().lower() or None if values else None


@lru_cache(maxsize=1)
def entity_body(message: Message) -> Entity:
    """Remove the transfer coding.

    A message that claims chunks and has none is given as it is: many archives were written by
    clients that removed the chunks and kept the header.
    """
    if list_members(_values(message, b"transfer-encoding"))[-1:] == ("chunked",):
        return _join_chunks(message.body)
    lengths = _values(message, b"content-length")
    expected = int(lengths[-1]) if lengths and _is_length(lengths[-1]) else 0
    has_no_body = message.status in {204, 304}
    return Entity(message.body, has_no_body or len(message.body) >= expected)


def _values(message: Message, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in message.headers if key.lower() == name]


def _is_length(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _join_chunks(body: bytes) -> Entity:
    parts: list[bytes] = []
    position = 0
    while True:
        line_end = body.find(b"\n", position, position + _MAX_CHUNK_LINE)
        line = body[position:line_end].rstrip(b"\r") if line_end >= 0 else b""
        size_line = _CHUNK_SIZE.match(line)
        if size_line is None:
            unframed = not parts and bool(body)
            return Entity(body if unframed else b"".join(parts), whole=unframed)
        size = int(size_line[1], 16)
        start = line_end + 1
        if size == 0:
            return _end_chunks(parts, body[start:])
        parts.append(body[start : start + size])
        if start + size > len(body):
            return Entity(b"".join(parts), whole=False)
        position = start + size
        position += 2 if body[position : position + 2] == b"\r\n" else 1


def _end_chunks(parts: list[bytes], rest: bytes) -> Entity:
    if rest[:2] == b"\r\n" or rest[:1] == b"\n":
        return Entity(b"".join(parts), whole=True)
    gap = head_end(rest)
    trailers, _ = _parse_fields(rest[: gap.start] if gap else rest)
    return Entity(b"".join(parts), whole=gap is not None, trailers=trailers)


def split_interim(raw: bytes) -> tuple[tuple[bytes, ...], bytes]:
    """Part 1xx answers from the final response: (each interim answer, the rest).

    101 is final (RFC 9110 section 15.2.2); an interim answer without its blank line stays in the
    rest.
    """
    interim: list[bytes] = []
    while True:
        line = raw.partition(b"\n")[0].rstrip(b"\r")
        status = _STATUS_LINE.match(line)
        gap = head_end(raw)
        if not (status and gap and status[1][:1] == b"1"):
            return tuple(interim), raw
        if int(status[1]) == _SWITCHING_PROTOCOLS:
            return tuple(interim), raw
        interim.append(raw[: gap.end])
        raw = raw[gap.end :]
