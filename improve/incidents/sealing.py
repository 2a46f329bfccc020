"""The key of one report, and what is kept under it.

Each report has a random key of its own (AES-256-GCM). It stands in the report's row, sealed under
``SEALING_KEY``, which is never in the database. Whoever deletes the row's key has destroyed all
that was sealed with it, wherever a copy of that may lie: in the words, in the thread, in the way to
call back. What is sealed is first filled up, so that its length tells nothing but a rough size.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

from improve.shared.sealing import CannotOpen, Sealer

#: What keys of reports, receipts, drafts, answers and who is barred are sealed or named under.
KEYS: Final = "incidents keys"
RECEIPTS: Final = "incidents receipts"
DRAFTS: Final = "incidents form"
ANSWERS: Final = "incidents answers"
BARRED: Final = "incidents barred"
_BYTES: Final = 32
_NONCE: Final = 12
#: Everything sealed is filled up to a multiple of so many bytes.
_STEP: Final = 512


def sealer(purpose: str) -> Sealer:
    """Return what seals, opens and hashes for one purpose under the key of this installation."""
    return Sealer(current_app.config["SEALING_KEYS"], purpose)


class ReportKey:
    """Seals and opens what belongs to one report, under its own key."""

    def __init__(self, key: bytes) -> None:
        if len(key) != _BYTES:
            raise ValueError("the key of a report has 32 bytes")
        self._key = key

    @classmethod
    def new(cls) -> ReportKey:
        """Return a fresh random key."""
        return cls(secrets.token_bytes(_BYTES))

    @classmethod
    def unwrap(cls, wrapped: bytes | None, *, about: str) -> ReportKey:
        """Return the key of the report ``about``. Raises ``CannotOpen``, also once destroyed."""
        if wrapped is None:
            raise CannotOpen
        return cls(bytes.fromhex(sealer(KEYS).open(bytes(wrapped), about=about)))

    def wrapped(self, *, about: str) -> bytes:
        """Return this key sealed under that of the installation, for the report ``about``."""
        return sealer(KEYS).seal(self._key.hex(), about=about)

    def seal(self, facts: Mapping[str, Any], *, about: str) -> bytes:
        """Return ``facts`` sealed. ``about`` binds them to their place: a row's key and a name."""
        plain = json.dumps(facts, ensure_ascii=False).encode()
        plain += b" " * (-len(plain) % _STEP)
        nonce = secrets.token_bytes(_NONCE)
        return nonce + AESGCM(self._key).encrypt(nonce, plain, about.encode())

    def open(self, sealed: bytes | None, *, about: str) -> dict[str, Any]:
        """Return what was sealed for the same place. Raises ``CannotOpen``, also once destroyed."""
        if sealed is None or len(sealed) <= _NONCE:
            raise CannotOpen
        sealed = bytes(sealed)
        try:
            plain = AESGCM(self._key).decrypt(sealed[:_NONCE], sealed[_NONCE:], about.encode())
        except InvalidTag:
            raise CannotOpen from None
        facts: dict[str, Any] = json.loads(plain)
        return facts
