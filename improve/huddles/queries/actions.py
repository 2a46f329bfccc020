"""Actions of a team, of a huddle and of a person."""

from __future__ import annotations

from improve.accounts.actor import Actor
from improve.huddles.views import ActionLine, ActionPage


def action_page(actor: Actor, action_id: int) -> ActionPage:
    """Return one action, for its owner and for whoever reads the team's huddles; ``NotFound``."""
    raise NotImplementedError


def actions_of_huddle(actor: Actor, huddle_id: int) -> list[ActionLine]:
    """Return the actions made in a huddle that came through the door, in the order made."""
    raise NotImplementedError


def actions_to_do(actor: Actor) -> list[ActionLine]:
    """Return the open actions of the person who asks, the first due first, at most 50."""
    raise NotImplementedError
