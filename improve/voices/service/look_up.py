"""Coming back with the words of a receipt, and staying on the page without typing them again."""

from __future__ import annotations

from typing import Final

from improve.shared import receipt_pass, receipt_words
from improve.shared.errors import Reason, RuleBroken
from improve.shared.sealing import Sealer
from improve.voices.queries import receipt

#: The text that refuses, the same whether a code is unknown, of elsewhere, or none at all.
UNKNOWN: Final = "all.answer.error_unknown"
_PURPOSE: Final = "voices answer page"


def look_up(*, keys: tuple[str, ...], typed: str, slug: str | None) -> str:
    """Return the key of the voice whose receipt was typed. Refuses in one and the same way.

    ``keys``: those of sealing, the present one first. The caller counts a refusal.
    """
    words = receipt_words.normalise(typed)
    # Words that can be no receipt are looked up as well: the time tells nothing.
    hashes = Sealer(keys, "voices").hashes(words or "")
    found = receipt.key_of(hashes, slug)
    if words is None or found is None:
        raise RuleBroken([Reason(UNKNOWN, "code")])
    return found


def pass_for(*, keys: tuple[str, ...], voice_key: str) -> str:
    """Return what the page carries so that its form knows the voice, for a day."""
    return receipt_pass.pass_for({"key": voice_key}, keys=keys, purpose=_PURPOSE)


def voice_of_pass(*, keys: tuple[str, ...], held: str) -> str:
    """Return the key of the voice that a page was made for. Raises ``NotFound``."""
    return receipt_pass.facts_of_pass(held, keys=keys, purpose=_PURPOSE)["key"]
