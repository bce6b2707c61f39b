"""Digests as WARC headers write them: `sha256:` and lower-case hexadecimal for ours.

A payload digest is taken over the entity body, transfer coding removed and content coding kept
(WARC 1.1 section 5.9, RFC 9110 section 6.4); a block digest over the block as it stands. Others
write SHA-1 in Base32, and any of these is checked.
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
    algorithm = labelled.partition(":")[0].lower().replace("-", "")
    make = _ALGORITHMS.get(algorithm)
    return make(usedforsecurity=False) if make else None


def agrees(labelled: str, hasher: "hashlib._Hash") -> bool:
    """Whether a labelled digest, in hexadecimal or Base32, is the one `hasher` has come to."""
    value = labelled.partition(":")[2].strip()
    found = hasher.digest()
    if len(value) == 2 * len(found):
        return value.lower() == found.hex()
    try:
        return base64.b32decode(value.upper() + "=" * (-len(value) % 8)) == found
    except ValueError:  # no Base32, or letters beyond ASCII
        return False
