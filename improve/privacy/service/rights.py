"""Who answers for privacy."""

from __future__ import annotations

from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, may
from improve.shared.errors import Forbidden

WHO_ANSWERS = "The data protection lead or an administrator does this."


def check(actor: Actor) -> None:
    """Raise ``Forbidden`` unless the actor answers for privacy in their council."""
    if not may(actor, Permission.ANSWER_FOR_PRIVACY):
        raise Forbidden(WHO_ANSWERS)
