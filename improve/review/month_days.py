"""How long leaders take to answer what is blocked at their level, as a measure of their own. Pure.

Charted and read by the same code as any measure, and never person by person.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Final

from improve.accounts.days.working_calendar import WorkingCalendar
from improve.review.counting import (
    MONTHS_SHOWN,
    WorkingDays,
    by_month,
    median_of,
    medians,
    months_before,
)
from improve.review.history import Counted, History, SystemMeasure, Table
from improve.shared.formatting import plural


def _none(_history: History) -> Counted:
    return Counted((), 0, Table((), ()))


LEADER_DAYS: Final = SystemMeasure(
    key="leader_days",
    group="",
    name="Days to a leader’s answer",
    short="working days, median by month asked",
    formula=(
        "Working days from the day an idea was marked as needing a head of service or a director. "
        "They end with the day a leader answered it on “This month, from you”. The median of all "
        "that were asked in the month. One that still waits counts at its age today."
    ),
    care=(
        "An idea that went on before a leader answered is not counted. While many of a month’s "
        "asks still wait, its median can only rise. It is the leaders’ measure, not the teams’."
    ),
    needs=(),
    count=_none,
    one="thing asked",
    many="things asked",
    better_when="lower",
    is_share=False,
    unit="working days",
    chart="run",
)


def leader_days(
    asked: Iterable[tuple[date, date | None]], *, today: date, calendar: WorkingCalendar
) -> SystemMeasure:
    """Return the measure, to be shown: from (asked on, answered on or None while it waits)."""
    rows = list(asked)
    first = min((day.toordinal() for day, _ in rows), default=today.toordinal())
    working = WorkingDays(first, today.toordinal(), calendar)
    aged = [
        (day.toordinal(), working.between(day.toordinal(), min(end or today, today).toordinal()), 1)
        for day, end in rows
    ]
    months, days = months_before(today, MONTHS_SHOWN), by_month(aged)
    waiting = by_month([(d.toordinal(), 0, 1) for d, end in rows if end is None])
    points = medians(months, days)
    table = Table(
        ("Month", "Asked", "Still waiting", "Median, working days"),
        tuple(
            (
                month,
                sum(days[month].values()),
                sum(waiting.get(month, {}).values()),
                median_of(days[month]),
            )
            for month in months
            if days.get(month)
        ),
    )
    still = sum(1 for _, end in rows if end is None)
    now = f"{plural(still, 'thing')} asked of leaders {'waits' if still == 1 else 'wait'} now."
    behind = sum(sum(days[month].values()) for month in months if month in days)
    counted = Counted(points, behind, table, (now if still else "Nothing waits now.",))
    return replace(LEADER_DAYS, count=lambda _history: counted)
