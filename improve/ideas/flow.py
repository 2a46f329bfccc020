"""What ideas have gone through, counted by day and never by person: rows for measures of the
system itself. Pure.

Days are whole days of the council's calendar as ordinals (``date.toordinal``), so that they can be
subtracted, and are the same on both engines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from improve.ideas.kinds import Source, Stage

#: An idea is *tried* when it reached Do within so many days of being logged.
TRIED_WITHIN_DAYS: Final = 90

#: Sources that are a child, a young person or their family; carers who bring them up are family.
FAMILY_SOURCES: Final = (Source.CHILD, Source.PARENT_OR_CARER, Source.FOSTER_OR_KINSHIP_CARER)


#: Stages with an age worth knowing; Ideas has a clock of its own, the first reply.
AGED: Final = frozenset({Stage.PLAN.value, Stage.DO.value, Stage.STUDY.value, Stage.ACT.value})


class ReplyRow(NamedTuple):
    """``n`` ideas logged on one day and first answered on one day (None: not answered).

    ``is_over`` ideas without an answer are finished all the same: withdrawn, so nobody waits.
    """

    logged_on: int
    replied_on: int | None
    is_over: bool
    n: int


class LoggedRow(NamedTuple):
    """``n`` ideas logged on one day from one source.

    ``is_tried``: reached Do within ``TRIED_WITHIN_DAYS``. ``is_quick_fix``: done at once, so it
    never came through Do. ``has_family``: its page names somebody of a family who takes part.
    """

    logged_on: int
    source: str
    is_tried: bool
    is_quick_fix: bool
    has_family: bool
    n: int


class DecisionRow(NamedTuple):
    """``n`` cycles decided on one day in one way.

    ``days`` from entering Plan to leaving Act; None for a cycle that was stopped before Act.
    """

    decided_on: int
    decision: str
    days: int | None
    n: int


class StayRow(NamedTuple):
    """``n`` stays in one stage that began on one day and took ``days`` (None: still there).

    ``is_finished``: of ideas that are in Done now.
    """

    stage: str
    entered_on: int
    days: int | None
    is_finished: bool
    n: int


class Arrivals(NamedTuple):
    """What was logged, as it was answered and as it was tried."""

    replies: tuple[ReplyRow, ...]
    logged: tuple[LoggedRow, ...]


class PartRow(NamedTuple):
    """One person had a part in spans ``first`` to ``last`` of those asked about.

    The person's id is for counting people once, and is on no page. ``is_recent``: in the last
    days asked about.
    """

    person_id: int
    first: int
    last: int
    is_recent: bool


def arrivals_of(rows: Iterable[Any]) -> Arrivals:
    """Return both kinds of rows from those of one statement.

    ``rows`` are (day logged, day answered, whether it is over without, whether it is an idea of its
    own, source, whether tried, whether a quick fix, whether a family is in it, how many).
    """
    replies: Counter[tuple[int, int | None, bool]] = Counter()
    logged: Counter[tuple[int, str, bool, bool, bool]] = Counter()
    for logged_on, replied_on, is_over, is_itself, source, tried, fix, family, n in rows:
        replies[logged_on, replied_on, bool(is_over)] += n
        if is_itself:
            logged[logged_on, source, bool(tried), bool(fix), bool(family)] += n
    return Arrivals(
        tuple(ReplyRow(*key, n) for key, n in replies.items()),
        tuple(LoggedRow(*key, n) for key, n in logged.items()),
    )


def stays_of(moves: Iterable[Any], *, since_on: int) -> list[StayRow]:
    """Return stays in Plan, Do, Study and Act that go on, or ended on ``since_on`` or later.

    ``moves`` are (idea, stage moved to, day, whether the idea is finished), idea by idea in the
    order in which they happened. A stay ends with the idea's next move.
    """
    found: Counter[tuple[str, int, int | None, bool]] = Counter()
    idea, stage, entered_on, is_finished = 0, "", 0, False
    for next_idea, next_stage, day, is_next_finished in moves:
        if next_idea != idea:
            if stage in AGED:
                found[stage, entered_on, None, is_finished] += 1
        elif stage in AGED and day >= since_on:
            found[stage, entered_on, day - entered_on, is_finished] += 1
        idea, stage, entered_on, is_finished = next_idea, next_stage, day, bool(is_next_finished)
    if stage in AGED:
        found[stage, entered_on, None, is_finished] += 1
    return [StayRow(*stay, n) for stay, n in found.items()]
