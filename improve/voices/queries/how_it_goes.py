"""How reading and answering go: days, what waits long, and what people said of the answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import case, func, select

from improve.accounts.actor import Actor
from improve.accounts.working_calendar import WorkingCalendar
from improve.shared import clock
from improve.shared.db import db
from improve.shared.suppression import Count, count_alone
from improve.voices.counting import (
    WAIT_DAYS,
    Median,
    Share,
    medians_by_month,
    put_right_by_month,
)
from improve.voices.kinds import State
from improve.voices.models import Voice, VoiceReply


@dataclass(frozen=True, slots=True)
class HowItGoes:
    """By month, oldest first; a month of which too few could be told is a gap."""

    working_days_to_open: tuple[Median, ...]
    days_to_answer: tuple[Median, ...]
    put_right: tuple[tuple[date, Share | None], ...]
    #: Voices without an answer after 28 days.
    waiting: Count


def how_it_goes(actor: Actor) -> HowItGoes:
    """Return how it goes in the actor's council. Three statements.

    A voice that still waits counts at its age today. One that is locked has an opening and no
    answer; one that is set aside has neither.
    """
    today = clock.today()
    calendar = WorkingCalendar(closing_days=actor.closing_days)
    query = (
        select(Voice.came_on, Voice.opened_on, Voice.answered_on, Voice.locked_at)
        .where(
            Voice.organisation_id == actor.organisation_id,
            Voice.state != State.SET_ASIDE.value,
        )
        .order_by(Voice.came_on, Voice.key)
    )
    opened, answered = [], []
    for came_on, opened_on, answered_on, locked_at in db.session.execute(query):
        opened.append((came_on, calendar.working_days_between(came_on, opened_on or today)))
        if locked_at is None:
            answered.append((came_on, ((answered_on or today) - came_on).days))
    return HowItGoes(
        medians_by_month(opened, today),
        medians_by_month(answered, today),
        put_right_by_month(_said(actor), today),
        count_alone(_waiting(actor, today)),
    )


def _said(actor: Actor) -> dict[date, tuple[int, int]]:
    """(yes, partly or no) by the first day of the month in which it was said."""
    query = (
        select(
            VoiceReply.came_on, func.sum(case((VoiceReply.said == "yes", 1), else_=0)), func.count()
        )
        .where(VoiceReply.organisation_id == actor.organisation_id)
        .group_by(VoiceReply.came_on)
        .order_by(VoiceReply.came_on)
    )
    found: dict[date, tuple[int, int]] = {}
    for day, yes, replies in db.session.execute(query):
        before = found.get(day.replace(day=1), (0, 0))
        found[day.replace(day=1)] = (before[0] + int(yes), before[1] + replies - int(yes))
    return found


def _waiting(actor: Actor, today: date) -> int:
    waits = select(func.count()).select_from(Voice)
    waits = waits.where(
        Voice.organisation_id == actor.organisation_id,
        Voice.state != State.SET_ASIDE.value,
        Voice.locked_at.is_(None),
        Voice.answered_on.is_(None),
        Voice.came_on < today - timedelta(days=WAIT_DAYS),
    )
    return db.session.scalar(waits) or 0
