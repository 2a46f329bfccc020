"""Summing up months of finished ideas, for the nightly run; and whether the sums still hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import delete, insert

from improve.accounts.queries.mail import organisations_of_night
from improve.ideas.flow_months import as_kept, from_kept, newest_day
from improve.ideas.models import FlowMonth
from improve.ideas.queries import flow_months as months
from improve.shared import clock
from improve.shared.db import db
from improve.shared.turns import Turn, take_turn

#: As far back as pages show months, and more.
_YEARS_SHOWN: Final = 3
#: Written past the session, which cannot know what triggers delete.
_KEPT: Final[Any] = FlowMonth.__table__


@dataclass(frozen=True, slots=True)
class MonthToSum:
    """A month of a council that is over and not summed up; calling it does that: 1, else 0.

    Each wants a transaction of its own: whoever changes an idea of the council that is finished
    waits for it.
    """

    organisation_id: int
    month: str

    @property
    def words(self) -> str:
        """What the log calls it where it cannot be done."""
        return f"sum up {self.month} of organisation {self.organisation_id}"

    def __call__(self) -> int:
        take_turn(Turn.FLOW_MONTHS, self.organisation_id)
        if months.counted_of(self.organisation_id).get(self.month) == months.counted_by():
            return 0
        _sum_up(self.organisation_id, self.month)
        return 1


def months_to_sum() -> list[MonthToSum]:
    """Return each month that is over and not summed up, council by council, the first first."""
    now, by = months.month_name(clock.now()), months.counted_by()
    found: list[MonthToSum] = []
    for organisation_id in _councils():
        kept = months.counted_of(organisation_id)
        found += [
            MonthToSum(organisation_id, month)
            for month in months.months_of(organisation_id, until=now)
            if kept.get(month) != by
        ]
    return found


def sum_every_month_anew() -> int:
    """Sum up every month that is over, whatever is kept; return how many there are."""
    db.session.execute(delete(_KEPT))
    wanted = months_to_sum()
    for one in wanted:
        one()
    return len(wanted)


def months_that_differ(most: int | None = None) -> list[tuple[int, str]]:
    """Return (organisation, month) whose kept sums are not what a count of all moves gives.

    Looks at what pages show: what happened since three years. ``most`` of them, others each day;
    None for all.
    """
    by, today = months.counted_by(), clock.today()
    kept = [
        (organisation_id, month)
        for organisation_id in _councils()
        for month, counted_by in months.counted_of(organisation_id).items()
        if counted_by == by
    ]
    if most is not None and len(kept) > most:
        apart = -(-len(kept) // most)
        kept = kept[today.toordinal() % apart :: apart]
    since_on = today.replace(year=today.year - _YEARS_SHOWN, month=1, day=1).toordinal()
    return [
        one
        for one in kept
        if from_kept([months.kept_sums(*one)], since_on=since_on)
        != from_kept([as_kept(months.count_month(*one))], since_on=since_on)
    ]


def _councils() -> list[int]:
    return [one.id for one in organisations_of_night()]


def _sum_up(organisation_id: int, month: str) -> None:
    sums = months.count_month(organisation_id, month)
    whose = (_KEPT.c.organisation_id == organisation_id, _KEPT.c.month == month)
    db.session.execute(delete(_KEPT).where(*whose))
    db.session.execute(
        insert(_KEPT).values(
            organisation_id=organisation_id,
            month=month,
            counted_by=months.counted_by(),
            newest_on=newest_day(sums),
            sums=as_kept(sums),
        )
    )
