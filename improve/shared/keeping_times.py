"""How long a council keeps what it may decide about itself: the bounds, in months. Pure.

Kept in ``organisations.retention``; what is not said there is as the product says. The nightly run
and ``purge`` delete by it. What the software settles alone, such as the 90 days of what children
wrote, stands with those who delete it; the privacy page names both.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final


@dataclass(frozen=True, slots=True)
class KeptFor:
    """How long in months: as the product says, the least and the most that a council may choose."""

    usual: int
    least: int
    most: int


NEWS: Final = "news"
ACCESS: Final = "access"
LEAVERS: Final = "leavers"
EARLIER_WORDS: Final = "earlier_words"
COMMENTS: Final = "comments"

CHANGEABLE: Final[Mapping[str, KeptFor]] = {
    # Long enough to come back to after parental leave.
    NEWS: KeptFor(12, 3, 24),
    # An investigation into a sign-in begins weeks later, not years.
    ACCESS: KeptFor(3, 1, 12),
    LEAVERS: KeptFor(24, 6, 84),
    EARLIER_WORDS: KeptFor(36, 12, 84),
    COMMENTS: KeptFor(72, 24, 180),
}


def months_of(chosen: Mapping[str, int], code: str) -> int:
    """Return for how many months a class is kept: as chosen within the bounds, else as usual."""
    bounds = CHANGEABLE[code]
    months = chosen.get(code, bounds.usual)
    return min(max(months, bounds.least), bounds.most)


def months_before(moment: datetime, months: int) -> datetime:
    """Return the moment so many months earlier; the last of a month where it was longer."""
    count = moment.year * 12 + moment.month - 1 - months
    year, month = divmod(count, 12)
    last = monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))
