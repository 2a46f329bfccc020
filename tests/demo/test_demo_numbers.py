"""The demo's invented numbers give the expected verdicts whatever day it is loaded on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from improve.demo.calendar import Calendar
from improve.demo.series import lay_all
from improve.shared.working_days import is_working_day
from tests.demo import verdicts

#: A weekday each, month ends, the leap day, both changes of the clocks, the turn of the year.
DAYS = [
    date(2026, 11, 23),
    date(2026, 11, 24),
    date(2026, 11, 28),
    date(2026, 11, 29),
    date(2026, 9, 30),
    date(2026, 12, 1),
    date(2027, 1, 1),
    date(2027, 2, 28),
    date(2027, 3, 28),
    date(2027, 10, 31),
    date(2028, 2, 29),
    date(2026, 12, 31),
    date(2027, 4, 5),
]

#: The verdicts that the demo was asked for.
ASKED = {
    "IDEA-001": "improvement",
    "IDEA-002": "improvement",
    "IDEA-003": "improvement",
    "IDEA-004": "deterioration",
    "IDEA-005": "no_signal",
    "IDEA-006": "improvement",
    "IDEA-007": "improvement_not_held",
    "IDEA-009": "no_signal",
    "IDEA-010": "mixed",
    "IDEA-011": "unusual_point",
    "IDEA-012": "too_early",
    "IDEA-014": "no_baseline",
    "IDEA-016": "too_early",
    "IDEA-017": "baseline_unstable",
    "IDEA-018": "deterioration_ended",
    "IDEA-036": "too_early",
}


def test_the_content_expects_the_verdicts_that_were_asked_for() -> None:
    codes = {idea["ref"]: idea["codes"].get("now") for idea in verdicts.content()["ideas"]}
    assert {ref: codes[ref] for ref in ASKED} == ASKED
    assert sum(code == "small_test" for code in codes.values()) >= 5


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_every_verdict_is_the_expected_one_on(today: date) -> None:
    assert verdicts.faults(verdicts.content(), today) == []


def test_verdicts_hold_through_a_year() -> None:
    council = verdicts.content()
    found = {str(day): verdicts.faults(council, day) for day in verdicts.YEAR[3::17]}
    assert not {day: faults for day, faults in found.items() if faults}


def test_a_measure_without_an_idea_shows_the_usual_ups_and_downs() -> None:
    measure = next(m for m in verdicts.content()["measures"] if m["key"] == "re_referral")
    drawn = lay_all([measure], Calendar(date(2026, 11, 24)))["re_referral"]
    assert verdicts.is_usual(measure, drawn)


def test_the_same_day_draws_the_same_numbers() -> None:
    measures = verdicts.content()["measures"]
    once = lay_all(measures, Calendar(date(2026, 11, 24)))
    assert once == lay_all(measures, Calendar(date(2026, 11, 24)))


def test_a_week_later_the_same_numbers_stand_a_week_later() -> None:
    measures = {m["key"]: m for m in verdicts.content()["measures"]}
    only = [measures["cp_visits_on_time"]]
    monday = lay_all(only, Calendar(date(2026, 11, 23)))["cp_visits_on_time"]
    later = lay_all(only, Calendar(date(2026, 11, 30)))["cp_visits_on_time"]
    assert [p.numerator for p in later] == [p.numerator for p in monday]
    assert later[-1].start - monday[-1].start == timedelta(days=7)


def test_no_number_is_for_a_time_that_is_not_over() -> None:
    for today in DAYS:
        for key, points in lay_all(verdicts.content()["measures"], Calendar(today)).items():
            assert points, key
            starts = [p.start for p in points]
            assert starts == sorted(set(starts)), key
            assert starts[-1] < today, key


def test_shares_of_contacts_have_the_contacts_as_their_bottom_line() -> None:
    laid = lay_all(verdicts.content()["measures"], Calendar(date(2026, 11, 24)))
    contacts = {p.start: p.value for p in laid["contacts"]}
    for key in ("repeat_contacts", "screened_same_day"):
        assert all(p.denominator == contacts[p.start] for p in laid[key])


def test_past_days_are_working_days_unless_they_must_be_exact() -> None:
    sunday = Calendar(date(2026, 11, 29))
    assert sunday.day(0) == date(2026, 11, 29)
    assert sunday.day(-1) == date(2026, 11, 27)
    assert sunday.day(-1, is_exact=True) == date(2026, 11, 28)
    assert sunday.day(7) == date(2026, 12, 7)
    for today in DAYS:
        days = [Calendar(today).day(-n) for n in range(1, 400)]
        assert all(map(is_working_day, days))
        assert days == sorted(days, reverse=True)
