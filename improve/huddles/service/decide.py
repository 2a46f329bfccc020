"""Lines under “What we decided”, and what is done about one thing on a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from improve.accounts.actor import Actor


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision; ``is_new`` is False when the same form had made it before."""

    decision_id: int
    is_new: bool


def decide(
    actor: Actor, *, huddle_id: int, words: str, item_id: int | None = None, form_token: str
) -> Decided:
    """Write down what was decided, about an item of this huddle or about none.

    It settles the item. A form sent twice makes one. Refuses no words, words over their limit
    (field words), and a huddle that is over.
    """
    raise NotImplementedError


def remove_decision(actor: Actor, *, huddle_id: int, decision_id: int) -> None:
    """Take a line out again: whoever wrote it, or the driver. Twice is harmless.

    What was done to the idea stands; only the line goes. Refuses a huddle that is over.
    """
    raise NotImplementedError


def keep_testing(
    actor: Actor,
    *,
    huddle_id: int,
    item_id: int,
    study_on: date,
    words: str = "",
    form_token: str,
) -> Decided:
    """Go on with a test until ``study_on``: the idea's study-by day, and a line of the notes.

    The line reads “Go on. Study on Tue 8 Dec.” with ``words`` after it. Refuses a day that is not
    after today or more than a year ahead (study_on), whoever may not edit the idea, and an item
    that is no idea with a plan.
    """
    raise NotImplementedError


def settle(actor: Actor, *, huddle_id: int, item_id: int, words: str = "Looked at") -> None:
    """Note that an item was looked at. Twice is harmless; the first words stand."""
    raise NotImplementedError


def put_off(actor: Actor, *, huddle_id: int, item_id: int) -> None:
    """Come back to this one: it goes to the end of its part.

    Where the wall shows it and the driver asks, the wall moves to the next. Twice is harmless.
    """
    raise NotImplementedError
