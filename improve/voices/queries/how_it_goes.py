"""How reading and answering go: days, what waits long, and what people said of the answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from improve.accounts.actor import Actor
from improve.accounts.days.working_calendar import WorkingCalendar
from improve.measures.queries.aims import readings_of
from improve.shared import clock
from improve.shared.db import db
from improve.shared.suppression import Count, count_alone
from improve.voices.counting import (
    MONTHS_SHOWN,
    Median,
    Share,
    medians_by_month,
    months_to_count,
)
from improve.voices.going import Going, answers_chart, days_chart, share_chart
from improve.voices.kinds import State
from improve.voices.models import Voice
from improve.voices.queries.counts import first_day, measures_of
from improve.voices.queries.said_months import written_months
from improve.voices.reading import ANSWER_DAYS


@dataclass(frozen=True, slots=True)
class HowItGoes:
    """By month, oldest first; a month of which too few could be told is a gap."""

    working_days_to_open: tuple[Median, ...]
    days_to_answer: tuple[Median, ...]
    put_right: tuple[tuple[date, Share | None], ...]
    #: Voices without an answer after 28 days.
    waiting: Count

    @property
    def charts(self) -> tuple[Going, ...]:
        """The clocks and what people said of the answers, as charts."""
        return (
            days_chart(
                "to-open",
                "Days until a voice is opened",
                self.working_days_to_open,
                unit="working days",
                counted="Working days from the day a voice came to the day a reader opened it, "
                "the median of all that came in the month.",
                care="One that still waits counts at its age today, so a month can still rise. "
                "What was set aside as nobody’s words is not in it.",
            ),
            days_chart(
                "to-answer",
                "Days until a voice is answered",
                self.days_to_answer,
                unit="days",
                counted="Days from the day a voice came to the day of its first answer, the "
                "median of all that came in the month.",
                care="The form promises an answer within 28 days. What is passed to duty or to "
                "the designated officer counts as answered on that day.",
            ),
            share_chart(
                "put-right",
                "“Yes, you got it right”",
                self.put_right,
                one="Yes, of all who said",
                counted="Those who came back with their code and said yes, over all who said "
                "yes, partly or no in the month.",
                care="Only the person can say this. Most never come back, so it speaks for those "
                "who did. A month is counted once, when it is over: who changes their mind later "
                "counts in the month they say so, and the number before stays.",
            ),
        )


def how_it_goes(actor: Actor) -> HowItGoes:
    """Return how it goes in the actor's council. Three statements.

    A voice that still waits counts at its age today. One that was locked counts as answered on that
    day: were it left out, its month would tell of it by what changes. One set aside has neither.
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
        passed_on = clock.local(locked_at).date() if locked_at is not None else today
        answered.append((came_on, ((answered_on or passed_on) - came_on).days))
    return HowItGoes(
        medians_by_month(opened, today),
        medians_by_month(answered, today),
        written_months(actor.organisation_id),
        count_alone(db.session.scalar(waits_for_long(actor, today)) or 0),
    )


def charts_of_council(actor: Actor) -> tuple[Going, ...]:
    """Return the council's charts of “How was it?”, one a scale with numbers. Four statements."""
    kept = [one for one in measures_of(actor.organisation_id) if one.team_id is None]
    ids = [one.measure_id for one in kept if one.measure_id is not None]
    readings = readings_of(actor, ids)
    began = first_day(actor.organisation_id) if readings else None
    charts = []
    for one in kept:
        reading = readings.get(one.measure_id or 0)
        if reading is None or began is None or one.counted_until_on is None:
            continue
        until = one.counted_until_on + timedelta(days=1)
        charts.append(answers_chart(reading, months_to_count(until, None, began)[-MONTHS_SHOWN:]))
    return tuple(charts)


def waits_for_long(actor: Actor, today: date) -> Select[Any]:
    """Return what counts the voices that wait for an answer past the days promised for it."""
    waits = select(func.count()).select_from(Voice)
    return waits.where(
        Voice.organisation_id == actor.organisation_id,
        Voice.state != State.SET_ASIDE.value,
        Voice.locked_at.is_(None),
        Voice.answered_on.is_(None),
        Voice.came_on < today - timedelta(days=ANSWER_DAYS),
    )
