"""When a team meets: weekdays, a time, how long, every how many weeks. Pure.

Times are those of the council's clocks: a huddle at 09:30 stays at 09:30 when the clocks change.
No huddle falls on a bank holiday of England or a closing day of the council; the next one is then
simply the next.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from improve.shared.working_days import is_bank_holiday

if TYPE_CHECKING:
    from improve.accounts.queries import TeamView

DAY_NAMES: Final = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
#: Every how many weeks a team may meet, and how that is said of one day.
EVERY_WORDS: Final = {1: "", 2: "second ", 4: "fourth "}
SHORTEST: Final = 5
LONGEST: Final = 60
#: A Monday, from which weeks are counted where a team names no day.
_FIRST_WEEK: Final = date(2024, 1, 1)
_WORKING_WEEK: Final = (0, 1, 2, 3, 4)
#: No pattern of days misses this long: three bank holidays in a row are the most there are.
_LOOK_AHEAD: Final = timedelta(days=366)


@dataclass(frozen=True)
class HuddleDays:
    """When a team meets. ``weekdays``: Monday is 0. ``minutes``: how long.

    ``every``: 1 for each week, 2 for every second, counted in weeks from that of ``from_on``; no
    huddle comes before that day. Without ``at`` the day is agreed and the time is not.
    """

    weekdays: tuple[int, ...]
    at: time | None = None
    minutes: int = 15
    every: int = 1
    from_on: date | None = None
    #: Days on which the council is closed: no huddle either. No part of what a team chooses.
    closing_days: frozenset[date] = field(default=frozenset(), compare=False)


def days_of(team: TeamView) -> HuddleDays | None:
    """Return when this team meets, or None where it has not said."""
    weekdays = tuple(
        sorted({int(part) for part in team.huddle_days.split(",") if part in set("0123456")})
    )
    if not weekdays:
        return None
    return HuddleDays(
        weekdays,
        time.fromisoformat(team.huddle_at) if team.huddle_at else None,
        team.huddle_minutes,
        team.huddle_every,
        team.huddle_from_on,
        team.calendar.closing_days,
    )


def next_after(days: HuddleDays, now_local: datetime) -> datetime | None:
    """Return when the next huddle begins, as the council's clocks show it and in their zone.

    A huddle that begins this very minute is not the next. Without a time it is the start of the
    day, and today counts all day. None only where no weekday is named.
    """
    if not days.weekdays:
        return None
    today = now_local.date()
    day = max(today, days.from_on) if days.from_on else today
    last = day + _LOOK_AHEAD
    while day <= last:
        begins = datetime.combine(day, days.at or time.min, tzinfo=now_local.tzinfo)
        # Both in one zone: Python then compares what the clocks show.
        is_ahead = begins > now_local if days.at else day >= today
        if is_ahead and meets_on(days, day):
            return begins
        day += timedelta(days=1)
    return None


def next_of(team: TeamView, now_local: datetime) -> datetime | None:
    """Return when this team meets next, as the council's clocks show it and in their zone.

    What the last huddle agreed counts until it is past; then, or without it, the team's days do.
    None where neither says. Midnight stands for “that day, the time is not agreed”.
    """
    if team.huddle_next_at is not None:
        agreed = team.huddle_next_at.astimezone(now_local.tzinfo)
        is_ahead = agreed > now_local if has_time(agreed) else agreed.date() >= now_local.date()
        if is_ahead:
            return agreed
    days = days_of(team)
    return next_after(days, now_local) if days else None


def has_time(begins: datetime) -> bool:
    """Return whether a huddle has a time, not only a day; as the council's clocks show it."""
    return begins.time() != time.min


def meets_on(days: HuddleDays, day: date) -> bool:
    """Return whether the team meets on this day."""
    if day.weekday() not in days.weekdays or (days.from_on and day < days.from_on):
        return False
    weeks = (_monday(day) - _monday(days.from_on or _FIRST_WEEK)).days // 7
    is_free = day in days.closing_days or is_bank_holiday(day)
    return weeks % days.every == 0 and not is_free


def words(days: HuddleDays) -> str:
    """Return it in words: “Tuesdays and Fridays at 09:30, 15 minutes”; “” without a weekday."""
    if not days.weekdays:
        return ""
    parts = [_weekday_words(days)]
    if days.at:
        parts.append(f" at {days.at:%H:%M}")
    parts.append(f", {days.minutes} minutes")
    return "".join(parts)


def when_words(begins: datetime) -> str:
    """Return one huddle in words: “Tue 1 Dec, 09:30”, without a time “Tue 1 Dec”."""
    day = f"{begins:%a}\u00a0{begins.day}\u00a0{begins:%b}"
    return f"{day}, {begins:%H:%M}" if has_time(begins) else day


def _weekday_words(days: HuddleDays) -> str:
    names = [DAY_NAMES[day] for day in days.weekdays]
    if days.every > 1:
        ordinal = EVERY_WORDS.get(days.every, f"{days.every}th ")
        return f"Every {ordinal}{_joined(names)}"
    if days.weekdays == _WORKING_WEEK:
        return "Monday to Friday"
    if len(names) == len(DAY_NAMES):
        return "Every day"
    return _joined([f"{name}s" for name in names])


def _joined(names: list[str]) -> str:
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
