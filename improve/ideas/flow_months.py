"""What finished ideas went through, summed once for each month in which they were finished. Pure.

A finished idea rarely changes, so what the measures of the system itself count of it is added up
once and kept, council by council. Rows are of days only where a measure asks by the day; else they
are of months, each named by its first day as an ordinal: a month of many ideas is then few rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final, NamedTuple

from improve.ideas.flow import DecisionRow, LoggedRow, ReplyRow, StayRow

#: By what the rows were counted: sums of another way of counting are not read. Raise it with any
#: change to what is kept, or to how it is counted.
COUNTED_BY: Final = "1"
#: The last day of what goes on, such as a stay that nothing ended.
_FOR_EVER: Final = date.max.toordinal()


class EndedRow(NamedTuple):
    """``n`` stays of ``days`` in one stage that ended in one month, of ideas now in Done."""

    month: int
    stage: str
    days: int
    n: int


class StoodRow(NamedTuple):
    """``n`` ideas stood in one stage on the last day of one month, for ``days`` by then."""

    month: int
    stage: str
    days: int
    n: int


class FlowSums(NamedTuple):
    """The sums of one month's finished ideas, or of several months'.

    ``stays`` are those that no move ended. Days of decisions and of logging are first days of
    months; those of replies are days.
    """

    replies: tuple[ReplyRow, ...] = ()
    logged: tuple[LoggedRow, ...] = ()
    decisions: tuple[DecisionRow, ...] = ()
    stays: tuple[StayRow, ...] = ()
    ended: tuple[EndedRow, ...] = ()
    stood: tuple[StoodRow, ...] = ()


#: The kind of row in each list, in their order.
_KINDS: Final = (ReplyRow, LoggedRow, DecisionRow, StayRow, EndedRow, StoodRow)


def month_on(day: int) -> int:
    """Return the first day of the month of a day, both as ordinals."""
    return _first_and_last(day)[0]


@lru_cache(maxsize=4096)
def _first_and_last(day: int) -> tuple[int, int]:
    first = date.fromordinal(day).replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return first.toordinal(), following.toordinal() - 1


def sums_of(
    *,
    replies: Iterable[ReplyRow],
    logged: Iterable[LoggedRow],
    decisions: Iterable[DecisionRow],
    stays: Iterable[StayRow],
) -> FlowSums:
    """Return what is kept of these rows, which are all of some finished ideas, in a fixed order."""
    by_logged: Counter[Any] = Counter()
    for one in logged:
        by_logged[month_on(one.logged_on), *one[1:-1]] += one.n
    by_decision: Counter[Any] = Counter()
    for row in decisions:
        by_decision[month_on(row.decided_on), *row[1:-1]] += row.n
    going_on: list[StayRow] = []
    ended: Counter[Any] = Counter()
    stood: Counter[Any] = Counter()
    for stay in stays:
        if stay.days is None:
            going_on.append(stay)
            continue
        left_on = stay.entered_on + stay.days
        ended[month_on(left_on), stay.stage, max(0, stay.days)] += stay.n
        first, last = _first_and_last(stay.entered_on)
        while last < left_on:
            stood[first, stay.stage, last - stay.entered_on] += stay.n
            first, last = _first_and_last(last + 1)
    return FlowSums(
        _in_order(replies),
        _rows(LoggedRow, by_logged),
        _rows(DecisionRow, by_decision),
        _in_order(going_on),
        _rows(EndedRow, ended),
        _rows(StoodRow, stood),
    )


def _rows(kind: Any, counts: Counter[Any]) -> tuple[Any, ...]:
    return _in_order(kind(*key, n) for key, n in counts.items())


def _in_order(rows: Iterable[Any]) -> tuple[Any, ...]:
    """What has no number or name comes first: so that the same sums are the same text."""
    return tuple(sorted(rows, key=lambda row: [(part is not None, part) for part in row]))


def newest_day(sums: FlowSums) -> int:
    """Return the last day that any of the rows is about, by which old months are left out."""
    if sums.stays:
        return _FOR_EVER
    days = [row.logged_on for row in sums.replies]
    days += [row[0] for rows in (sums.logged, sums.decisions, sums.ended) for row in rows]
    return max(days, default=0)


def as_kept(sums: FlowSums) -> list[list[list[Any]]]:
    """Return the sums as JSON keeps them."""
    return [[list(row) for row in rows] for rows in sums]


def from_kept(months: Iterable[Sequence[Any]], *, since_on: int) -> FlowSums:
    """Return the sums of several months together, of what happened on ``since_on`` or later.

    ``since_on`` is the first day of a month.
    """
    found: list[list[Any]] = [[] for _ in _KINDS]
    for month in months:
        for rows, kind, kept in zip(found, _KINDS, month, strict=True):
            if kind is StayRow:
                rows += [StayRow(*row) for row in kept]
            else:
                rows += [kind(*row) for row in kept if row[0] >= since_on]
    return FlowSums(*map(tuple, found))


def months_left_out(kept: Iterable[str]) -> list[tuple[str, str]]:
    """Return the stretches between and around these months as (from, until), “” for no end.

    Months are “2026-09”; a stretch goes from the first month's begin to the second one's.
    """
    stretches, begins = [], ""
    for month in sorted(kept):
        if begins != month:
            stretches.append((begins, month))
        begins = month_after(month)
    return [*stretches, (begins, "")]


def month_after(month: str) -> str:
    """Return the month after one, both such as “2026-09”."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12:04}-{number % 12 + 1:02}"
