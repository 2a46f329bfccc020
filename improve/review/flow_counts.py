"""Each measure of the system itself, counted from rows of history. Pure.

One function per measure, from :class:`History` to :class:`Counted`. Months that are not over yet
are no points: they would fall and rise by the calendar alone. What this month holds so far stands
in words beside the chart.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from improve.ideas.flow import FAMILY_SOURCES, TRIED_WITHIN_DAYS
from improve.ideas.kinds import SOURCE_WORDS, STAGE_WORDS, USUAL_DAYS, Decision, Stage
from improve.review.counting import (
    MONTHS_SHOWN,
    Point,
    WorkingDays,
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
    shares,
)
from improve.review.history import Cell, Counted, History, Table
from improve.shared.formatting import NBSP, number, plural
from improve.shared.rounding import half_up

#: Shares of people are shown for groups of at least so many.
FEWEST_PEOPLE = 5
ANSWERED_WITHIN = 3
RECENT_DAYS = 90
#: Stays in a stage from which a team's own usual is known; until then the starting norms hold.
FEWEST_STAYS = 10
_FAMILY = frozenset(source.value for source in FAMILY_SOURCES)
_Sums = Counter[date]


def first_reply(history: History) -> Counted:
    """Working days to the first reply: median by month of logging, still waiting at today's age."""
    told = _Answers(history)
    return Counted(
        medians(told.months, told.days),
        sum(sum(told.days[m].values()) for m in told.months if m in told.days),
        told.table,
        told.facts,
    )


def answered_in_time(history: History) -> Counted:
    """Share answered within three working days, of those answered or waiting longer than that."""
    told = _Answers(history)
    points = shares(told.months, told.in_time, told.known)
    in_all = _in_all(f"were answered within {ANSWERED_WITHIN} working days", points, "ideas")
    return Counted(points, _bottom(points), told.table, (in_all, *told.facts))


class _Answers:
    """Replies laid out by month of logging; the two measures of answering read the same."""

    def __init__(self, history: History) -> None:
        today = history.today.toordinal()
        rows = [row for row in history.replies if not row.is_over]
        calendar = WorkingDays(
            min((row.logged_on for row in rows), default=today), today, history.calendar
        )
        aged = [(r, calendar.between(r.logged_on, r.replied_on or today)) for r in rows]
        self.months = months_before(history.today, MONTHS_SHOWN)
        self.days = by_month((r.logged_on, days, r.n) for r, days in aged)
        self.in_time, self.known, answered = _Sums(), _Sums(), _Sums()
        longest = 0
        for row, days in aged:
            month = month_of(row.logged_on)
            if row.replied_on is not None:
                answered[month] += row.n
            else:
                longest = max(longest, days)
            if row.replied_on is not None and days <= ANSWERED_WITHIN:
                self.in_time[month] += row.n
            # Who has waited three days or less may still be answered in time.
            if row.replied_on is not None or days > ANSWERED_WITHIN:
                self.known[month] += row.n
        waiting = sum(row.n for row in rows if row.replied_on is None)
        logged = Counter({month: sum(days.values()) for month, days in self.days.items()})
        self.facts = _waiting_words(waiting, longest, logged[history.today.replace(day=1)])
        self.table = Table(
            (
                "Month",
                "Logged",
                "Answered",
                "Within 3 days",
                "Still waiting",
                "Median, working days",
            ),
            tuple(
                (
                    month,
                    logged[month],
                    answered[month],
                    self.in_time[month],
                    logged[month] - answered[month],
                    median_of(self.days.get(month, {})),
                )
                for month in self.months
                if logged[month]
            ),
        )


def _waiting_words(waiting: int, longest: int, this_month: int) -> tuple[str, ...]:
    age = f"for {plural(longest, 'working day')}" if longest else "since today"
    if not waiting:
        now = "No idea waits for a reply now."
    elif waiting == 1:
        now = f"{plural(1, 'idea')} waits for a reply now, {age}."
    else:
        now = f"{plural(waiting, 'idea')} wait for a reply now, the longest {age}."
    return (now, f"Logged this month so far: {number(this_month)}.")


