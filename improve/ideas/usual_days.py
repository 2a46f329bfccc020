"""How long ideas usually stay in a stage of one team, and which stay longer now. Pure.

*Usual* is the number of days that 85 in 100 of the team's finished stays in that stage did not
pass: the nearest-rank percentile, so it is always a stay that happened. It is known from ten
finished stays on, of the last hundred finished ideas; until then the council's starting norms hold,
or those of the flow policy (``kinds.USUAL_DAYS``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from improve.accounts.actor import Actor
from improve.accounts.days.working_calendar import WorkingCalendar, calendar_from
from improve.ideas.kinds import REPLY_WORKING_DAYS, USUAL_DAYS, Stage

#: Finished stays in a stage from which the team's own usual is known.
FEWEST_STAYS: Final = 10
#: How many of the last finished ideas count.
LAST_FINISHED: Final = 100
IN_A_HUNDRED: Final = 85


@dataclass(frozen=True)
class StageClock:
    """How one team counts days in a stage, and how many are usual there."""

    calendar: WorkingCalendar = field(default_factory=WorkingCalendar)
    usual: Mapping[Stage, int] = field(default_factory=lambda: USUAL_DAYS, hash=False)

    def age(self, entered_on: date, today: date) -> int:
        """Return whole days in a stage, without busy times."""
        return self.calendar.days_between(entered_on, today)

    def is_over(self, stage: Stage, age: int) -> bool:
        """Return whether an age is over what is usual in a stage that has a usual."""
        usual = self.usual.get(stage)
        return usual is not None and age > usual

    def stuck_since(self, today: date) -> dict[Stage, date]:
        """Return by stage the last day of entering on which an idea is over the usual today.

        For Ideas it is the day of logging: what waits longer for a first reply than is hoped for.
        """
        last = {stage: _last_day(self.age, today, usual) for stage, usual in self.usual.items()}
        waited = self.calendar.working_days_between
        last[Stage.SUGGESTED] = _last_day(waited, today, REPLY_WORKING_DAYS)
        return last


def clock_of(team: Any) -> StageClock:
    """Return the clock of a team, from its ``calendar``, ``usual_days`` and ``starting_days``."""
    return StageClock(team.calendar, usual_of_team(team.usual_days, team.starting_days))


def clock_in(row: Mapping[Any, Any], actor: Actor) -> StageClock:
    """Return the clock of the team whose calendar and usual days stand in an idea's row."""
    calendar = calendar_from(row["team_working_days"], actor.closing_days, row["team_pauses"])
    return StageClock(calendar, usual_of_team(row["team_usual_days"], actor.starting_days))


def usual_of_team(own: Mapping[str, int], starting: Mapping[str, int]) -> dict[Stage, int]:
    """Return the usual days of Plan, Do, Study and Act: the team's own, else the norm to start."""
    return {
        stage: own.get(stage.value) or starting.get(stage.value) or norm
        for stage, norm in USUAL_DAYS.items()
    }


@dataclass(frozen=True, slots=True)
class UsualLine:
    """What is usual in one stage, and whether the team's own ideas say so."""

    stage: Stage
    days: int
    is_own: bool


def usual_lines(team: Any) -> list[UsualLine]:
    """Return what is usual in each stage of a team, for people who ask where that comes from."""
    usual = usual_of_team(team.usual_days, team.starting_days)
    return [UsualLine(s, days, bool(team.usual_days.get(s.value))) for s, days in usual.items()]


def settled(stays: Mapping[str, Iterable[int]]) -> dict[str, int]:
    """Return the usual days of each stage that has ten finished stays, from their days.

    At least one: a stage that is usually left on the day it is entered is over after a day.
    """
    usual = {}
    for stage in USUAL_DAYS:
        days = sorted(stays.get(stage.value, ()))
        if len(days) >= FEWEST_STAYS:
            usual[stage.value] = max(1, percentile(days))
    return usual


def percentile(days: list[int], in_a_hundred: int = IN_A_HUNDRED) -> int:
    """Return the least of some sorted numbers that so many in a hundred do not pass."""
    return days[-(-len(days) * in_a_hundred // 100) - 1]


def stays_in(
    moves: Iterable[tuple[int, str, date]], calendar: WorkingCalendar
) -> dict[str, list[int]]:
    """Return the days of every ended stay by stage, without busy times.

    ``moves`` are (idea, stage moved to, day), idea by idea in the order in which they happened.
    A stay ends with the idea's next move.
    """
    found: dict[str, list[int]] = {}
    idea, stage, entered_on = 0, "", date.min
    for next_idea, next_stage, day in moves:
        if next_idea == idea:
            found.setdefault(stage, []).append(calendar.days_between(entered_on, day))
        idea, stage, entered_on = next_idea, next_stage, day
    return found


def _last_day(count: Any, today: date, most: int) -> date:
    """Return the last day from which ``count`` up to today is more than ``most``."""
    day = today - timedelta(days=most + 1)
    while (counted := count(day, today)) <= most:
        day -= timedelta(days=max(1, most + 1 - counted))
    return day
