"""When two ideas may become one. Pure.

An idea is joined while nothing of it is being tried: in Ideas and in Plan. A test that has begun
is finished first, so that its numbers and its lesson belong to one idea. Chains are not made: an
idea that is joined to another takes none in, and one that has taken others in joins none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from improve.ideas.kinds import Outcome, Stage

JOINED_FROM: Final = frozenset({Stage.SUGGESTED, Stage.PLAN})


@dataclass(frozen=True, slots=True)
class Joinable:
    """What the rule reads of an idea; ``has_joined``: others are joined to it."""

    stage: Stage
    outcome: Outcome | None
    is_on_board: bool
    has_joined: bool = False


def joinable_of(row: Mapping[Any, Any], *, has_joined: bool = False) -> Joinable:
    """Return what the rule reads, from a row of an idea."""
    return Joinable(
        stage=Stage(row["stage"]),
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        is_on_board=bool(row["is_on_board"]),
        has_joined=has_joined,
    )


def why_not_joined(idea: Joinable) -> str:
    """Return why an idea cannot be joined to any other, “” where it can."""
    if idea.outcome is Outcome.JOINED:
        return "This idea is joined to another already."
    if idea.stage is Stage.DONE:
        return "This idea is finished, so there is nothing left to join."
    if idea.stage not in JOINED_FROM:
        return (
            "This idea is being tried. Finish its test first, or stop it and say what you learned."
        )
    if not idea.is_on_board:
        return "Its author has not shown this idea to the team yet, so it stays by itself."
    if idea.has_joined:
        return (
            "Another idea is joined to this one. Take them apart first, or join the other one "
            "instead."
        )
    return ""


def why_not_taken_in(other: Joinable) -> str:
    """Return why nothing can be joined to this idea, “” where it can."""
    if other.outcome is Outcome.JOINED:
        return "That idea is joined to another itself. Join this one to that."
    if other.outcome is Outcome.WITHDRAWN:
        return "That idea was withdrawn by its author."
    if not other.is_on_board:
        return "That idea is not on its team’s board yet."
    return ""
