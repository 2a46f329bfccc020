"""Days that an action is usually due. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from improve.huddles.views import DueChoice
from improve.shared.formatting import day
from improve.shared.working_days import is_working_day

#: How far ahead an action may be due.
DUE_MOST: Final = timedelta(days=365)
_FRIDAY: Final = 4
_WEEK: Final = timedelta(days=7)


def due_choices(today: date, next_on: date | None) -> tuple[DueChoice, ...]:
    """Return the days offered: the end of this week and the next huddle, without one in a week."""
    friday = end_of_week(today)
    if next_on is not None and next_on > today:
        huddle = DueChoice(next_on, f"Next huddle, {day(next_on)}")
        return (huddle,) if friday == next_on else (DueChoice(friday, day(friday)), huddle)
    week = today + _WEEK
    choices = [DueChoice(friday, day(friday)), DueChoice(week, f"In a week, {day(week)}")]
    return tuple(choices if friday != week else choices[:1])


def end_of_week(today: date) -> date:
    """Return the last working day of this week after today, else that of the next week."""
    friday = today + timedelta(days=(_FRIDAY - today.weekday()) % 7 or 7)
    while True:
        last = friday
        while not is_working_day(last):
            last -= timedelta(days=1)
        if last > today:
            return last
        friday += _WEEK


def due_fault(due_on: date, today: date) -> str:
    """Return in words why an action cannot be due on this day, “” when it can."""
    if due_on < today:
        return "Choose today or a day after it."
    if due_on > today + DUE_MOST:
        return "Choose a day within a year."
    return ""


def usual_due(today: date, next_on: date | None) -> date:
    """Return the day of what is done after a huddle: the next huddle, else in a week."""
    return next_on if next_on is not None and next_on > today else today + _WEEK
