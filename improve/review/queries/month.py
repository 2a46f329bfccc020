"""The month as a leader reads it: facts of every capability and the answers, read once."""

from __future__ import annotations

from datetime import date

from improve.accounts.actor import Actor
from improve.accounts.queries import busy_with_people
from improve.huddles.queries.hours import hours_between
from improve.ideas.month_views import first_day_after
from improve.ideas.queries.month import ideas_of_month
from improve.measures.queries.month import demand_of_team, one_worse
from improve.review.month import Line, month_of
from improve.review.month_hours import fortnights_of, hours_of_month
from improve.review.month_lines import build
from improve.review.month_views import BusyTeam, MonthFacts, MonthSheet
from improve.review.queries.answers import answers_of_month
from improve.shared import clock, contributions


def month_sheet(actor: Actor, month: date, *, blocked_id: int | None = None) -> MonthSheet:
    """Return the sheet of the month that begins on ``month``: six statements, two of a past one.

    ``blocked_id`` has its first line be about that idea, where it waits for a leader.
    """
    today = clock.today()
    is_now = month == month_of(today)
    # One at most: whatever keeps voices has one read with the ideas.
    offered = contributions.gather("month-voice") if is_now else []
    part, shaped = offered[0](actor, month) if offered else (None, None)
    ideas = ideas_of_month(actor, month, with_waiting=is_now, told=part)
    known = {
        Line.BLOCKED: [idea.id for idea in ideas.blocked],
        Line.VOICE: [idea.id for idea in ideas.voices],
    }
    if not is_now:
        answers, newest = answers_of_month(actor, month, known=known)
        return build(
            MonthFacts(month, today, False, ideas, answers=tuple(answers), newest=tuple(newest))
        )
    pairs = one_worse(actor)
    busy = tuple(
        BusyTeam(
            view.id,
            view.team_id,
            view.team_name,
            view.why,
            view.asks,
            view.started_on,
            view.ends_on,
            people,
            view.answer if view.answered_at else "",
            view.answered_by or "",
        )
        for view, people in busy_with_people(actor)
    )
    known[Line.BALANCE] = [pair.measure_id for pair in pairs]
    known[Line.DEMAND] = [one.id for one in busy]
    answers, newest = answers_of_month(actor, month, known=known)
    return build(
        MonthFacts(
            month,
            today,
            True,
            ideas,
            pairs=tuple(pairs),
            busy=busy,
            demand=demand_of_team(actor, busy[0].team_id) if busy else None,
            hours=hours_of_month(
                hours_between(actor, *fortnights_of(month, first_day_after(month)))
            ),
            answers=tuple(answers),
            newest=tuple(newest),
            blocked_id=blocked_id,
            voice=shaped(ideas.told) if shaped and ideas.told else None,
        )
    )
