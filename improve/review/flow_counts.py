"""Each measure of the system itself, counted from rows of history. Pure.

One function per measure, from :class:`History` to :class:`Counted`. Months that are not over yet
are no points: they would fall and rise by the calendar alone. What this month holds so far stands
in words beside the chart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from improve.ideas.flow import FAMILY_SOURCES, TRIED_WITHIN_DAYS
from improve.ideas.kinds import SOURCE_WORDS, Decision
from improve.review.counting import (
    MONTHS_SHOWN,
    Point,
    WorkingDays,
    by_month,
    median_of,
    medians,
    month_of,
    months_before,
    most_of,
    next_month,
    shares,
)
from improve.review.history import Counted, History, Table
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
    why = _too_few(history)
    if why:
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
        share_table(points, "Took part", "People", "Quarter from"),
        (
            f"In the last {RECENT_DAYS} days {part_of(len(recent), len(staff))} people took part.",
            f"A group of fewer than {FEWEST_PEOPLE} people is never shown, and nobody by name.",
        ),
    )


def _too_few(history: History) -> str:
    """Why taking part is not counted here, “” where it is."""
    if len(history.staff) < FEWEST_PEOPLE:
        group = "team" if history.is_team else "service" if history.is_service else "organisation"
        return (
            f"There are fewer than {FEWEST_PEOPLE} people in the {group}, so this is not counted."
        )
    if 0 < history.few_apart < FEWEST_PEOPLE:
        return (
            f"A team of this service has fewer than {FEWEST_PEOPLE} people, and what its other "
            "teams show would tell the rest. So this is not counted."
        )
    return ""


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
    return Counted(points, _bottom(points), share_table(points, "Tried", "Logged"), tuple(facts))


def with_families(history: History) -> Counted:
    """Ideas that came from a child or family or have one of them in their team, by month."""
    months = months_before(history.today, MONTHS_SHOWN)
    tops: Counter[date] = Counter()
    bottoms: Counter[date] = Counter()
    for row in history.logged:
        month = month_of(row.logged_on)
        bottoms[month] += row.n
        if row.has_family or row.source in _FAMILY:
            tops[month] += row.n
    points = shares(months, tops, bottoms)
    facts = (_in_all("had a child, young person or family with them", points, "ideas"),)
    return Counted(
        points, _bottom(points), share_table(points, "With a family", "All ideas"), facts
    )


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


def _bottom(points: Iterable[Point]) -> int:
    return sum(point.denominator or 0 for point in points)


def share_table(points: Iterable[Point], top: str, bottom: str, period: str = "Month") -> Table:
    rows = [(p.starts_on, p.numerator, p.denominator, _percent(p)) for p in points if not p.is_gap]
    return Table((period, top, bottom, "Share, %"), tuple(rows))


def _percent(point: Point) -> float | None:
    return None if point.shown is None else round(point.shown, 1)


def part_of(part: int, whole: int) -> str:
    return f"{number(part)}{NBSP}of{NBSP}{number(whole)}"


def _in_all(what: str, points: tuple[Point, ...], things: str) -> str:
    top = sum(point.numerator or 0 for point in points)
    return f"In all the months shown {part_of(top, _bottom(points))} {things} {what}."
