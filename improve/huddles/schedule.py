"""When a team meets next after today. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from improve.accounts.days.huddle_days import next_of
from improve.shared import clock

if TYPE_CHECKING:
    from improve.accounts.queries import TeamView


def next_begins(team: TeamView, now: datetime) -> datetime | None:
    """Return when the team meets next after today, by the council's clocks; None without a day.

    Today's huddle is the present one, whether it began early or late.
    """
    today = clock.local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return next_of(team, today + timedelta(days=1))
