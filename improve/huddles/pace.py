"""How long a huddle takes, in seconds and in words. Pure.

Moments are aware. A pause stops the clock; nothing here makes a sound or ends a huddle.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Pace:
    """How much time was used of what was planned, in seconds.

    ``words`` reads “08:20”, ``of_words`` “15:00”.
    """

    used: int
    planned: int
    is_paused: bool
    is_running: bool

    @property
    def is_over(self) -> bool:
        """Whether the planned time is used up."""
        return self.used >= self.planned

    @property
    def words(self) -> str:
        """The time used."""
        return clock_words(self.used)

    @property
    def of_words(self) -> str:
        """The time planned."""
        return clock_words(self.planned)


def pace_of(
    *,
    started_at: datetime,
    paused_at: datetime | None,
    paused_seconds: int,
    finished_at: datetime | None,
    planned_minutes: int,
    now: datetime,
) -> Pace:
    """Return the pace of a huddle at ``now``, or of a finished one as it ended."""
    ends = finished_at or paused_at or now
    if finished_at and paused_at:
        ends = min(finished_at, paused_at)
    return Pace(
        used=max(0, seconds_between(started_at, ends) - paused_seconds),
        planned=planned_minutes * _SECONDS,
        is_paused=paused_at is not None and finished_at is None,
        is_running=paused_at is None and finished_at is None,
    )


def seconds_between(start: datetime, end: datetime) -> int:
    """Return the whole seconds from one moment to a later one; 0 where it is not later."""
    return max(0, int((end - start).total_seconds()))


def minutes_taken(started_at: datetime, finished_at: datetime, paused_seconds: int) -> int:
    """Return how many minutes a huddle took, without its pauses; never less than 1."""
    used = seconds_between(started_at, finished_at) - paused_seconds
    return max(1, round(used / _SECONDS))


def part_seconds(opened_at: datetime, paused_at: datetime | None, now: datetime) -> int:
    """Return the seconds that the present part takes since it was opened or gone on with.

    In a pause it is 0: what came before was counted when the pause began.
    """
    return 0 if paused_at is not None else seconds_between(opened_at, now)


def clock_words(seconds: int) -> str:
    """Return “08:20”; beyond an hour the minutes go on: “75:00”."""
    minutes, rest = divmod(max(0, seconds), _SECONDS)
    return f"{minutes:02}:{rest:02}"
