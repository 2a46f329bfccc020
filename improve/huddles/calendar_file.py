"""A team's huddles as a calendar file that Outlook, Google and phones read (RFC 5545). Pure.

One event that repeats, in the zone of the council, with the bank holidays of the coming year left
out. Its identifier never changes, so that a file taken again replaces the event.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from improve.accounts.days.huddle_days import HuddleDays, meets_on
from improve.huddles.calendar_zone import zone_lines
from improve.shared.working_days import is_bank_holiday

#: How far ahead bank holidays are left out.
LOOK_AHEAD: Final = timedelta(days=366)
_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LONGEST_LINE: Final = 75


@dataclass(frozen=True, slots=True)
class CalendarTeam:
    """What the event says of its team. ``host`` makes its identifier one of its kind."""

    id: int
    name: str
    version: int
    host: str
    url: str


def calendar_file(
    team: CalendarTeam, days: HuddleDays, *, zone: ZoneInfo, today: date, made_at: datetime
) -> bytes:
    """Return the file: UTF-8, lines ended by CR LF and folded at 75 octets.

    The event begins with the first huddle from ``today`` on. Without a time it is one of whole
    days. Refuses with ``ValueError`` days without a weekday.
    """
    lines = [
        *(zone_lines(zone, today) if days.at else ()),
        *event_lines(team, days, zone=zone, today=today, made_at=made_at),
    ]
    return whole_file(lines)


def whole_file(lines: Iterable[str]) -> bytes:
    """Return a calendar of these lines as a file: UTF-8, ended by CR LF, folded at 75 octets."""
    head = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Improve//Huddles//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    )
    return b"".join(_folded(line) for line in (*head, *lines, "END:VCALENDAR"))


def event_lines(
    team: CalendarTeam, days: HuddleDays, *, zone: ZoneInfo, today: date, made_at: datetime
) -> list[str]:
    """Return the huddles of a team as one event that repeats. Refuses days without a weekday."""
    first = _first_from(days, today)
    return [
        "BEGIN:VEVENT",
        f"UID:huddle-{team.id}@{team.host}",
        f"DTSTAMP:{made_at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"SEQUENCE:{team.version}",
        f"DTSTART{_moment(days, zone, first)}",
        *_lasts(days),
        f"RRULE:{_rule(days)}",
        *_left_out(days, zone, first),
        f"SUMMARY:{_text(f'Huddle, {team.name}')}",
        f"DESCRIPTION:{_text(team.url)}",
        f"URL:{team.url}",
        "TRANSP:OPAQUE",
        "END:VEVENT",
    ]


def day_lines(uid: str, words: str, on: date, *, url: str, made_at: datetime) -> list[str]:
    """Return an event of one whole day that leaves the person free; ``uid`` is one of its kind."""
    return [
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{made_at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{on:%Y%m%d}",
        f"SUMMARY:{_text(words)}",
        f"URL:{url}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _first_from(days: HuddleDays, today: date) -> date:
    if not days.weekdays:
        raise ValueError("a calendar needs a weekday")
    day = today
    while not meets_on(days, day):
        day += timedelta(days=1)
    return day


def _moment(days: HuddleDays, zone: ZoneInfo, *on: date) -> str:
    """The value of a property with one day or several, and what stands before its colon."""
    if days.at is None:
        return ";VALUE=DATE:" + ",".join(f"{day:%Y%m%d}" for day in on)
    at: time = days.at
    return f";TZID={zone.key}:" + ",".join(f"{day:%Y%m%d}T{at:%H%M%S}" for day in on)


def _lasts(days: HuddleDays) -> list[str]:
    return [] if days.at is None else [f"DURATION:PT{days.minutes}M"]


def _rule(days: HuddleDays) -> str:
    every = f";INTERVAL={days.every}" if days.every > 1 else ""
    return f"FREQ=WEEKLY{every};WKST=MO;BYDAY={','.join(_DAYS[day] for day in days.weekdays)}"


def _left_out(days: HuddleDays, zone: ZoneInfo, first: date) -> list[str]:
    """Bank holidays on which the rule would have the team meet."""
    monday = first - timedelta(days=first.weekday())
    found = [
        day
        for day in (first + timedelta(days=n) for n in range(LOOK_AHEAD.days))
        if day.weekday() in days.weekdays
        and (day - monday).days // 7 % days.every == 0
        and (is_bank_holiday(day) or day in days.closing_days)
    ]
    return [f"EXDATE{_moment(days, zone, *found)}"] if found else []


def _text(words: str) -> str:
    """A text value: what has a meaning in the format loses it."""
    for sign in ("\\", ";", ","):
        words = words.replace(sign, f"\\{sign}")
    return words.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """The line in octets, broken so that none is longer than 75 and no letter is cut in two."""
    pieces: list[bytes] = []
    piece, room = b"", _LONGEST_LINE
    for letter in line:
        octets = letter.encode("utf-8")
        if len(piece) + len(octets) > room:
            pieces.append(piece)
            # The blank that marks a line as going on counts as well.
            piece, room = b"", _LONGEST_LINE - 1
        piece += octets
    pieces.append(piece)
    return b"\r\n ".join(pieces) + b"\r\n"
