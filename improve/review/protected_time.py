"""The hours that teams were promised, as those who promised them owe them. Pure.

Teams stand A to Z. Nothing is ranked, no share is worked out, and what was in the way is said in
the team's own words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from improve.huddles import fortnights
from improve.huddles.kinds import Kept
from improve.shared.formatting import day, day_short

Square = Literal["kept", "half", "no", "open"]
_SQUARES: dict[Kept | None, Square] = {
    Kept.YES: "kept",
    Kept.PARTLY: "half",
    Kept.NO: "no",
    None: "open",
}
_SAID = {
    Kept.YES: "it happened",
    Kept.PARTLY: "part of it happened",
    Kept.NO: "it did not happen",
    None: "not said yet",
}


@dataclass(frozen=True, slots=True)
class OwedFortnight:
    """What was promised to one team in one fortnight. A square is an hour, the last maybe half."""

    from_on: date
    words: str
    length: str
    when_words: str
    square: Square
    hours: int
    has_half: bool
    said: str
    in_the_way: str


@dataclass(frozen=True, slots=True)
class OwedTeam:
    """One team: its fortnights, the first first, and what it says was in the way."""

    name: str
    slug: str
    fortnights: tuple[OwedFortnight, ...]

    @property
    def span(self) -> str:
        """“5 Oct to 27 Nov”: from the first fortnight stated to the last; “” for none."""
        if not self.fortnights:
            return ""
        last = fortnights.last_day(self.fortnights[-1].from_on)
        return f"{day_short(self.fortnights[0].from_on)} to {day_short(last)}"

    @property
    def in_the_way(self) -> tuple[OwedFortnight, ...]:
        """The fortnights with words about what was in the way, the newest first."""
        return tuple(one for one in reversed(self.fortnights) if one.in_the_way)


@dataclass(frozen=True, slots=True)
class Owed:
    """The whole page. ``sentence`` reads “18 hours promised, 13 happened”."""

    sentence: str
    since: str
    teams: tuple[OwedTeam, ...]


class StatedHour(Protocol):
    """What is read of one stated time; ``huddles.queries.hours.HourView`` fits."""

    @property
    def from_on(self) -> date:
        """The fortnight's Monday."""

    @property
    def minutes(self) -> int:
        """How long."""

    @property
    def when_words(self) -> str:
        """When, in the team's words."""

    @property
    def kept(self) -> Kept | None:
        """Whether it happened; None while nobody said."""

    @property
    def in_the_way(self) -> str:
        """What was in the way, in the team's words."""


class StatedTeam(Protocol):
    """What is read of one team; ``huddles.queries.hours.TeamHours`` fits."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def slug(self) -> str:
        """Its name in addresses."""

    @property
    def hours(self) -> Sequence[StatedHour]:
        """What it stated, the newest first."""


def owed(teams: Iterable[StatedTeam], today: date) -> Owed:
    """Return the page from what teams stated, in the order in which they come."""
    teams = list(teams)
    every = [hour for team in teams for hour in team.hours]
    return Owed(
        _sentence(every),
        day(fortnights.shown(today)[-1]),
        tuple(
            OwedTeam(team.name, team.slug, tuple(_fortnight(h) for h in reversed(team.hours)))
            for team in teams
        ),
    )


def _sentence(hours: Sequence[StatedHour]) -> str:
    if not hours:
        return "No time was promised yet"

    def length(*kept: Kept | None) -> int:
        return sum(hour.minutes for hour in hours if hour.kept in kept)

    promised = fortnights.minutes_words(sum(hour.minutes for hour in hours))
    happened = length(Kept.YES)
    parts = [f"{fortnights.minutes_words(happened) if happened else 'none'} happened"]
    if partly := length(Kept.PARTLY):
        parts.append(f"{fortnights.minutes_words(partly)} in part")
    if unsaid := length(None):
        parts.append(f"{fortnights.minutes_words(unsaid)} not said yet")
    return f"{promised} promised, {', '.join(parts)}"


def _fortnight(hour: StatedHour) -> OwedFortnight:
    return OwedFortnight(
        hour.from_on,
        fortnights.words(hour.from_on),
        fortnights.minutes_words(hour.minutes),
        hour.when_words,
        _SQUARES[hour.kept],
        hour.minutes // 60,
        bool(hour.minutes % 60),
        _SAID[hour.kept],
        hour.in_the_way,
    )
