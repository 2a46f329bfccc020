"""A time zone as a calendar file wants it beside every local time (RFC 5545, VTIMEZONE). Pure.

Worked out from the zone itself: rules for the changes of the clocks where they come on the same
weekday of the same month each year, else each change of the coming years by its own day.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

#: Years that are looked at: the one before, so that the present time is defined, and those ahead.
YEARS: Final = 10
_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY: Final = timedelta(days=1)
_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class _Change:
    """One change of the clocks. ``onset`` is what they show just before it."""

    onset: datetime
    before: timedelta
    after: timedelta
    name: str
    is_summer: bool


def zone_lines(zone: ZoneInfo, today: date) -> list[str]:
    """Return the lines of the zone's component, not folded."""
    changes = [c for year in range(YEARS) for c in _changes(zone, today.year - 1 + year)]
    if not changes:
        now = datetime(today.year, today.month, today.day, tzinfo=zone)
        steady = now.utcoffset() or timedelta()
        onset = datetime(1970, 1, 1)  # noqa: DTZ001 - what the clocks show
        parts = _component(_Change(onset, steady, steady, now.tzname() or "", is_summer=False))
    else:
        seasons = [[c for c in changes if c.is_summer is is_summer] for is_summer in (True, False)]
        rules = [_rule(season) for season in seasons]
        if all(rules):
            firsts = zip(seasons, rules, strict=True)
            parts = [line for season, rule in firsts for line in _component(season[0], rule)]
        else:
            parts = [line for change in changes for line in _component(change)]
    return ["BEGIN:VTIMEZONE", f"TZID:{zone.key}", *parts, "END:VTIMEZONE"]


def _changes(zone: ZoneInfo, year: int) -> Iterator[_Change]:
    moment, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    while moment < end:
        before, after = _offset(zone, moment), _offset(zone, moment + _DAY)
        if before != after:
            at = _first_with(zone, after, moment)
            local = at.astimezone(zone)
            yield _Change(
                at.replace(tzinfo=None) + before,
                before,
                after,
                local.tzname() or "",
                is_summer=after > before,
            )
        moment += _DAY


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _first_with(zone: ZoneInfo, offset: timedelta, moment: datetime) -> datetime:
    """The first minute with this offset, in the day after ``moment``."""
    low, high = 0, _DAY // timedelta(minutes=1)
    while low + 1 < high:
        middle = (low + high) // 2
        is_there = _offset(zone, moment + timedelta(minutes=middle)) == offset
        low, high = (low, middle) if is_there else (middle, high)
    return moment + timedelta(minutes=high)


def _rule(season: Sequence[_Change]) -> str:
    """The rule that all these changes follow, one in each year; “” where they follow none."""
    one = season[0] if season else None
    alike = {(c.onset.month, c.onset.weekday(), c.onset.time(), c.before, c.after) for c in season}
    if one is None or len(season) != YEARS or len(alike) != 1:
        return ""
    month_ends = (monthrange(c.onset.year, c.onset.month)[1] for c in season)
    is_last = all(c.onset.day + _WEEK > end for c, end in zip(season, month_ends, strict=True))
    weeks = {-1} if is_last else {(c.onset.day - 1) // _WEEK + 1 for c in season}
    if len(weeks) != 1:
        return ""
    return f"FREQ=YEARLY;BYMONTH={one.onset.month};BYDAY={weeks.pop()}{_DAYS[one.onset.weekday()]}"


def _component(change: _Change, rule: str = "") -> list[str]:
    kind = "DAYLIGHT" if change.is_summer else "STANDARD"
    return [
        f"BEGIN:{kind}",
        f"DTSTART:{change.onset:%Y%m%dT%H%M%S}",
        f"TZOFFSETFROM:{_signed(change.before)}",
        f"TZOFFSETTO:{_signed(change.after)}",
        f"TZNAME:{change.name}",
        *([f"RRULE:{rule}"] if rule else ()),
        f"END:{kind}",
    ]


def _signed(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}{rest:02}"
