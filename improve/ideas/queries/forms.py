"""What the forms about one idea are filled with."""

from __future__ import annotations

from improve.accounts.actor import Actor
from improve.ideas.kinds import Way
from improve.ideas.page import MoveFormView, PlanFormView


def move_form(actor: Actor, idea_id: int, way: Way | None = None) -> MoveFormView:
    """Return the move form with ``way`` (else the usual next one) chosen. Raises ``NotFound``.

    A person who may not move it gets no choices and words that say who can.
    """
    raise NotImplementedError


def plan_form(actor: Actor, idea_id: int) -> PlanFormView:
    """Return the small-test page, filled with what was written. Raises ``NotFound``."""
    raise NotImplementedError


def edit_form(actor: Actor, idea_id: int, field: str) -> tuple[str, str, int]:
    """Return (title of the idea, present text of the field, version). Raises ``NotFound``.

    ``field`` is a name in ``IDEA_QUESTIONS``, or in ``CYCLE_QUESTIONS`` for the present cycle.
    """
    raise NotImplementedError
