"""Content codings undone within a bound: gzip, deflate, br, zstd and identity.

A bomb gives its first bytes and says so, damaged data gives what came out before the damage;
neither raises. Codings: RFC 9110 section 8.4.1, RFC 7932 (br), RFC 8878 (zstd).
"""

import contextlib
import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

DEFAULT_LIMIT = 32 * 2**20
_MAX_CODINGS = 4
_GZIP = b"\x1f\x8b"
_TEXT = rb"[^\x00-\x08\x0e-\x1f]"
_READABLE = re.compile(rb"(?:\xef\xbb\xbf)?\s*[<{\[](?:%b{400}|%b*\Z)" % (_TEXT, _TEXT))
"""How a page or JSON begins; the first byte alone may be that of a coded body."""
_STEP = 256
_ZSTD_WINDOW_LOG = 23  # 8 MiB, what RFC 9659 allows on the web
_IDENTITY = frozenset({"identity", ""})

Fault = Literal["too-large", "damaged", "unknown-coding"]


@dataclass(frozen=True, slots=True)
class Decoded:
    """`body` without content codings, at most the limit; `fault` says why it is not all of it.
    With `unknown-coding` the body is as it was."""

    body: bytes
    fault: Fault | None = None


def decode(body: bytes, codings: Sequence[str], limit: int = DEFAULT_LIMIT) -> Decoded:
    """Undo `codings` (lower case, in the order the header lists them) into at most `limit` bytes.

    A body that is announced as gzip and does not begin as gzip is taken as already decoded, which
    is how browsers' developer tools record it; so is one of another coding that cannot be decoded
    at all and begins as a page or JSON does.
    """
    applied = [coding for coding in codings if coding not in _IDENTITY]
    if len(applied) > _MAX_CODINGS:
        return Decoded(body, "unknown-coding")
    fault: Fault | None = None
    for coding in reversed(applied):
        decoder = _DECODERS.get(coding)
        if decoder is None:
            return Decoded(body, "unknown-coding")
        step = decoder(body, limit)
        if step.fault == "damaged" and not step.body and _READABLE.match(body):
            continue
        body, fault = step.body, fault or step.fault
    if len(body) > limit:
        return Decoded(body[:limit], "too-large")
    return Decoded(body, fault)


def _decode_gzip(body: bytes, limit: int) -> Decoded:
    parts: list[bytes] = []
    room = limit
    if body[:2] != _GZIP:
        return Decoded(body)
    while body[:2] == _GZIP:
        step, body = _inflate(body, 31, room)
        parts.append(step.body)
        room -= len(step.body)
        if step.fault:
            return Decoded(b"".join(parts), step.fault)
    return Decoded(b"".join(parts))


def _decode_deflate(body: bytes, limit: int) -> Decoded:
    """The zlib format, or raw deflate, which some servers send under the same name."""
    wrapped, _ = _inflate(body, 15, limit)
    if wrapped.fault == "damaged" and not wrapped.body:
        raw, _ = _inflate(body, -15, limit)
        return raw
    return wrapped


def _inflate(body: bytes, window: int, room: int) -> tuple[Decoded, bytes]:
    """(what the first stream of `body` gives, the bytes after that stream)"""
    inflater = zlib.decompressobj(window)
    try:
        data = inflater.decompress(body, room + 1)
    except zlib.error:
        return Decoded(_inflate_up_to_damage(body, window, room), "damaged"), b""
    if len(data) > room:
        return Decoded(data[:room], "too-large"), b""
    return Decoded(data, None if inflater.eof else "damaged"), inflater.unused_data


def _inflate_up_to_damage(body: bytes, window: int, room: int) -> bytes:
    """In small steps, since zlib gives nothing of the call in which it meets the damage."""
    inflater = zlib.decompressobj(window)
    parts: list[bytes] = []
    with contextlib.suppress(zlib.error):
        for start in range(0, len(body), _STEP):
            if room <= 0:
                break
            part = inflater.decompress(body[start : start + _STEP], room)
            parts.append(part)
            room -= len(part)
    return b"".join(parts)


def _decode_br(body: bytes, limit: int) -> Decoded:
    import brotli  # type: ignore[import-untyped]

    inflater = brotli.Decompressor()
    parts: list[bytes] = []
    room = limit
    data = body
    try:
        while room > 0 and not inflater.is_finished():
            part = inflater.process(data, output_buffer_limit=room)
            data = b""
            parts.append(part)
            room -= len(part)
            if not part and inflater.can_accept_more_data():
                break
    except brotli.error:
        return Decoded(b"".join(parts), "damaged")
    if inflater.is_finished():
        return Decoded(b"".join(parts))
    return Decoded(b"".join(parts)[:limit], "too-large" if room <= 0 else "damaged")


def _decode_zstd(body: bytes, limit: int) -> Decoded:
    from backports import zstd

    inflater = zstd.ZstdDecompressor(
        options={zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW_LOG}
    )
    try:
        data = inflater.decompress(body, limit + 1)
    except zstd.ZstdError:
        return Decoded(b"", "damaged")
    if len(data) > limit:
        return Decoded(data[:limit], "too-large")
    return Decoded(data, None if inflater.eof else "damaged")


_DECODERS: dict[str, Callable[[bytes, int], Decoded]] = {
    "gzip": _decode_gzip,
    "x-gzip": _decode_gzip,
    "deflate": _decode_deflate,
    "br": _decode_br,
    "zstd": _decode_zstd,
}
