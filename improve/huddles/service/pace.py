"""Driving a huddle: moving what the wall shows, the clock, who drives and who is here."""

from __future__ import annotations

from collections.abc import Iterable

from improve.accounts.actor import Actor
from improve.huddles.kinds import Part


def go_to(actor: Actor, *, huddle_id: int, part: Part, item_id: int | None = None) -> None:
    """Stand at a part, and at one of its items: what the wall shows. Only the driver may.

    Without an item it is the first that nothing was done about yet. Refuses with ``RuleBroken``
    (in words, who drives) everybody else, and a huddle that is over. Raises ``NotFound`` for a
    part or an item that this huddle has not. Twice is harmless.
    """
    raise NotImplementedError


def pause(actor: Actor, *, huddle_id: int) -> None:
    """Stop the clock. Anybody who may run huddles of the team may. Twice is harmless."""
    raise NotImplementedError


def go_on(actor: Actor, *, huddle_id: int) -> None:
    """Let the clock go on after a pause. Twice is harmless."""
    raise NotImplementedError


def take_over_driving(actor: Actor, *, huddle_id: int) -> None:
    """Become the driver. Anybody who may run huddles of the team may. Twice is harmless."""
    raise NotImplementedError


def tick_here(
    actor: Actor, *, huddle_id: int, here_ids: Iterable[int], others_here: int = 0
) -> None:
    """Say who is here, all at once; it is left to the team, and nobody is noted as away.

    Refuses people who are not active in the council, and a number of others below 0 or over 200
    (field others_here).
    """
    raise NotImplementedError
