"""Huddles and what was promised in them, as rows for measures of the system itself. Pure.

Days are ordinals of the council's calendar. No row names a person.
"""

from __future__ import annotations

from typing import NamedTuple


class HuddleRow(NamedTuple):
    """One finished huddle: its day, how long it took, and how many decisions were written down."""

    held_on: int
    minutes: int
    decisions: int


class ActionRow(NamedTuple):
    """``n`` actions first due on one day that were not dropped.

    ``is_in_time``: done on that day or before it; moving the day changes nothing.
    """

    due_on: int
    is_in_time: bool
    n: int
