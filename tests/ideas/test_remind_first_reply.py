"""Reminders of first replies: by each team's own days, once, and never in a busy time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from improve.accounts.days.working_calendar import WorkingCalendar
from improve.ideas import service as ideas
from improve.ideas.kinds import Answerer, ReplyKind
from improve.ideas.reminding import Reminder, reminders_due
from improve.shared import clock
from improve.shared.db import db
from tests.conftest import NOW
from tests.factories import Cast, make_idea
from tests.pages import Visitor

Visit = Callable[..., Visitor]
MONDAY = date(2026, 11, 23)
WEEK = WorkingCalendar()
BOTH = [Reminder.ANSWERER, Reminder.COACH]


@pytest.mark.parametrize(
    ("since", "today", "calendar", "due"),
    [
        (MONDAY, MONDAY + timedelta(days=1), WEEK, []),
        (MONDAY, MONDAY + timedelta(days=2), WEEK, [Reminder.ANSWERER]),
        (MONDAY, MONDAY + timedelta(days=4), WEEK, [Reminder.ANSWERER]),
        (MONDAY, MONDAY + timedelta(days=5), WEEK, []),  # a Saturday
        (MONDAY, MONDAY + timedelta(days=7), WEEK, BOTH),
        # A team of two days a week has not had two of them yet.
        (MONDAY, MONDAY + timedelta(days=7), WorkingCalendar(frozenset({0, 1})), [BOTH[0]]),
        # Closed on Wednesday; a busy time that goes on; one that is over.
        (
            MONDAY,
            MONDAY + timedelta(days=3),
            WorkingCalendar(closing_days=frozenset({MONDAY + timedelta(days=2)})),
            [Reminder.ANSWERER],
        ),
        (MONDAY, MONDAY + timedelta(days=7), WorkingCalendar(pauses=((MONDAY, None),)), []),
        (
            MONDAY,
            MONDAY + timedelta(days=7),
            WorkingCalendar(pauses=((MONDAY, MONDAY + timedelta(days=4)),)),
            [],
        ),
    ],
)
def test_when(since: date, today: date, calendar: WorkingCalendar, due: list[Reminder]) -> None:
    assert reminders_due(since, today, calendar) == due


def told(app: Flask) -> list[tuple[int, str, str]]:
    """Return who was told what and why, in order."""
    with app.app_context():
        rows = db.session.execute(
            text(
                "SELECT person_id, kind, why FROM notices "
                "WHERE kind IN ('reply_reminder', 'coach_offered') ORDER BY id"
            )
        )
        return [tuple(row) for row in rows]  # type: ignore[misc]


def run(app: Flask, *, days: int) -> int:
    """Run the reminders so many days after the test's own."""
    with app.app_context(), clock.moved(NOW + timedelta(days=days)):
        count = ideas.send_reminders()
        db.session.commit()
    return count


def test_manager_then_coach_and_never_twice(app: Flask, cast: Cast) -> None:
    with app.app_context():
        make_idea(cast)
        db.session.commit()
    assert run(app, days=1) == 0  # Wednesday: one working day
    assert run(app, days=2) == 1
    assert run(app, days=2) == 0  # again is harmless
    assert run(app, days=3) == 0
    assert told(app) == [(cast.manager, "reply_reminder", "asked")]
    assert run(app, days=4) == 0  # Saturday
    assert run(app, days=7) == 1  # Tuesday: five
    assert run(app, days=8) == 0
    assert told(app)[1:] == [(cast.coach, "coach_offered", "coach")]


def test_answered_and_joined_ideas_are_left_alone(app: Flask, cast: Cast) -> None:
    with app.app_context():
        make_idea(cast, reply=ReplyKind.NEED_TO_KNOW)
        db.session.commit()
    assert run(app, days=7) == 0


def test_where_a_coach_was_chosen_coaches_are_asked(app: Flask, cast: Cast) -> None:
    with app.app_context():
        made = make_idea(cast, answerer=Answerer.COACH)
        db.session.commit()
    assert run(app, days=2) == 1
    assert [person for person, *_ in told(app)] == [cast.coach]
    with app.app_context():
        facts = db.session.execute(text("SELECT facts FROM notices")).scalars().all()
    assert made
    assert "Amina" not in str(facts)


def test_a_missed_night_is_made_up_for(app: Flask, cast: Cast) -> None:
    with app.app_context():
        make_idea(cast)
        db.session.commit()
    assert run(app, days=9) == 2
    assert {kind for _, kind, _ in told(app)} == {"reply_reminder", "coach_offered"}


def test_the_nightly_run_says_how_many(app: Flask, cast: Cast) -> None:
    with app.app_context():
        make_idea(cast)
        db.session.commit()
    with clock.moved(NOW + timedelta(days=2)):
        result = app.test_cli_runner().invoke(args=["nightly"])
        again = app.test_cli_runner().invoke(args=["nightly"])
    assert "Reminders of what waits: 1." in result.output
    assert "Reminders" not in again.output
    with app.app_context():
        acts = list(db.session.execute(text("SELECT action FROM audit_entries")).scalars())
    assert acts.count("reminder_sent") == 1
