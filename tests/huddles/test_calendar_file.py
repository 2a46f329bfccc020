"""A team's huddles as a calendar file, read back by a library that is not ours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from icalendar import Calendar

from improve.accounts import queries as people
from improve.accounts import service as accounts
from improve.accounts.days.huddle_days import HuddleDays
from improve.huddles.calendar_file import CalendarTeam, calendar_file
from improve.shared.db import db
from tests.factories import Cast
from tests.pages import Visitor

Visit = Callable[..., Visitor]
TEAM = CalendarTeam(4, "Assessment North", 3, "improve.example", "https://improve.example/x")
TODAY = date(2026, 11, 24)
MADE = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def made(
    days: HuddleDays,
    team: CalendarTeam = TEAM,
    today: date = TODAY,
    zone: str = "Europe/London",
) -> bytes:
    return calendar_file(team, days, zone=ZoneInfo(zone), today=today, made_at=MADE)


def event(file: bytes) -> dict[str, object]:
    return next(iter(Calendar.from_ical(file).walk("VEVENT")))  # type: ignore[return-value]


def left_out(file: bytes) -> set[date]:
    found = event(file).get("EXDATE")
    lists = found if isinstance(found, list) else [found] if found else []
    days = [moment.dt for one in lists for moment in one.dts]
    return {day.date() if isinstance(day, datetime) else day for day in days}


def test_a_weekly_huddle_repeats_on_its_days() -> None:
    file = made(HuddleDays((1, 4), time(9, 30), 15))
    one = event(file)
    starts = one["DTSTART"].dt  # type: ignore[attr-defined]
    assert (starts.date(), starts.time()) == (TODAY, time(9, 30))
    assert str(starts.tzinfo) == "Europe/London"
    assert one["DURATION"].dt == timedelta(minutes=15)  # type: ignore[attr-defined]
    assert dict(one["RRULE"])["BYDAY"] == ["TU", "FR"]  # type: ignore[call-overload]
    assert str(one["UID"]) == "huddle-4@improve.example"
    assert str(one["SUMMARY"]) == "Huddle, Assessment North"
    assert b"BEGIN:VTIMEZONE\r\nTZID:Europe/London" in file


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("Europe/London", {"BYMONTH=3;BYDAY=-1SU", "BYMONTH=10;BYDAY=-1SU"}),
        ("America/New_York", {"BYMONTH=3;BYDAY=2SU", "BYMONTH=11;BYDAY=1SU"}),
        ("Australia/Sydney", {"BYMONTH=10;BYDAY=1SU", "BYMONTH=4;BYDAY=1SU"}),
        # No rule of weekdays, and no change at all.
        ("Africa/Casablanca", set()),
        ("Asia/Tokyo", set()),
    ],
)
def test_a_zone_changes_its_clocks_as_it_does(name: str, rules: set[str]) -> None:
    """A calendar that knows the zone from this file alone shows the hours that hold there."""
    file = made(HuddleDays((1,), time(9, 30)), zone=name)
    (told,) = Calendar.from_ical(file).walk("VTIMEZONE")
    assert {line for line in rules if line.encode() in file} == rules
    assert (b"BYMONTH" in file) is bool(rules)
    for day in (date(2026, 11, 24), date(2027, 3, 9), date(2027, 7, 6), date(2028, 4, 4)):
        shown = datetime.combine(day, time(9, 30))
        as_told = shown.replace(tzinfo=told.to_tz(lookup_tzid=False))
        assert as_told.utcoffset() == shown.replace(tzinfo=ZoneInfo(name)).utcoffset(), day
    assert f";TZID={name}:20261124T093000".encode() in file


def test_bank_holidays_of_the_coming_year_are_left_out() -> None:
    gone = left_out(made(HuddleDays((0, 4), time(9), 15)))
    assert {date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1), date(2027, 3, 26)} <= gone
    assert all(day.weekday() in {0, 4} for day in gone)


def test_every_second_week_counts_from_its_first_day() -> None:
    days = HuddleDays((1,), time(9, 30), 15, 2, date(2026, 12, 1))
    one = event(made(days))
    assert one["DTSTART"].dt.date() == date(2026, 12, 1)  # type: ignore[attr-defined]
    rule = dict(one["RRULE"])  # type: ignore[call-overload]
    assert (rule["INTERVAL"], rule["WKST"]) == ([2], ["MO"])


def test_the_identifier_stays_when_days_change() -> None:
    before, after = made(HuddleDays((1,), time(9))), made(HuddleDays((3,), time(14)))
    assert event(before)["UID"] == event(after)["UID"]


def test_days_without_a_time_are_whole_days() -> None:
    one = event(made(HuddleDays((2,), None)))
    assert one["DTSTART"].dt == date(2026, 11, 25)  # type: ignore[attr-defined]
    assert "DURATION" not in one


def test_no_line_is_longer_than_75_octets_and_no_letter_is_cut() -> None:
    name = "Café; Übergänge, \\ 日本語 " + "long" * 40 + "\nEND:VEVENT"
    file = made(HuddleDays((0, 1, 2, 3, 4), time(9, 15), 10), CalendarTeam(4, name, 1, "h", "u"))
    assert file.endswith(b"END:VCALENDAR\r\n")
    for line in file.split(b"\r\n"):
        assert len(line) <= 75
        line.decode("utf-8")
    assert str(event(file)["SUMMARY"]) == f"Huddle, {name}"
    assert file.count(b"\r\nEND:VEVENT\r\n") == 1


def test_a_calendar_needs_a_day() -> None:
    with pytest.raises(ValueError, match="weekday"):
        made(HuddleDays(()))


def test_the_team_takes_it_along_and_others_do_not(app: Flask, cast: Cast, visit: Visit) -> None:
    address = "/teams/riverside/huddles/calendar.ics"
    assert visit(cast.practitioner).get(address).status == 404
    with app.app_context():
        actor = cast.actor("manager")
        seen = people.team_by_id(actor, cast.team).version
        days = HuddleDays((1,), time(9, 30))
        accounts.set_huddle_days(actor, team_id=cast.team, days=days, seen_version=seen)
        db.session.commit()
    answer = visit(cast.practitioner).client.get(address)
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert "huddle-riverside.ics" in answer.headers["Content-Disposition"]
    assert str(event(answer.data)["SUMMARY"]) == "Huddle, Riverside"
    assert visit(cast.other_manager).get(address).status == 403
    assert visit(cast.outsider).get(address).status == 404
