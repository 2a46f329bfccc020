"""How long ideas stand in a stage, counted from the stays of history. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from datetime import date, timedelta

from improve.ideas.kinds import STAGE_WORDS, USUAL_DAYS, Stage
from improve.review.counting import (
    MONTHS_SHOWN,
    Point,
    by_month,
    days_between,
    from_first,
    median_of,
    medians,
    month_of,
    months_before,
    most_of,
    next_month,
    over_on,
)
from improve.review.flow_counts import FEWEST_STAYS, part_of, share_table
from improve.review.history import Cell, Counted, History, Table
from improve.shared.formatting import number, plural


def age_in_stage(history: History) -> Counted:
    """Open ideas longer in their stage than is usual there, on the last day of each month."""
    usual = _usual(history)
    months = months_before(history.today, MONTHS_SHOWN)
    ends = [(next_month(month) - timedelta(days=1)).toordinal() for month in months]
    opened, over = [0] * (len(ends) + 1), [0] * (len(ends) + 1)
    for row in history.stays:
        left_on = None if row.days is None else row.entered_on + row.days
        most = usual[row.stage][0]
        _add(opened, ends, row.entered_on, left_on, row.n)
        _add(over, ends, over_on(history.calendar, row.entered_on, most), left_on, row.n)
    stood, stood_long = _stood(history, usual)
    points, so_far, so_far_over = [], 0, 0
    for month, more_open, more_over in zip(months, opened, over, strict=False):
        so_far, so_far_over = so_far + more_open, so_far_over + more_over
        n_open, n_over = so_far + stood[month], so_far_over + stood_long[month]
        points.append(Point(month, None, n_over, n_open) if n_open else Point(month))
    by_stage, n_now, n_long = _ages_now(history, usual)
    stand = "stands longer in its stage" if n_long == 1 else "stand longer in their stage"
    fact = f"Now {part_of(n_long, n_now)} open ideas {stand} than is usual."
    shown = from_first(points)
    return Counted(
        shown,
        sum(row.n for row in history.stays) + sum(row.n for row in history.ended),
        share_table(shown, "Longer than usual", "Open on the last day"),
        (fact if n_now else "No idea is in Plan, Do, Study or Act now.",),
        apart=("Today, by stage", by_stage),
    )


def _stood(
    history: History, usual: dict[str, tuple[int, int]]
) -> tuple[Counter[date], Counter[date]]:
    """What months that are summed up add to each month's last day: all, and those over long."""
    stood, long = Counter[date](), Counter[date]()
    for month, stage, days, n in history.stood:
        stood[month_of(month)] += n
        if days > usual[stage][0]:
            long[month_of(month)] += n
    return stood, long


def _add(changes: list[int], ends: list[int], first: int, left_on: int | None, count: int) -> None:
    """Note that ``count`` more are there at the ends from ``first`` until the day they left."""
    begin = bisect_left(ends, first)
    end = len(ends) if left_on is None else bisect_left(ends, left_on)
    if begin < end:
        changes[begin] += count
        changes[end] -= count


def _usual(history: History) -> dict[str, tuple[int, int]]:
    """By stage the usual days and how many finished stays say so; 0 for a starting norm."""
    ended: dict[str, Counter[int]] = {stage.value: Counter() for stage in USUAL_DAYS}
    for stage, entered_on, days, is_finished, n in history.stays:
        if is_finished and days is not None:
            stayed = days_between(history.calendar, entered_on, entered_on + days)
            ended[stage][stayed] += n
    for _, stage, days, n in history.ended:
        ended[stage][days] += n
    usual = {stage.value: (days, 0) for stage, days in USUAL_DAYS.items()}
    for stage, found in ended.items():
        known, most = sum(found.values()), most_of(found)
        if known >= FEWEST_STAYS and most is not None:
            usual[stage] = (most, known)
    return usual


def time_in_stage(history: History, stage: Stage) -> Counted:
    """Days in one stage: the median by month of leaving it, without a team's busy times."""
    months = months_before(history.today, MONTHS_SHOWN)
    left = [
        (
            row.entered_on + row.days,
            days_between(history.calendar, row.entered_on, row.entered_on + row.days),
            row.n,
        )
        for row in history.stays
        if row.stage == stage.value and row.days is not None
    ]
    left += [(row.month, row.days, row.n) for row in history.ended if row.stage == stage.value]
    counts = by_month(left)
    points = medians(months, counts)
    table = Table(
        ("Month", "Left it", "Median, days", "Longest, days"),
        tuple(
            (month, sum(counts[month].values()), median_of(counts[month]), max(counts[month]))
            for month in months
            if month in counts
        ),
    )
    here = sum(r.n for r in history.stays if r.stage == stage.value and r.days is None)
    words = STAGE_WORDS[stage]
    now = f"{plural(here, 'idea')} {'is' if here == 1 else 'are'} in {words} now."
    behind = sum(sum(counts[point.starts_on].values()) for point in points if not point.is_gap)
    return Counted(points, behind, table, (now if here else f"None is in {words} now.",))


def _ages_now(history: History, usual: dict[str, tuple[int, int]]) -> tuple[Table, int, int]:
    """Today's open ideas by stage, how many there are and how many are there long."""
    today = history.today.toordinal()
    ages: dict[str, Counter[int]] = {stage: Counter() for stage in usual}
    for row in history.stays:
        if row.days is None:
            ages[row.stage][days_between(history.calendar, row.entered_on, today)] += row.n
    rows: list[tuple[Cell, ...]] = []
    n_now = n_long = 0
    for stage, found in ages.items():
        most, known = usual[stage]
        here = sum(found.values())
        long = sum(n for age, n in found.items() if age > most)
        n_now, n_long = n_now + here, n_long + long
        where = f"{number(known)} finished stays" if known else "Starting norm"
        rows.append(
            (
                STAGE_WORDS[Stage(stage)],
                here,
                median_of(found),
                max(found, default=None),
                most,
                where,
                long,
            )
        )
    head = (
        "Stage",
        "Open",
        "Median age",
        "Oldest",
        "Usual, days",
        "Usual from",
        "Longer than usual",
    )
    return Table(head, tuple(rows)), n_now, n_long
