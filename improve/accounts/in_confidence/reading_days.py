"""On which working days somebody reads what is told in confidence. Pure.

A form that asks people to tell something says on which day it is read, and promises no other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from improve.accounts.days.working_calendar import WorkingCalendar
from improve.shared.errors import Reason

#: How many working days ahead somebody is told a day of reading.
DAYS_AHEAD: Final = 40
#: Working days from today that must have somebody before a form opens.
DAYS_NEEDED: Final = 10
#: Working days that a calendar of cover shows.
DAYS_SHOWN: Final = 20
#: Further ahead nobody knows their leave.
_LONGEST: Final = timedelta(days=366)


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
class ReadersDays:
    """Whose days, as they are put in, or taken out so that they can be put back."""

    person_id: int
    from_on: date
    to_on: date


def cover_reasons(from_on: date, to_on: date, *, today: date) -> list[Reason]:
    """Return what is wrong with somebody's days, both with it: over, turned round, or too long."""
    if to_on < from_on:
        return [Reason("Write a last day that is not before the first.", "to_on")]
    if to_on < today:
        return [Reason("Write a last day from today on.", "to_on")]
    if to_on - from_on > _LONGEST:
        return [Reason("Write a year at most.", "to_on")]
    return []
