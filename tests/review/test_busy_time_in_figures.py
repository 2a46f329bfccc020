"""Figures of a team leave its busy times out. Pure."""

from __future__ import annotations

from datetime import date

from improve.accounts.days.working_calendar import WorkingCalendar
from improve.ideas.flow import StayRow
from improve.review.counting import WorkingDays, days_between, over_on
from improve.review.history import History
from improve.review.stage_counts import age_in_stage

BUSY = WorkingCalendar(pauses=((date(2026, 11, 2), date(2026, 11, 29)),))


def on(month: int, day: int) -> int:
    return date(2026, month, day).toordinal()


def test_no_day_of_it_counts() -> None:
    assert days_between(BUSY, on(10, 30), on(11, 30)) == 3
    assert days_between(WorkingCalendar(), on(10, 30), on(11, 30)) == 31
    assert WorkingDays(on(10, 30), on(11, 30), BUSY).between(on(10, 30), on(11, 30)) == 1


def test_the_day_on_which_something_is_there_longer_than_usual_moves_on() -> None:
    assert over_on(BUSY, on(10, 30), 2) == on(11, 30)
    assert over_on(WorkingCalendar(), on(10, 30), 2) == on(11, 2)
    for most in range(40):
        first = over_on(BUSY, on(10, 20), most)
        assert days_between(BUSY, on(10, 20), first) == most + 1
        assert days_between(BUSY, on(10, 20), first - 1) == most


def test_an_idea_does_not_grow_old_in_it() -> None:
    stays = (StayRow("act", on(10, 26), None, False, 1),)
    calm, busy = (
        age_in_stage(History(date(2026, 12, 4), stays=stays, calendar=calendar))
        for calendar in (WorkingCalendar(), BUSY)
    )
    assert calm.points[-1].numerator == 1
    assert busy.points[-1].numerator == 0
