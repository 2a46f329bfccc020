"""What families wrote, under the key of this installation, which is never in the database."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

from flask import current_app

from improve.shared.sealing import CannotOpen, Sealer


def sealer(purpose: str = "voices") -> Sealer:
    """Return what seals and opens for one purpose: “voices” for the words of a voice."""
    return Sealer(current_app.config["SEALING_KEYS"], purpose)


def words_in(sealed: bytes | None, *, about: str) -> dict[str, str] | None:
    """Return the words of a voice or a reply by their names, without empty ones.

    Empty once they are deleted; None where no key that is here opens them.
    """
    if sealed is None:
        return {}
    try:
        kept: dict[str, Any] = json.loads(sealer().open(sealed, about=about))
    except CannotOpen:
        return None
    return {name: str(words) for name, words in kept.items() if words}


def words_hash(happened: str, better: str) -> str:
    """Return the keyed hash of what somebody wrote, for ``Voice.words_hash``; “” for nothing.

    Case, blanks and marks make no difference: a flood of one text is known as one.
    """
    words = unicodedata.normalize("NFKC", f"{happened} {better}").casefold()
    plain = " ".join("".join(c if c.isalnum() else " " for c in words).split())
    return sealer("voices same words").hash(plain) if plain else ""