def participation(history: History) -> Counted:
    """Share of the people who took part, by quarter; never for fewer than five people."""
    staff = dict(history.staff)
    if len(staff) < FEWEST_PEOPLE:
        group = "team" if history.is_team else "organisation"
        why = f"There are fewer than {FEWEST_PEOPLE} people in the {group}, so this is not counted."
        return Counted((), 0, Table((), ()), refusal=why)
    took_part: list[set[int]] = [set() for _ in history.quarters]
    recent: set[int] = set()
    for part in history.parts:
        if part.person_id not in staff:
            continue
        if part.is_recent:
            recent.add(part.person_id)
        for span in range(part.first, part.last + 1):
            took_part[span].add(part.person_id)
    points = []
    for span, starts_on in enumerate(history.quarters[:-1]):
        ends = history.quarters[span + 1].toordinal()
        # Whoever took part was there, also when their account was made anew since.
        there = took_part[span] | {person for person, since in staff.items() if since < ends}
        took = len(took_part[span])
        is_shown = len(there) >= FEWEST_PEOPLE
        points.append(Point(starts_on, None, took, len(there)) if is_shown else Point(starts_on))
    points = _from_use(points)
    return Counted(
        tuple(points),
        len(staff),
        _share_table(points, "Took part", "People", "Quarter from"),
        (
            f"In the last {RECENT_DAYS} days {_of(len(recent), len(staff))} people took part.",
            f"A group of fewer than {FEWEST_PEOPLE} people is never shown, and nobody by name.",
        ),
    )


def _from_use(points: list[Point]) -> list[Point]:
    """Leave out quarters before anybody took part: the board was not in use."""
    first = next((n for n, point in enumerate(points) if point.numerator), len(points))
    return points[first:]


def ideas_tried(history: History) -> Counted:
    """Ideas that reached Do within ninety days, of those logged ninety or more days ago."""
    before = history.today - timedelta(days=TRIED_WITHIN_DAYS)
    tops, bottoms = _Sums(), _Sums()
    for row in history.logged:
        if not row.is_quick_fix and row.logged_on <= before.toordinal():
            bottoms[month_of(row.logged_on)] += row.n
            tops[month_of(row.logged_on)] += row.n * row.is_tried
    # A month counts once its last day is ninety days ago.
    months = [
        month
        for month in months_before(history.today, MONTHS_SHOWN + 4)
        if next_month(month) - timedelta(days=1) <= before
    ][-MONTHS_SHOWN:]
    points = shares(months, tops, bottoms)
    fixes = sum(row.n for row in history.logged if row.is_quick_fix)
    facts = [_in_all("were tried", points, "ideas logged")]
    if fixes:
        facts.append(f"Besides them, {plural(fixes, 'quick fix', 'quick fixes')}.")
    return Counted(points, _bottom(points), _share_table(points, "Tried", "Logged"), tuple(facts))


def from_families(history: History) -> Counted:
    """Ideas whose source is a child, a young person or family, of all ideas, by month."""
    months = months_before(history.today, MONTHS_SHOWN)
    sources: dict[date, Counter[str]] = {}
    for row in history.logged:
        sources.setdefault(month_of(row.logged_on), Counter())[row.source] += row.n
    bottoms = Counter({month: sum(found.values()) for month, found in sources.items()})
    tops = Counter(
        {
            month: sum(n for source, n in found.items() if source in _FAMILY)
            for month, found in sources.items()
        }
    )
    points = shares(months, tops, bottoms)
    table = Table(
        ("Month", *(SOURCE_WORDS[source] for source in FAMILY_SOURCES), "All ideas"),
        tuple(
            (
                month,
                *(sources[month][source.value] for source in FAMILY_SOURCES),
                bottoms[month],
            )
            for month in months
            if month in sources
        ),
    )
    return Counted(
        points,
        _bottom(points),
        table,
        (_in_all("came from children, young people and families", points, "ideas"),),
    )


