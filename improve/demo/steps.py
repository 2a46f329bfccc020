"""One thing that happened in the demo, and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from improve.demo.calendar import Calendar
from improve.shared import clock


@dataclass(frozen=True)
class Step:
    """Something somebody did at a moment, through a service."""

    at: datetime
    do: Callable[[], None]


@dataclass(frozen=True)
class Timetable:
    """The moments of one loading: none lies after ``now``."""

    now: datetime
    calendar: Calendar

    def early(self, day: int, number: int) -> datetime:
        """Return a moment before the day's work, in the order of ``number``."""
        at = clock.at_local(self.calendar.day(day), 8, 5) + timedelta(seconds=15 * number)
        return min(at, self.now - timedelta(hours=1) + timedelta(seconds=15 * number))

    def hours(self, name: str) -> Hours:
        """Return the working hours of the story ``name``."""
        return Hours(self, Random(name))


class Hours:
    """Moments of one story, each later than the one before, in the hours people work."""

    def __init__(self, timetable: Timetable, chance: Random) -> None:
        self._timetable, self._chance = timetable, chance
        self._last: datetime | None = None

    def on(self, day: int, *, is_exact: bool = False) -> datetime:
        """Return the next moment, on ``day`` or, where the story is ahead of it, soon after."""
        minutes = int(self._chance.random() * 400)
        on = self._timetable.calendar.day(day, is_exact=is_exact)
        at = clock.at_local(on, 9, 20) + timedelta(minutes=minutes)
        return self._keep(at)

    def soon(self) -> datetime:
        """Return a moment a few minutes after the last."""
        assert self._last is not None  # noqa: S101 - a story begins with a day
        return self._keep(self._last + timedelta(minutes=3 + int(self._chance.random() * 25)))

    def _keep(self, at: datetime) -> datetime:
        if self._last is not None and at <= self._last:
            at = self._last + timedelta(minutes=4)
        latest = self._timetable.now - timedelta(minutes=25)
        if at > latest:
            # Loaded early in the day: what happened today happened just now.
            at = max(latest, self._last + timedelta(seconds=30) if self._last else latest)
        self._last = min(at, self._timetable.now)
        return self._last
