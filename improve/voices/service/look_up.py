"""Coming back with the words of a receipt, and staying on the page without typing them again."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import datetime, timedelta
from typing import Final

from improve.shared import clock, receipt_words
from improve.shared.errors import NotFound, Reason, RuleBroken
from improve.shared.sealing import CannotOpen, Sealer
from improve.voices.queries import receipt

#: The same words whether they are unknown, of elsewhere, or no receipt at all.
UNKNOWN: Final = "We don’t know these words. Check each one, and the four numbers, and try again."
_PURPOSE: Final = "voices answer page"
_LASTS: Final = timedelta(days=1)


def look_up(*, keys: tuple[str, ...], typed: str, slug: str | None) -> str:
    """Return the key of the voice whose receipt was typed. Refuses in one and the same way.

    ``keys``: those of sealing, the present one first. The caller counts a refusal.
    """
    words = receipt_words.normalise(typed)
    # Words that can be no receipt are looked up as well: the time tells nothing.
    hashes = Sealer(keys, "voices").hashes(words or "")
    found = receipt.key_of(hashes, slug)
    if words is None or found is None:
        raise RuleBroken([Reason(UNKNOWN, "words")])
    return found


def pass_for(*, keys: tuple[str, ...], voice_key: str) -> str:
    """Return what the page carries so that its form knows the voice, for a day."""
    held = json.dumps({"key": voice_key, "at": clock.now().isoformat()})
    sealed = Sealer(keys, _PURPOSE).seal(held, about=_PURPOSE)
    return base64.urlsafe_b64encode(sealed).decode()


def voice_of_pass(*, keys: tuple[str, ...], held: str) -> str:
    """Return the key of the voice that a page was made for. Raises ``NotFound``."""
    try:
        sealed = base64.urlsafe_b64decode(held.encode())
        known = json.loads(Sealer(keys, _PURPOSE).open(sealed, about=_PURPOSE))
    except (CannotOpen, binascii.Error, ValueError):
        raise NotFound from None
    if clock.now() - datetime.fromisoformat(known["at"]) > _LASTS:
        raise NotFound
    return str(known["key"])
