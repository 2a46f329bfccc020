"""When a notice is due by mail. Pure.

Once a day means at seven in the morning of a day that the person works, once a week the first such
day of a week: one mail with all that happened before seven.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from improve.accounts.days.working_calendar import WorkingCalendar
from improve.notifications.kinds import Pace
from improve.shared import clock

#: The hour of the council's clocks at which the mail of a day is ready.
READY_AT: Final = 7


def is_due(pace: Pace, created_at: datetime, now: datetime, calendar: WorkingCalendar) -> bool:
    """Return whether a notice made at ``created_at`` is to be mailed at ``now`` (both aware)."""
    if pace is Pace.AT_ONCE:
        return True
    today = clock.local(now).date()
    if pace is Pace.NEVER or not calendar.is_working_day(today):
        return False
    begun = today
    if pace is Pace.WEEKLY:
        begun = today - timedelta(days=today.weekday())
        while not calendar.is_working_day(begun):
            begun += timedelta(days=1)
    ready_at = clock.at_local(begun, READY_AT)
    return now >= clock.at_local(today, READY_AT) and created_at < ready_at
