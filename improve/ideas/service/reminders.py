"""Reminders of first replies: to whoever should answer, and later to coaches. Run once a day."""

from __future__ import annotations

from itertools import groupby

from improve.accounts.actor import Actor
from improve.accounts.queries import coaches, managers_of_team, teams
from improve.ideas.kinds import Answerer
from improve.ideas.models import ReminderSent
from improve.ideas.queries.reminders import WaitingIdea, ideas_waiting, reminders_sent
from improve.ideas.reminding import Reminder, reminders_due
from improve.notifications.kinds import NoticeKind, Why
from improve.notifications.service import tell_by_itself
from improve.shared import audit, clock
from improve.shared.db import db

_KINDS = {
    Reminder.ANSWERER: NoticeKind.REPLY_REMINDER,
    Reminder.COACH: NoticeKind.COACH_OFFERED,
}


def send_reminders() -> int:
    """Remind of first replies that wait; return how many ideas had one. For the nightly run.

    On each team's own calendar, nobody in its busy time, once for each idea and kind: a run that is
    repeated, or made up for, tells nobody twice.
    """
    count = 0
    for organisation_id, waiting in groupby(ideas_waiting(), key=lambda i: i.organisation_id):
        count += _of_organisation(organisation_id, list(waiting))
    return count


def _of_organisation(organisation_id: int, waiting: list[WaitingIdea]) -> int:
    nobody = _nobody_of(organisation_id)
    calendars = {team.id: team.calendar for team in teams(nobody)}
    sent = reminders_sent(organisation_id)
    helpers = [coach.id for coach in coaches(nobody)]
    today, count = clock.today(), 0
    for idea in waiting:
        calendar = calendars.get(idea.team_id)
        if calendar is None:
            continue
        since = clock.local(idea.waiting_since).date()
        for reminder in reminders_due(since, today, calendar):
            if (idea.id, reminder.value) in sent:
                continue
            people = dict.fromkeys(helpers, Why.COACH.value)
            if reminder is Reminder.ANSWERER and idea.answerer is Answerer.MANAGER:
                answering = managers_of_team(nobody, idea.team_id)
                people = dict.fromkeys((p.id for p in answering), Why.ASKED.value)
            _send(idea, reminder, people)
            count += 1
    return count


def _send(idea: WaitingIdea, reminder: Reminder, people: dict[int, str]) -> None:
    db.session.add(ReminderSent(idea_id=idea.id, kind=reminder.value, at=clock.now()))
    tell_by_itself(
        idea.organisation_id,
        people,
        _KINDS[reminder],
        subject_id=idea.id,
        facts={"title": idea.title},
    )
    audit.record(
        None,
        "reminder_sent",
        "idea",
        idea.id,
        organisation_id=idea.organisation_id,
        kind=reminder.value,
    )
    db.session.flush()


def _nobody_of(organisation_id: int) -> Actor:
    """Return who reads for the night: nobody, of one organisation."""
    return Actor(
        person_id=0,
        organisation_id=organisation_id,
        name="",
        job_title="",
        places=(),
        rights_version=0,
    )
