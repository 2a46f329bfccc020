"""One's own dates as a calendar: huddles, what one said one would do, tests to look at. Pure.

Titles only: no other person is named, and nobody is invited.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from improve.accounts.days.huddle_days import HuddleDays
from improve.huddles.calendar_file import CalendarTeam, day_lines, event_lines, whole_file
from improve.huddles.calendar_zone import zone_lines

#: What a calendar shows before the title of each kind of date.
STUDY_WORDS: Final = "Look at the test: "


@dataclass(frozen=True, slots=True)
class DatedThing:
    """A whole day of one's own. ``uid`` is one of its kind and never changes."""

    uid: str
    words: str
    on: date
    url: str


def feed(
    teams: Sequence[tuple[CalendarTeam, HuddleDays]],
    things: Sequence[DatedThing],
    *,
    zone: ZoneInfo,
    today: date,
    made_at: datetime,
) -> bytes:
    """Return the calendar as a file."""
    lines = [*zone_lines(zone, today)] if any(days.at for _, days in teams) else []
    for team, days in teams:
        lines += event_lines(team, days, zone=zone, today=today, made_at=made_at)
    for thing in things:
        lines += day_lines(thing.uid, thing.words, thing.on, url=thing.url, made_at=made_at)
    return whole_file(lines)
