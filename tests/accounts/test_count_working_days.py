"""Working days of a team: its weekdays, the council's closing days, busy times."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from improve.accounts.days.working_calendar import (
    MONDAY_TO_FRIDAY,
    WorkingCalendar,
    calendar_from,
    weekdays_of,
    weekdays_text,
)
from improve.shared.working_days import working_days_between

EVERY_DAY = WorkingCalendar()
CLOSED = WorkingCalendar(
    closing_days=frozenset({date(2026, 12, 29), date(2026, 12, 30), date(2026, 12, 31)})
)
PART_WEEK = WorkingCalendar(weekdays=frozenset({0, 1, 5}))
BUSY = WorkingCalendar(pauses=((date(2026, 11, 2), date(2026, 11, 29)),))


def by_hand(calendar: WorkingCalendar, start: date, end: date) -> int:
    """Count day by day, as somebody with a wall calendar would."""
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(calendar.is_working_day(d) and not calendar.is_paused(d) for d in days)


@pytest.mark.parametrize("calendar", [EVERY_DAY, CLOSED, PART_WEEK, BUSY])
@pytest.mark.parametrize(
    "start",
    [
        # Both clock changes, both ends of a year, a leap day.
        date(2026, 3, 27),
        date(2026, 10, 23),
        date(2026, 12, 22),
        date(2025, 12, 30),
        date(2028, 2, 27),
    ],
)
def test_counting_by_weeks_agrees_with_counting_by_hand(
    calendar: WorkingCalendar, start: date
) -> None:
    for length in (-3, 0, 1, 2, 3, 6, 7, 8, 13, 20, 45, 400):
        end = start + timedelta(days=length)
        assert calendar.working_days_between(start, end) == by_hand(calendar, start, end)


@pytest.mark.parametrize("calendar", [EVERY_DAY, CLOSED, PART_WEEK, BUSY])
def test_the_nth_working_day_is_n_working_days_away(calendar: WorkingCalendar) -> None:
    start = date(2026, 10, 20)
    for count in range(1, 60):
        day = calendar.add_working_days(start, count)
        assert calendar.is_working_day(day)
        assert not calendar.is_paused(day)
        assert calendar.working_days_between(start, day) == count


def test_without_anything_of_its_own_a_team_counts_as_before() -> None:
    for length in range(400):
        end = date(2026, 3, 1) + timedelta(days=length)
        there = date(2026, 3, 1), end
        assert EVERY_DAY.working_days_between(*there) == working_days_between(*there)
        assert EVERY_DAY.days_between(*there) == length


def test_two_working_days_on_over_christmas_and_closing_days() -> None:
    assert EVERY_DAY.add_working_days(date(2026, 12, 24), 2) == date(2026, 12, 30)
    assert CLOSED.add_working_days(date(2026, 12, 24), 2) == date(2027, 1, 5)


def test_a_busy_time_counts_for_nothing_also_after_it() -> None:
    # Friday before, Monday after: only that Monday and the Friday’s rest count.
    assert BUSY.working_days_between(date(2026, 10, 30), date(2026, 11, 30)) == 1
    assert BUSY.days_between(date(2026, 10, 30), date(2026, 11, 30)) == 3
    assert BUSY.days_between(date(2026, 11, 9), date(2026, 11, 20)) == 0
    assert BUSY.add_working_days(date(2026, 10, 30), 2) == date(2026, 12, 1)


def test_busy_times_that_overlap_are_taken_off_once() -> None:
    calendar = WorkingCalendar(
        pauses=(
            (date(2026, 11, 16), None),
            (date(2026, 11, 2), date(2026, 11, 20)),
            (date(2026, 11, 10), date(2026, 11, 12)),
        )
    )
    assert calendar.days_between(date(2026, 10, 31), date(2026, 11, 30)) == 1
    assert calendar.working_days_between(date(2026, 10, 31), date(2026, 11, 30)) == 0
    # Without a known end no day can be told beyond it, so it holds none up.
    assert calendar.add_working_days(date(2026, 11, 20), 1) == date(2026, 11, 23)


def test_weekdays_as_rows_keep_them() -> None:
    assert weekdays_of("") == frozenset()
    assert weekdays_of("0,2,9,x") == frozenset({0, 2})
    assert weekdays_text([4, 3, 2, 1, 0]) == ""
    assert weekdays_text({5, 0}) == "0,5"
    calendar = calendar_from("", ["2026-12-29"], [["2026-11-02", None]])
    assert calendar.weekdays == MONDAY_TO_FRIDAY
    assert calendar.closing_days == frozenset({date(2026, 12, 29)})
    assert calendar.pauses == ((date(2026, 11, 2), None),)
