"""What somebody may do with a card: move, reply, pin, and where to drag it. Pure.

Rights depend on few facts, so they are asked once for each mix of them on a board.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from improve.accounts.actor import Actor
from improve.ideas import rights
from improve.ideas.kinds import Stage, Way
from improve.ideas.stages import Target


@dataclass(frozen=True, slots=True)
class CardRights:
    """Rights to one card; ``drops`` as ``board.Card`` holds it."""

    may_move: bool
    may_reply: bool
    may_pin: bool
    drops: str


def rights_to(row: Mapping[Any, Any], stage: Stage, actor: Actor) -> CardRights:
    """Return the rights of somebody to the card of a row with ``is_member``."""
    standing = rights.standing_of(row)
    offered = rights.ways_for(actor, standing)
    ways = [way for way, _ in offered]
    return CardRights(
        # Who may only withdraw does so on the idea's page: “Move” would take it away.
        may_move=any(way is not Way.WITHDRAW for way in ways),
        may_reply=rights.may_reply(actor, standing),
        may_pin=stage is not Stage.DONE and rights.may_pin(actor, standing),
        drops=_drops(offered) if stage is not Stage.DONE else "",
    )


def _drops(ways: Iterable[tuple[Way, Target]]) -> str:
    """Return the columns that a card may be dragged to: “plan study done=stop”.

    One way a column, the usual one; the form that opens offers the others. Withdrawing is left to
    that form: nobody takes their idea back by a slip of the hand.
    """
    found: dict[Stage, str] = {}
    for way, target in ways:
        if way is not Way.WITHDRAW:
            name = target.stage.value
            found.setdefault(target.stage, name if way == name else f"{name}={way.value}")
    return " ".join(found.values())
