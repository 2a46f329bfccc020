"""Measures of a team's huddles, for the team alone, counted from rows of history. Pure.

Months that are over are points. A month without a huddle is a gap: what did not happen is nobody's
failing, and is no zero.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Final

from improve.review.counting import (
    MONTHS_SHOWN,
    Point,
    by_month,
    from_first,
    median_of,
    medians,
    month_of,
    months_before,
    shares,
)
from improve.review.history import Counted, History, SystemMeasure, Table

HUDDLES: Final = "Our huddles"
_FOR_US: Final = "Only this team and its coaches see it."


def huddles_held(history: History) -> Counted:
    """Huddles finished in a month."""
    held = Counter(month_of(row.held_on) for row in history.huddles)
    months = months_before(history.today, MONTHS_SHOWN)
    points = [Point(month, float(held[month])) if held[month] else Point(month) for month in months]
    this_month = held[history.today.replace(day=1)]
    return Counted(
        from_first(points),
        sum(held[month] for month in months),
        _by_huddle(history),
        (f"Held this month so far: {this_month}.",),
    )


def minutes_taken(history: History) -> Counted:
    """Minutes of a huddle without its pauses: median by month."""
    counts = by_month((row.held_on, row.minutes, 1) for row in history.huddles)
    months = months_before(history.today, MONTHS_SHOWN)
    behind = sum(sum(counts[month].values()) for month in months if month in counts)
    return Counted(medians(months, counts), behind, _by_huddle(history))


def decisions_made(history: History) -> Counted:
    """Decisions written down in the huddles of a month."""
    made = Counter[date]()
    for row in history.huddles:
        made[month_of(row.held_on)] += row.decisions
    held = {month_of(row.held_on) for row in history.huddles}
    months = months_before(history.today, MONTHS_SHOWN)
    points = [
        Point(month, float(made[month])) if month in held else Point(month) for month in months
    ]
    return Counted(from_first(points), sum(made[month] for month in months), _by_huddle(history))


def done_in_time(history: History) -> Counted:
    """Share of actions done by the day that was named first, by month of that day."""
    months = months_before(history.today, MONTHS_SHOWN)
    done, due = Counter[date](), Counter[date]()
    for row in history.actions:
        due[month_of(row.due_on)] += row.n
        done[month_of(row.due_on)] += row.n if row.is_in_time else 0
    table = Table(
        ("Month", "Actions", "Done by that day"),
        tuple((month, due[month], done[month]) for month in months if due[month]),
    )
    points = shares(months, done, due)
    return Counted(points, sum(due[month] for month in months), table)


def _by_huddle(history: History) -> Table:
    minutes = by_month((row.held_on, row.minutes, 1) for row in history.huddles)
    decisions = by_month((row.held_on, row.decisions, 1) for row in history.huddles)
    return Table(
        ("Month", "Huddles", "Minutes, median", "Decisions"),
        tuple(
            (
                month,
                sum(minutes[month].values()),
                median_of(minutes[month]),
                sum(made * n for made, n in decisions[month].items()),
            )
            for month in months_before(history.today, MONTHS_SHOWN)
            if month in minutes
        ),
    )


HUDDLE_DEFINITIONS: Final[tuple[SystemMeasure, ...]] = (
    SystemMeasure(
        key="huddles_held",
        group=HUDDLES,
        name="Huddles held",
        short="huddles, by month",
        formula="Huddles that were started and finished in the month.",
        care=f"A month without one is a gap. How many are enough, the team knows. {_FOR_US}",
        needs=("huddles",),
        count=huddles_held,
        one="huddle",
        many="huddles",
        is_share=False,
        unit="huddles",
        chart="run",
    ),
    SystemMeasure(
        key="huddle_minutes",
        group=HUDDLES,
        name="Minutes of a huddle",
        short="minutes, median by month",
        formula="Minutes from the start to the end without pauses, the median of the month.",
        care=f"Neither side is better: a long one can be the one that was needed. {_FOR_US}",
        needs=("huddles",),
        count=minutes_taken,
        one="huddle",
        many="huddles",
        is_share=False,
        unit="minutes",
        chart="run",
    ),
    SystemMeasure(
        key="huddle_decisions",
        group=HUDDLES,
        name="Decisions",
        short="decisions, by month",
        formula="Decisions in the notes of all huddles of the month.",
        care=f"Ten small ones are no better than one that mattered. {_FOR_US}",
        needs=("huddles",),
        count=decisions_made,
        one="decision",
        many="decisions",
        is_share=False,
        unit="decisions",
        chart="run",
    ),
    SystemMeasure(
        key="actions_in_time",
        group=HUDDLES,
        name="Actions done by their day",
        short="% of actions, by month due",
        formula=(
            "Actions done by the day that was named first, over all that fell due in the month. "
            "Those dropped with a reason count in neither line."
        ),
        care=f"Moving a day does not move it here. No person’s part is shown. {_FOR_US}",
        needs=("actions",),
        count=done_in_time,
        one="action",
        many="actions",
        better_when="higher",
    ),
)
