"""Coming back to a report with the words of its receipt, and staying on the page."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final

from improve.incidents.queries import receipt
from improve.incidents.sealing import RECEIPTS, sealer
from improve.shared import receipt_pass, receipt_words
from improve.shared.errors import Reason, RuleBroken

#: The same words whether they are unknown or no receipt at all.
UNKNOWN: Final = "We don’t know these words. Check each of the eight, and try again."
_PURPOSE: Final = "incidents answer page"
_TOKEN: Final = 16


@dataclass(frozen=True, slots=True)
class Pass:
    """What a page was made for: the key of a report, and of the message that its form would add."""

    key: str
    message: str


def look_up(*, typed: str) -> str:
    """Return the key of the report whose receipt was typed. Refuses in one and the same way.

    The caller counts a refusal.
    """
    words = receipt_words.normalise_long(typed)
    # Words that can be no receipt are looked up as well: the time tells nothing.
    found = receipt.key_of(sealer(RECEIPTS).hashes(words or ""))
    if words is None or found is None:
        raise RuleBroken([Reason(UNKNOWN, "words")])
    return found


def pass_for(*, keys: tuple[str, ...], key: str) -> str:
    """Return what the page carries so that its form knows the report, for a day.

    ``keys``: those of sealing, the present one first.
    """
    held = {"key": key, "message": secrets.token_urlsafe(_TOKEN)}
    return receipt_pass.pass_for(held, keys=keys, purpose=_PURPOSE)


def of_pass(*, keys: tuple[str, ...], held: str) -> Pass:
    """Return what a page was made for. Raises ``NotFound``."""
    facts = receipt_pass.facts_of_pass(held, keys=keys, purpose=_PURPOSE)
    return Pass(facts["key"], facts["message"])
