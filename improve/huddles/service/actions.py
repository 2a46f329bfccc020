"""Actions: something a person does by a day. Added in a huddle, ended whenever it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from improve.accounts.actor import Actor


@dataclass(frozen=True, slots=True)
class Added:
    """An action; ``is_new`` is False when the same form had made it before.

    ``words`` reads “Added for Kofi, Fri 27 Nov”.
    """

    action_id: int
    is_new: bool
    words: str


def add_action(
    actor: Actor,
    *,
    huddle_id: int,
    what: str,
    owner_id: int,
    due_on: date,
    item_id: int | None = None,
    form_token: str,
) -> Added:
    """Note who does what by when. The owner is anybody active in the council.

    A form sent twice makes one. Refuses with ``RuleBroken``, all at once: no words or too many
    (what), an owner who is not there (owner_id), a day before today or more than a year ahead
    (due_on); and a huddle that is over.
    """
    raise NotImplementedError


def end_action(
    actor: Actor, *, action_id: int, is_done: bool, why: str = "", seen_version: int
) -> None:
    """End an action: done, or dropped with a reason (field why). After its huddle as well.

    Its owner may, and whoever may run huddles of its team. Ended the same way twice is harmless;
    another change meanwhile raises ``Stale`` (facts what, action_id).
    """
    raise NotImplementedError


def reopen_action(actor: Actor, *, action_id: int, seen_version: int) -> None:
    """Take back that an action has ended. Twice is harmless; otherwise as ``end_action``."""
    raise NotImplementedError


def move_action(
    actor: Actor,
    *,
    action_id: int,
    due_on: date,
    owner_id: int | None = None,
    seen_version: int,
) -> None:
    """Move an open action to another day, or to another person. The day named first stays known.

    Refuses days and owners as ``add_action``, and an action that has ended. ``Stale`` as above.
    """
    raise NotImplementedError
