"""Answers to “How was it?” and the days of reading, made into numbers that give nobody away. Pure.

Everything here obeys one rule: no number of fewer than 5, and none from which one could be worked
out (``shared.suppression``). A month's answers are one table, teams by good and other, with the
council's totals; only what that table shows becomes a point, so that no points of a month lead to
one that was left out. Surveys are other tables of other answers and stay out of the months.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Final

from improve.shared.suppression import FEWEST, Count, Hidden, suppress, suppress_list

#: A month may wait so long for its last voices to be read; what is not read then is not in it.
WAIT_DAYS: Final = 28
#: Months that a chart of the clocks shows.
MONTHS_SHOWN: Final = 24


@dataclass(frozen=True, slots=True)
class Share:
    """So many good ones of so many answers."""

    good: int
    answers: int


@dataclass(frozen=True, slots=True)
class MonthOfAnswers:
    """What a month may show. A team that is not in ``teams`` has a gap."""

    teams: Mapping[int, Share]
    council: Share | None


def share_of_month(answers: Mapping[int | None, tuple[int, int]]) -> MonthOfAnswers:
    """Return what may be shown of (good, other) by team; None stands for no team.

    A team's point tells both numbers, so it is there only if both, and their sum, may be shown,
    and both are 5 or more: a month in which all said the same would tell what each of them said.
    """
    whose = sorted(answers, key=lambda team: (team is None, team or 0))
    shown = suppress([answers[team] for team in whose])
    teams = {}
    for team, row, total in zip(whose, shown.cells, shown.row_totals, strict=True):
        share = _share(row, total)
        if team is not None and share is not None:
            teams[team] = share
    council = _share(shown.column_totals, shown.total) if whose else None
    return MonthOfAnswers(teams, council)


def of_open_teams(
    answers: Mapping[int | None, tuple[int, int]], ended: Mapping[int, int | None]
) -> dict[int | None, tuple[int, int]]:
    """Return (good, other) by open team. Those of a closed one are of the team it was joined to.

    Of a team that only closed they are nobody's, and count in the council. ``ended`` holds closed
    teams, each with the team that took it over.
    """
    found: dict[int | None, tuple[int, int]] = {}
    for team, (good, other) in answers.items():
        now, been = team, set[int]()
        while now is not None and now in ended and now not in been:
            been.add(now)
            now = ended[now]
        now = None if now in been else now
        before = found.get(now, (0, 0))
        found[now] = (before[0] + good, before[1] + other)
    return found


def _share(pair: Sequence[Count], total: Count) -> Share | None:
    good, other = pair
    if isinstance(good, int) and isinstance(other, int) and isinstance(total, int):
        # None of one kind, and everybody who knows who answered knows what they answered.
        return Share(good, total) if min(good, other) >= FEWEST else None
    return None


def months_to_count(today: date, counted_until: date | None, first_day: date) -> list[date]:
    """Return first days of months that are over and were not counted, oldest first.

    ``counted_until`` is the last day of the last month counted; else from ``first_day`` on.
    """
    month = (counted_until + timedelta(days=1) if counted_until else first_day).replace(day=1)
    found = []
    while (after := next_month(month)) <= today:
        found.append(month)
        month = after
    return found


def next_month(first: date) -> date:
    """Return the first day of the month after ``first``."""
    return (first + timedelta(days=31)).replace(day=1)


def may_be_counted(month: date, today: date, *, unread: int) -> bool:
    """Whether a month is ready: all its voices are read, or it has waited long enough."""
    return not unread or today >= next_month(month) + timedelta(days=WAIT_DAYS)


@dataclass(frozen=True, slots=True)
class Median:
    """The median days of the voices that came in a month; None where fewer than 5 came."""

    month: date
    days: float | None


def medians_by_month(days: Iterable[tuple[date, int]], today: date) -> tuple[Median, ...]:
    """Return the median of (day it came, days it took) for months that are over, gaps named."""
    found: dict[date, list[int]] = {}
    for came_on, took in days:
        found.setdefault(came_on.replace(day=1), []).append(took)
    months = _months_until(min(found, default=today), today)
    return tuple(
        Median(month, float(median(found[month])))
        if len(found.get(month, ())) >= FEWEST
        else Median(month, None)
        for month in months
    )


def share_of_replies(yes: int, other: int) -> Share | None:
    """Return how many said that it was put right, of all who said; None where few."""
    counts = suppress_list((yes, other))
    return _share(counts.counts, counts.total)


def _months_until(first: date, today: date) -> list[date]:
    return months_to_count(today, None, first)[-MONTHS_SHOWN:]


def month_and_teller(
    told: Sequence[tuple[date, str]],
) -> list[tuple[date | None, str]]:
    """Return, for each (month, who told), what of it may stand beside the words.

    Both where the months by tellers show that number, the month alone where they show its total,
    else neither. How many there are in all is seen by everybody who counts: where the table would
    hide it, nothing is shown.
    """
    months = sorted({month for month, _ in told})
    tellers = sorted({who for _, who in told})
    at = Counter(told)
    shown = suppress([[at[month, who] for who in tellers] for month in months])
    if not isinstance(shown.total, int):
        return [(None, "") for _ in told]
    found: list[tuple[date | None, str]] = []
    for month, who in told:
        row = months.index(month)
        if isinstance(shown.cells[row][tellers.index(who)], int):
            found.append((month, who))
        elif isinstance(shown.row_totals[row], int):
            found.append((month, ""))
        else:
            found.append((None, ""))
    return found


@dataclass(frozen=True, slots=True)
class SurveyNumbers:
    """What a closed survey may show: how many answered, and how, best first.

    ``response`` in whole percent, None where it is not shown; ``not_counted`` came without a face,
    or is not for counting.
    """

    printed: int
    response: int | None
    ratings: tuple[Count, ...]
    not_counted: Count

    @property
    def is_shown(self) -> bool:
        """Whether there is any number of answers to show."""
        return any(isinstance(n, int) and n for n in self.ratings)


def survey_numbers(*, printed: int, used: int | None, ratings: Sequence[int]) -> SurveyNumbers:
    """Return a closed survey's numbers. What is known beside them is how many were printed.

    Who did not answer is a number of people as well: fewer than 5 of either, and no share. Nor is
    there one where the answers do not show how many they are: the share of so many codes says it.
    After a lost sheet more codes may be used than people were asked: it is never more than all.
    ``used`` is None where the codes stayed in another house. Then, and where codes made since are
    fewer than the answers, nobody knows how many answered: there is no share, and no rest.
    """
    if used is None or used < sum(ratings):
        return SurveyNumbers(printed, None, tuple(suppress_list(ratings).counts), Hidden.NOT_SHOWN)
    counts = suppress_list((*ratings, used - sum(ratings)))
    divided = suppress_list((used, max(0, printed - used)))
    known = (*divided.counts, counts.total)
    may_tell = printed > 0 and all(isinstance(n, int) for n in known)
    return SurveyNumbers(
        printed,
        min(100, round(100 * used / printed)) if may_tell else None,
        counts.counts[:-1],
        counts.counts[-1],
    )
