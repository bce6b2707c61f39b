"""The anonymous signature of a WACZ: ECDSA on P-384 with SHA-256 over the text of the datapackage's
digest (WACZ-auth 0.1.0, as ReplayWeb.page verifies it).

It proves that whoever holds the key packed these bytes, never what a server said.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from archiver.errors import BadInput

_HALF = 48  # bytes of r and of s on P-384


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key on P-384 that the user keeps."""

    key: ec.EllipticCurvePrivateKey

    @property
    def public_key(self) -> str:
        """Its public half: Base64 of the SubjectPublicKeyInfo."""
        form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(self.key.public_key().public_bytes(*form)).decode()

    def sign(self, text: str) -> str:
        """Base64 of r and s, 48 bytes each, as Web Crypto writes a signature."""
        der = self.key.sign(text.encode(), ec.ECDSA(hashes.SHA256()))
        halves = decode_dss_signature(der)
        return base64.b64encode(b"".join(half.to_bytes(_HALF, "big") for half in halves)).decode()


def load_key(path: Path) -> SigningKey:
    """Read a PEM private key; raises BadInput unless it is an unencrypted one on P-384."""
    how = "make one with `openssl ecparam -name secp384r1 -genkey -noout`"
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as reason:
        raise BadInput(f"{path} is not a readable private key in PEM: {how}.") from reason
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP384R1):
        raise BadInput(f"{path} is not a private key on the curve P-384: {how}.")
    return SigningKey(key)


def fingerprint(public_key: str) -> str:
    """What a public key is known by: `sha256:` and hexadecimal over its SubjectPublicKeyInfo, as
    `openssl ec -in key.pem -pubout -outform DER | sha256sum` gives it."""
    try:
        raw = base64.b64decode(public_key, validate=True)
    except (ValueError, binascii.Error):
        raw = public_key.encode("utf-8", "replace")
    return f"sha256:{hashlib.sha256(raw).hexdigest()}"


def is_signed(text: str, signature: str, public_key: str) -> bool:
    """Whether `signature` over `text` was made with the key; False for anything unreadable."""
    try:
        key = serialization.load_der_public_key(base64.b64decode(public_key, validate=True))
        raw = base64.b64decode(signature, validate=True)
        if not isinstance(key, ec.EllipticCurvePublicKey) or len(raw) != 2 * _HALF:
            return False
        r, s = int.from_bytes(raw[:_HALF], "big"), int.from_bytes(raw[_HALF:], "big")
        key.verify(encode_dss_signature(r, s), text.encode(), ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError, TypeError, binascii.Error):
        return False
    return True