def cycle_days(history: History) -> Counted:
    """Days from entering Plan to leaving Act: median by month of the decision."""
    through = [row for row in history.decisions if row.days is not None]
    counts = by_month((row.decided_on, row.days or 0, row.n) for row in through)
    months = months_before(history.today, MONTHS_SHOWN)
    shown: Counter[int] = Counter()
    for month in months:
        shown.update(counts.get(month, Counter()))
    table = Table(
        ("Month", "Cycles", "Median, days", "Longest, days"),
        tuple(
            (month, sum(counts[month].values()), median_of(counts[month]), max(counts[month]))
            for month in months
            if month in counts
        ),
    )
    facts = (_took_words(shown),) if shown else ()
    return Counted(medians(months, counts), sum(shown.values()), table, facts)


def _took_words(days: Counter[int]) -> str:
    """How long cycles took; 85 in 100 of fewer than ten would be the longest one, or nearly."""
    count, half, most = sum(days.values()), median_of(days), most_of(days)
    if count == 1:
        return f"The one cycle took {plural(max(days), 'day')}."
    halves = f"Half of the cycles took {plural(int(half_up(half or 0)), 'day')} or fewer"
    if count < FEWEST_STAYS:
        return f"{halves}, the longest {plural(max(days), 'day')}."
    return f"{halves}, and 85 in 100 took {plural(most or 0, 'day')} or fewer."


def honest_stops(history: History) -> Counted:
    """Cycles that ended in change or stop, of all decisions, by month of the decision."""
    months = months_before(history.today, MONTHS_SHOWN)
    ways: dict[date, Counter[str]] = {}
    for row in history.decisions:
        ways.setdefault(month_of(row.decided_on), Counter())[row.decision] += row.n
    bottoms = Counter({month: sum(found.values()) for month, found in ways.items()})
    tops = Counter(
        {month: bottoms[month] - found[Decision.ADOPT.value] for month, found in ways.items()}
    )
    points = shares(months, tops, bottoms)
    table = Table(
        ("Month", "Kept", "Changed", "Stopped"),
        tuple(
            (
                month,
                *(
                    ways[month][way.value]
                    for way in (Decision.ADOPT, Decision.ADAPT, Decision.ABANDON)
                ),
            )
            for month in months
            if month in ways
        ),
    )
    facts = (_in_all("ended in change or stop", points, "decisions"),)
    return Counted(points, _bottom(points), table, facts)


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
    points, n_open, n_over = [], 0, 0
    for month, more_open, more_over in zip(months, opened, over, strict=False):
        n_open, n_over = n_open + more_open, n_over + more_over
        points.append(Point(month, None, n_over, n_open) if n_open else Point(month))
    by_stage, n_now, n_long = _ages_now(history, usual)
    stand = "stands longer in its stage" if n_long == 1 else "stand longer in their stage"
    fact = f"Now {_of(n_long, n_now)} open ideas {stand} than is usual."
    shown = from_first(points)
    return Counted(
        shown,
        sum(row.n for row in history.stays),
        _share_table(shown, "Longer than usual", "Open on the last day"),
        (fact if n_now else "No idea is in Plan, Do, Study or Act now.",),
        apart=("Today, by stage", by_stage),
    )


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
    usual = {stage.value: (days, 0) for stage, days in USUAL_DAYS.items()}
    for stage, found in ended.items():
        known, most = sum(found.values()), most_of(found)
        if known >= FEWEST_STAYS and most is not None:
            usual[stage] = (most, known)
    return usual


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


def _bottom(points: Iterable[Point]) -> int:
    return sum(point.denominator or 0 for point in points)


def _share_table(points: Iterable[Point], top: str, bottom: str, period: str = "Month") -> Table:
    rows = [(p.starts_on, p.numerator, p.denominator, _percent(p)) for p in points if not p.is_gap]
    return Table((period, top, bottom, "Share, %"), tuple(rows))


def _percent(point: Point) -> float | None:
    return None if point.shown is None else round(point.shown, 1)


def _of(part: int, whole: int) -> str:
    return f"{number(part)}{NBSP}of{NBSP}{number(whole)}"


def _in_all(what: str, points: tuple[Point, ...], things: str) -> str:
    top = sum(point.numerator or 0 for point in points)
    return f"In all the months shown {_of(top, _bottom(points))} {things} {what}."
