"""When somebody is reminded of a first reply, and when a coach is offered. Pure.

In the working days of the team: at two whoever should answer, at three the huddle looks at it, at
five a coach is offered to answer or help. A team that does not work on a day is not reminded on it,
and in a busy time nobody is.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final

from improve.accounts.days.working_calendar import WorkingCalendar


class Reminder(StrEnum):
    """What goes out about a first reply, once for an idea."""

    ANSWERER = "reply_due"
    COACH = "coach_offered"


REMIND_AFTER: Final = 2
OFFER_COACH_AFTER: Final = 5
_AFTER: Final = {Reminder.ANSWERER: REMIND_AFTER, Reminder.COACH: OFFER_COACH_AFTER}


def reminders_due(waiting_since: date, today: date, calendar: WorkingCalendar) -> list[Reminder]:
    """Return which reminders an idea that waits since a day should have had by today."""
    if not calendar.is_working_day(today) or calendar.is_paused(today):
        return []
    waited = calendar.working_days_between(waiting_since, today)
    return [reminder for reminder, after in _AFTER.items() if waited >= after]


def waits_for_coach(waiting_since: date, today: date, calendar: WorkingCalendar) -> bool:
    """Return whether an idea waits so long that a coach is offered, whatever day it is."""
    return calendar.working_days_between(waiting_since, today) >= OFFER_COACH_AFTER
