"""One WARC record as bytes, and back.

Grammar: WARC 1.1 section 4; field names are case-insensitive, values UTF-8, a record ends with two
CRLF. Reading is as tolerant as the files of other tools need, checking is `archiver.warc.check`.
"""

import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from archiver.warc.heads import head_end

Fields = tuple[tuple[str, str], ...]

MAX_HEAD = 64 * 2**10
"""A record header longer than this is not read."""

MARK = b"WARC/"
"""How every record begins, before the number of the version."""
END = b"\r\n\r\n"
_BLANK = " \t\r"  # nothing more: a URI may end in a no-break space
_VERSION = re.compile(rb"WARC/(\d\.\d{1,2})\r?\n")
_RECORD_ID = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:[^<>\s]+>\Z")
_NOT_IN_URI = re.compile(r"[\x00-\x20\x7f<>\"]")


class Malformed(ValueError):
    """A WARC record whose header cannot be read; says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record's header fields, and of its block what was read; `block_length` is the declared
    Content-Length, `rest` what follows the block (two CRLF when all is well), `values` are those of
    the fields by their lower-case names. `record_id` and `target_uri` are without angle brackets;
    the ID is empty when the record has none."""

    version: str
    fields: Fields
    values: Mapping[str, Sequence[str]] = field(repr=False, compare=False)
    block: bytes
    block_length: int
    rest: bytes
    record_type: str = field(init=False, compare=False)
    record_id: str = field(init=False, compare=False)
    target_uri: str | None = field(init=False, compare=False)

    def __post_init__(self) -> None:
        uri = self.get("warc-target-uri")
        object.__setattr__(self, "record_type", (self.get("warc-type") or "").lower())
        object.__setattr__(self, "record_id", bare(self.get("warc-record-id") or ""))
        object.__setattr__(self, "target_uri", bare(uri) if uri is not None else None)

    def get(self, name: str) -> str | None:
        """The first value of a field, by its lower-case name."""
        values = self.values.get(name)
        return values[0] if values else None

    def get_all(self, name: str) -> tuple[str, ...]:
        """Every value of a field that may repeat, by its lower-case name."""
        return tuple(self.values.get(name, ()))


def bare(identifier: str) -> str:
    """Without the angle brackets of record identifiers and of WARC/1.0 target URIs."""
    identifier = identifier.strip(_BLANK)
    if identifier.startswith("<") and identifier.endswith(">"):
        return identifier[1:-1]
    return identifier


def is_record_id(identifier: str) -> bool:
    """Whether this is an identifier as a header writes it: a URI in angle brackets."""
    return _RECORD_ID.match(identifier) is not None


def new_record_id() -> str:
    return uuid4().urn


def parse_record(data: bytes) -> Record:
    """Read the record that begins at the first byte of `data`, which may hold less than all of its
    block; raises Malformed."""
    version = _VERSION.match(data)
    if version is None:
        raise Malformed("it does not begin with a WARC version line")
    gap = head_end(data, version.end() - 1, MAX_HEAD)
    if gap is None:
        raise Malformed("its header does not end")
    fields = parse_fields(data[version.end() : gap.start])
    values: dict[str, list[str]] = {}
    for name, value in fields:
        values.setdefault(name.lower(), []).append(value)
    length = values.get("content-length", [""])[0]
    if not (length.isascii() and length.isdigit() and len(length) < 19):
        raise Malformed("it has no readable Content-Length")
    end = gap.end + int(length)
    block, rest = data[gap.end : end], data[end:]
    return Record(version[1].decode(), fields, values, block, int(length), rest)


def head_length(data: bytes, record: Record) -> int:
    """How many of the bytes that a record was read from are its head."""
    return len(data) - len(record.block) - len(record.rest)


def parse_fields(head: bytes) -> Fields:
    """The named fields of a record header or an `application/warc-fields` block, in order."""
    fields: list[tuple[str, str]] = []
    for line in head.decode("utf-8", "replace").split("\n"):
        name, colon, value = line.partition(":")
        if line[:1] in {" ", "\t"} and fields:
            known, before = fields[-1]
            fields[-1] = (known, f"{before} {line.strip(_BLANK)}".strip(_BLANK))
        elif colon:
            fields.append((name.strip(_BLANK), value.strip(_BLANK)))
    return tuple(fields)


def format_record(fields: Iterable[tuple[str, str]], block: bytes) -> bytes:
    """A WARC/1.1 record with its Content-Length; ValueError for a value with a line break."""
    head = format_fields((*fields, ("Content-Length", str(len(block)))))
    return b"".join((b"WARC/1.1\r\n", head, b"\r\n", block, END))


def format_fields(fields: Iterable[tuple[str, str]]) -> bytes:
    """`application/warc-fields` (WARC 1.1 section 4); ValueError for a value with a line break."""
    lines = []
    for name, value in fields:
        if "\n" in value or "\r" in value:
            raise ValueError(f"{name} has a line break in its value")
        lines.append(f"{name}: {value}\r\n")
    return "".join(lines).encode("utf-8", "replace")


def member(record: bytes, level: int) -> bytes:
    """A record as its own gzip member (WARC 1.1 annex D)."""
    deflater = zlib.compressobj(level, zlib.DEFLATED, 31)
    return deflater.compress(record) + deflater.flush()


def header_uri(uri: str) -> str:
    """A URI fit for a header value: spaces, brackets and control characters percent-encoded."""
    return _NOT_IN_URI.sub(lambda match: f"%{ord(match[0]):02X}", uri)
