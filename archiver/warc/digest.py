"""Digests as WARC headers write them: `sha256:` and lower-case hexadecimal for ours.

A payload digest is taken over the entity body, transfer coding removed and content coding kept
(WARC 1.1 section 5.9, RFC 9110 section 6.4); a block digest over the block as it stands. Others
write SHA-1 in Base32, or any of these in hexadecimal, Base32 or Base64 (RFC 4648), with padding or
without: all are checked.
"""

import base64
import hashlib
import re

from archiver.warc.http import entity_body, parse_message
from archiver.warc.model import Exchange

_ALGORITHMS = {
    "md5": hashlib.md5,
    "sha1": hashlib.sha1,
    "sha256": hashlib.sha256,
    "sha384": hashlib.sha384,
    "sha512": hashlib.sha512,
}
_OF_URLS = str.maketrans("-_", "+/")
_OWN_FORM = re.compile("sha256:[0-9a-f]{64}")


def digest_of(data: bytes) -> str:
    """`sha256:` and 64 lower-case hexadecimal digits."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def payload_digest(exchange: Exchange) -> str:
    """The digest of the entity body of an exchange's response."""
    return digest_of(entity_body(parse_message(exchange.response)).body)


def is_own_form(labelled: str | None) -> bool:
    """Whether a digest header's value is written as `digest_of` writes it."""
    return labelled is not None and _OWN_FORM.fullmatch(labelled) is not None


def hasher_for(labelled: str) -> "hashlib._Hash | None":
    """A new hash object for a labelled digest, or None when its algorithm is not one we know."""
    make = _ALGORITHMS.get(_algorithm(labelled))
    return make(usedforsecurity=False) if make else None


def agrees(labelled: str, hasher: "hashlib._Hash") -> bool:
    """Whether a labelled digest is the one `hasher` has come to."""
    return _value(labelled, hasher.digest_size) == hasher.digest()


def differ(one: str, other: str) -> bool:
    """Whether two labelled digests are of one algorithm and not of the same bytes."""
    hasher = hasher_for(one)
    if hasher is None or _algorithm(one) != _algorithm(other):
        return False
    values = {_value(labelled, hasher.digest_size) for labelled in (one, other)}
    return None not in values and len(values) > 1


def _algorithm(labelled: str) -> str:
    return labelled.partition(":")[0].strip().lower().replace("-", "")


def _value(labelled: str, size: int) -> bytes | None:
    """The `size` bytes of a labelled digest, whose length tells how they are written; None when it
    is no such digest."""
    value = labelled.partition(":")[2].strip().rstrip("=")
    try:
        if len(value) == 2 * size:
            return bytes.fromhex(value)
        if len(value) == -(-size * 8 // 5):
            return base64.b32decode(value.upper() + "=" * (-len(value) % 8))
        if len(value) == -(-size * 8 // 6):
            padded = value.translate(_OF_URLS) + "=" * (-len(value) % 4)
            return base64.b64decode(padded, validate=True)
    except ValueError:  # other letters, beyond ASCII too
        pass
    return None
