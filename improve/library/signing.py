"""Ed25519 signatures over pages for other councils, and fingerprints to read out. Pure.

Every council signs with a key of its own, derived from the installation's one secret and the
council's short name, so that no table holds a private key. What it needs of the secret is only
that nobody can guess it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

ALGORITHM: Final = "Ed25519"
#: Bytes of a public key, and of a signature.
KEY_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64
#: Digits of a fingerprint, and how many are read out in one breath.
DIGITS: Final = 40
GROUP: Final = 5
_SALT: Final = b"improve-learning/1"
_NO_KEY: Final = "This is no key. A key is 44 letters and digits that end in “=”"
#: The field of the curve, and the second coordinates of its eight points of small order (RFC 8032).
_FIELD: Final = 2**255 - 19
_OF_SMALL_ORDER: Final = frozenset(
    {
        0,
        1,
        _FIELD - 1,
        0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
        0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7,
    }
)


class NoKey(ValueError):
    """These words hold no public key. ``str()`` says it for the screen."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A council's key for signing. Two installations with the same secret would share it."""

    _private: Ed25519PrivateKey

    @property
    def public_key(self) -> str:
        """The public half, 32 bytes in base64."""
        return base64.b64encode(self._private.public_key().public_bytes_raw()).decode()

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the public half."""
        return fingerprint_of(self.public_key)

    def sign(self, content: bytes) -> str:
        """Return the signature of ``content``, 64 bytes in base64."""
        return base64.b64encode(self._private.sign(content)).decode()


def signer_of(secret: str, slug: str) -> Signer | None:
    """Return the key of the council ``slug``; None where the installation has no secret for it.

    HKDF with SHA-256 (RFC 5869), the format's name as salt and the council's short name as info:
    the same secret gives every council another key, and the same one after every restart.
    """
    if not secret:
        return None
    seed = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=_SALT, info=slug.encode()).derive(
        secret.encode()
    )
    return Signer(Ed25519PrivateKey.from_private_bytes(seed))


def is_signed_by(public_key: str, content: bytes, signature: str) -> bool:
    """Return whether ``signature`` is that of ``public_key`` over ``content``."""
    try:
        key = Ed25519PublicKey.from_public_bytes(_key_bytes(public_key))
        key.verify(_bytes_of(signature, SIGNATURE_BYTES), content)
    except (NoKey, InvalidSignature, ValueError):
        return False
    return True


def read_key(text: str) -> str:
    """Return a pasted public key as it is kept. Raises ``NoKey`` for anything else."""
    packed = "".join(text.split())
    return base64.b64encode(_key_bytes(packed)).decode()


def fingerprint_of(public_key: str) -> str:
    """Return the forty digits by which two people compare a key.

    The SHA-256 of the key's 32 bytes read as one whole number, its last forty decimal digits:
    digits are heard rightly over a telephone, letters often not. 132 bits are compared.
    """
    digest = hashlib.sha256(_bytes_of(public_key, KEY_BYTES)).digest()
    return f"{int.from_bytes(digest) % 10**DIGITS:0{DIGITS}d}"


def groups_of(fingerprint: str) -> tuple[str, ...]:
    """Return a fingerprint in groups of five digits, as it is read out."""
    return tuple(fingerprint[at : at + GROUP] for at in range(0, len(fingerprint), GROUP))


def _key_bytes(text: str) -> bytes:
    """Return the bytes of a public key that one council alone can sign with.

    A few “keys” make one signature fit all words, and a point written with a number beyond the
    field is another’s under a second text: neither says who wrote something.
    """
    raw = _bytes_of(text, KEY_BYTES)
    second = int.from_bytes(raw, "little") % 2**255
    if second >= _FIELD or second in _OF_SMALL_ORDER:
        raise NoKey("Anybody could sign with this key, so it is no council’s")
    return raw


def _bytes_of(text: str, size: int) -> bytes:
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        raise NoKey(_NO_KEY) from None
    # One key has one text: two that differ in their last bits would count as two.
    if len(raw) != size or base64.b64encode(raw).decode() != text:
        raise NoKey(_NO_KEY)
    return raw
