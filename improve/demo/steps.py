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
        after = timedelta(seconds=15 * number)
        at = clock.at_local(self.calendar.day(day), 8, 5) + after
        return self._not_ahead(min(at, self.now - timedelta(hours=1) + after), day)

    def late(self, day: int) -> datetime:
        """Return a moment after the day's work: behind all that a story does on that day."""
        return self._not_ahead(clock.at_local(self.calendar.day(day), 17, 30), day)

    def latest(self, day: int) -> datetime:
        """Return the last moment for something done on ``day``: a little before now."""
        return self._not_ahead(self.now - timedelta(minutes=25), day)

    def _not_ahead(self, at: datetime, day: int) -> datetime:
        """Return ``at``, kept within today when ``day`` is today, and never after now.

        Loaded just after midnight, what happens today has happened just now.
        """
        if day == 0:
            at = max(at, clock.at_local(self.calendar.today, 0))
        return min(at, self.now)

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
        return self._keep(min(at, self._timetable.latest(day)))

    def soon(self) -> datetime:
        """Return a moment a few minutes after the last."""
        assert self._last is not None  # noqa: S101 - a story begins with a day
        return self._keep(self._last + timedelta(minutes=3 + int(self._chance.random() * 25)))

    def _keep(self, at: datetime) -> datetime:
        if self._last is not None and at <= self._last:
            at = self._last + timedelta(minutes=4)
        self._last = min(at, self._timetable.now)
        return self._last
