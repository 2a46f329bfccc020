"""“To do after”: a missing item of an idea becomes an action."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from improve.accounts.actor import Actor


@dataclass(frozen=True, slots=True)
class ToDoAfter:
    """The action made. ``note`` fills the move form of soft items.

    It reads “To do after the huddle: a measure, Kofi, Fri 27 Nov”.
    """

    action_id: int
    is_new: bool
    idea_id: int
    is_hard: bool
    note: str


def do_after(
    actor: Actor,
    *,
    huddle_id: int,
    item_id: int,
    key: str,
    owner_id: int | None = None,
    due_on: date | None = None,
    form_token: str,
) -> ToDoAfter:
    """Make an action of one missing need (``MissingItem.key``) of an item's idea.

    For its lead, else whoever asks, due at the next huddle, else in a week; both may be chosen.
    A hard need stays one: the action is made and the idea does not move. A need that is met
    meanwhile is refused in words (field key).
    """
    raise NotImplementedError
