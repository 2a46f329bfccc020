"""The protected hours of one month as squares: promised, and what became of them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from improve.huddles import fortnights
from improve.huddles.kinds import Kept
from improve.review.protected_time import StatedHour
from improve.shared.formatting import NBSP

#: More squares than an eye takes in at once; then each stands for several hours.
SQUARES_MOST: Final = 40
#: The words of so many teams stand on the one page.
_WAYS_MOST: Final = 2
_HOUR: Final = 60


@dataclass(frozen=True, slots=True)
class HoursOfMonth:
    """What all teams were promised in the month's fortnights.

    ``squares`` are (kind, count), in the order kept, half, no, open; each is ``each`` hours.
    """

    promised: int
    kept: int
    sentence: str
    squares: tuple[tuple[str, int], ...]
    each: int
    said: str
    in_the_way: tuple[str, ...]


def fortnights_of(month: date, following: date) -> tuple[date, date]:
    """Return the first and the last Monday of fortnights with a day in the month."""
    return fortnights.fortnight_of(month), fortnights.fortnight_of(
        date.fromordinal(following.toordinal() - 1)
    )


def hours_of_month(hours: Iterable[StatedHour]) -> HoursOfMonth:
    """Return the month from what teams stated."""
    hours = list(hours)
    promised = _minutes(hours)
    kinds = (
        ("kept", "kept", Kept.YES),
        ("half", "kept in part", Kept.PARTLY),
        ("no", "not kept", Kept.NO),
        ("open", "not said yet", None),
    )
    minutes = {kind: _minutes([h for h in hours if h.kept is kept]) for kind, _, kept in kinds}
    each = 1
    while sum(_squares(m, each) for m in minutes.values()) > SQUARES_MOST:
        each *= 2
    said = [f"{_words(minutes[kind])} {words}" for kind, words, _ in kinds[1:] if minutes[kind]]
    ways = [h.in_the_way for h in hours if h.in_the_way]
    kept = minutes["kept"]
    return HoursOfMonth(
        promised,
        kept,
        f"{_words(promised)} promised, {_words(kept) if kept else 'none'} kept",
        tuple((kind, _squares(minutes[kind], each)) for kind, _, _ in kinds if minutes[kind]),
        each,
        ", ".join(said),
        tuple(f"“{way}”" for way in ways[-_WAYS_MOST:]),
    )


def _minutes(hours: Sequence[StatedHour]) -> int:
    return sum(hour.minutes for hour in hours)


def _squares(minutes: int, each: int) -> int:
    return -(-minutes // (_HOUR * each))


def _words(minutes: int) -> str:
    return fortnights.minutes_words(minutes).replace(" ", NBSP)
