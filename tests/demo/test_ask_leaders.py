"""What was asked of leaders was blocked when they answered, whatever day the demo is loaded on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from improve.demo.calendar import Calendar
from improve.demo.leaders import _STUCK, _Said
from improve.demo.load import read_content
from improve.demo.steps import Timetable
from improve.shared import clock

IDEAS = {idea["ref"]: idea for council in read_content()["councils"] for idea in council["ideas"]}
DAYS = [date(2026, 11, 1) + timedelta(days=number) for number in range(730)]


@pytest.mark.parametrize(("ref", "said"), _STUCK, ids=[ref for ref, _ in _STUCK])
def test_an_idea_is_blocked_until_a_leader_answered(ref: str, said: _Said) -> None:
    blocked = IDEAS[ref]["was_blocked"]
    for today in DAYS:
        table = Timetable(clock.at_local(today, 12), Calendar(today))
        began = table.hours(f"{ref} was blocked").on(blocked["day"])
        answered = table.hours(f"{ref} asked").on(said.day)
        assert began < answered < table.late(blocked["until"]), today
