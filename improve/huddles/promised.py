"""“To do after”: what a missing item is called as an action, and which are in hand. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Final

from improve.shared import limits
from improve.shared.formatting import NBSP, day

if TYPE_CHECKING:
    from improve.ideas.huddle_views import MissingItem

#: A day that has not come is nothing that anybody can do: it is waited for, or a move says why not.
NOT_TO_DO: Final = frozenset({"study_day"})
_BEGINS: Final = "To do after the huddle: "


def may_be_done_after(missing: MissingItem) -> bool:
    """Return whether somebody can do it at all."""
    return missing.key not in NOT_TO_DO


def what_words(missing: MissingItem, title: str) -> str:
    """Return the action: “Choose who leads it: Text families a photo”."""
    words = f"{missing.words[:1].upper()}{missing.words[1:]}: {title}"
    most = limits.length("action")
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def who_and_when(owner: str, due_on: date) -> str:
    """Return “Kofi, Fri 27 Nov”; only the day where nobody is known."""
    return f"{owner}, {day(due_on)}" if owner else day(due_on)


def note_words(missing: Iterable[MissingItem], in_hand: Mapping[str, str]) -> str:
    """Return the words that pass soft needs, as a move form keeps them; “” where none is in hand.

    “To do after the huddle: choose how you will know. Kofi, Fri 27 Nov”. ``in_hand`` says by key
    of a need who does it by when. What a move form would not hold is left out.
    """
    note, most = "", limits.length("reason")
    for need in missing:
        if need.is_hard or need.key not in in_hand:
            continue
        said = f"{need.words}. {in_hand[need.key]}".replace(NBSP, " ")
        longer = f"{note}; {said}" if note else f"{_BEGINS}{said}"
        if len(longer) <= most:
            note = longer
    return note


def hard_words(missing: MissingItem, in_hand: str) -> str:
    """Return what is said where a hard need became an action."""
    return f"{_BEGINS}{missing.words}. {in_hand}".replace(NBSP, " ")
