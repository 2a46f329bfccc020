"""Sealing: words kept under a key that is not in the database, and hashes of secrets under it.

AES-256-GCM of the package ``cryptography``. Each purpose has a key of its own, derived by HKDF, so
that what is sealed for one cannot be opened for another. The first byte names the form, the next
eight the key, so that a key can be changed.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

#: Characters that a key has at least.
SHORTEST: Final = 32
_FORM: Final = b"\x01"
_NONCE: Final = 12
_KEY_ID: Final = 8
#: Digits of a key's name before a hash.
_SHORT: Final = 8


class CannotOpen(ValueError):
    """Sealed under a key that is not here, for another purpose, or changed since."""


class Sealer:
    """Seals and opens for one purpose, such as “voices”.

    ``keys``: the present key first, then earlier ones, each a long random text.
    """

    def __init__(self, keys: tuple[str, ...], purpose: str) -> None:
        # A text is a tuple of its letters to whoever forgets the comma: no key is that short.
        if not keys or any(len(key) < SHORTEST for key in keys):
            raise ValueError("no key to seal with, or one that can be guessed")
        self._ring = {key_id(key): _derive(key, purpose) for key in keys}
        self._present = key_id(keys[0])

    def seal(self, words: str, *, about: str) -> bytes:
        """Return ``words`` sealed. ``about`` binds them to their place, such as a row's key."""
        nonce = secrets.token_bytes(_NONCE)
        head = _mark(self._present)
        sealed = AESGCM(self._ring[self._present]).encrypt(
            nonce, words.encode(), head + about.encode()
        )
        return head + nonce + sealed

    def open(self, sealed: bytes, *, about: str) -> str:
        """Return what was sealed for the same place. Raises ``CannotOpen``."""
        head, rest = sealed[: 1 + _KEY_ID], sealed[1 + _KEY_ID :]
        key = self._ring.get(head[1:].hex())
        if head[:1] != _FORM or key is None or len(rest) <= _NONCE:
            raise CannotOpen
        try:
            words = AESGCM(key).decrypt(rest[:_NONCE], rest[_NONCE:], head + about.encode())
        except InvalidTag:
            raise CannotOpen from None
        return words.decode()

    def hash(self, secret: str) -> str:
        """Return the keyed hash of a secret as it is stored now: key id, “:”, HMAC-SHA256."""
        return self._hash(self._present, secret)

    def hashes(self, secret: str) -> list[str]:
        """Return the keyed hash under every key that is known, to look a secret up."""
        return [self._hash(name, secret) for name in self._ring]

    def _hash(self, name: str, secret: str) -> str:
        key = hmac.new(self._ring[name], b"hashes", hashlib.sha256).digest()
        return f"{name[:_SHORT]}:{hmac.new(key, secret.encode(), hashlib.sha256).hexdigest()}"


def key_id(key: str) -> str:
    """Return the name of a key, 16 hexadecimal digits, which tells nothing of it."""
    return hashlib.sha256(b"key id:" + key.encode()).hexdigest()[: 2 * _KEY_ID]


def seal_mark(key: str) -> bytes:
    """Return what everything begins with that is sealed under this key."""
    return _mark(key_id(key))


def hash_mark(key: str) -> str:
    """Return what every hash begins with that was made under this key."""
    return f"{key_id(key)[:_SHORT]}:"


def _mark(name: str) -> bytes:
    return _FORM + bytes.fromhex(name)


def _derive(key: str, purpose: str) -> bytes:
    return HKDF(
        algorithm=hashes.SHA256(), length=32, salt=None, info=f"improve {purpose}".encode()
    ).derive(key.encode())
