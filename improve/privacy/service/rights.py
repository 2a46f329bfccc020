"""Who answers for privacy."""

from __future__ import annotations

from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, may
from improve.privacy.queries.words import BETWEEN_TWO
from improve.shared.errors import Forbidden

WHO_ANSWERS = "The data protection lead or an administrator does this."


def not_read_by(actor: Actor) -> frozenset[str]:
    """Return the tables whose texts somebody does not read, though they answer for privacy.

    Who sets accounts up need not read what one person wrote to another.
    """
    return frozenset() if may(actor, Permission.REMOVE_WORDS) else BETWEEN_TWO


def check(actor: Actor) -> None:
    """Raise ``Forbidden`` unless the actor answers for privacy in their council."""
    if not may(actor, Permission.ANSWER_FOR_PRIVACY):
        raise Forbidden(WHO_ANSWERS)
