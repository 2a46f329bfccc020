"""On which working days somebody reads what is told in confidence. Pure.

A form that asks people to tell something says on which day it is read, and promises no other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from improve.accounts.working_calendar import WorkingCalendar

#: How many working days ahead somebody is told a day of reading.
DAYS_AHEAD: Final = 40
#: Working days from today that must have somebody before a form opens.
DAYS_NEEDED: Final = 10
#: Working days that a calendar of cover shows.
DAYS_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class CoverSpan:
    """From when to when somebody reads, both days with it."""

    id: int
    person_id: int
    name: str
    from_on: date
    to_on: date


def days_read(
    spans: Iterable[CoverSpan],
    may_read: set[int],
    calendar: WorkingCalendar,
    today: date,
    count: int,
) -> list[tuple[date, tuple[str, ...]]]:
    """Return the next ``count`` working days from today, and who reads on each; nobody: empty.

    Only those of ``may_read`` count: a rota outlives a role.
    """
    spans = [span for span in spans if span.person_id in may_read]
    found: list[tuple[date, tuple[str, ...]]] = []
    day = today if calendar.is_working_day(today) else calendar.add_working_days(today, 1)
    while len(found) < count:
        names = tuple(
            dict.fromkeys(span.name for span in spans if span.from_on <= day <= span.to_on)
        )
        found.append((day, names))
        day = calendar.add_working_days(day, 1)
    return found


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that must stand: what it is, whether it does, what is known or missing, and why."""

    name: str
    title: str
    is_met: bool
    words: str
    why: str
