"""Ideas that wait for a first reply: who should hear of it, and a count for each service."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select

from improve.accounts.actor import Actor
from improve.accounts.queries import TeamView, services, teams
from improve.accounts.roles import Role
from improve.ideas.kinds import Answerer, Stage
from improve.ideas.models import Idea, ReminderSent
from improve.ideas.reminding import OFFER_COACH_AFTER, waits_for_coach
from improve.shared import clock
from improve.shared.db import db
from improve.shared.formatting import NBSP, plural

#: Ideas of teams that belong to no service.
OTHER_TEAMS = "Other teams"


@dataclass(frozen=True, slots=True)
class WaitingIdea:
    """An idea that nobody replied to, of whatever organisation: for the nightly run."""

    id: int
    organisation_id: int
    team_id: int
    title: str
    answerer: Answerer
    waiting_since: datetime


@dataclass(frozen=True, slots=True)
class ServiceWaiting:
    """How many ideas of a service wait five working days or longer; no team is named."""

    name: str
    count: int

    @property
    def words(self) -> str:
        """“2 ideas wait 5 working days or longer”."""
        verb = "waits" if self.count == 1 else "wait"
        return (
            f"{plural(self.count, 'idea')} {verb} {OFFER_COACH_AFTER}{NBSP}working days or longer"
        )


def ideas_waiting() -> list[WaitingIdea]:
    """Return every idea that waits for a first reply, by organisation and then the longest."""
    rows = db.session.execute(
        select(
            Idea.id,
            Idea.organisation_id,
            Idea.team_id,
            Idea.title,
            Idea.answerer,
            Idea.waiting_since,
        )
        .where(Idea.waiting_since.is_not(None), Idea.stage == Stage.SUGGESTED.value)
        .order_by(Idea.organisation_id, Idea.waiting_since, Idea.id)
    )
    return [
        WaitingIdea(
            row.id,
            row.organisation_id,
            row.team_id,
            row.title,
            Answerer(row.answerer),
            row.waiting_since,
        )
        for row in rows
    ]


def reminders_sent(organisation_id: int) -> set[tuple[int, str]]:
    """Return (idea, kind) of what went out about ideas that still wait."""
    rows = db.session.execute(
        select(ReminderSent.idea_id, ReminderSent.kind).where(
            exists().where(
                Idea.id == ReminderSent.idea_id,
                Idea.organisation_id == organisation_id,
                Idea.waiting_since.is_not(None),
            )
        )
    )
    return {(row.idea_id, row.kind) for row in rows}


def waiting_by_service(
    actor: Actor, all_teams: Sequence[TeamView] | None = None
) -> list[ServiceWaiting]:
    """Return how many ideas of each service wait five working days or longer, A to Z.

    For heads of service and coaches: a leader of services counts those, one of the council all. A
    service where none waits is left out; so is a team's name. Ideas that only their author and
    coaches may see are counted, not shown. Days are those of each team.
    """
    led = {place.service_id for place in actor.places if place.role is Role.LEADER}
    sees_all = Role.COACH in actor.roles or None in led
    if not led and not sees_all:
        return []
    by_id = {team.id: team for team in all_teams or teams(actor)}
    names = dict(services(actor))
    today = clock.today()
    rows = db.session.execute(
        select(Idea.team_id, Idea.waiting_since)
        .where(
            Idea.organisation_id == actor.organisation_id,
            Idea.waiting_since.is_not(None),
            Idea.stage == Stage.SUGGESTED.value,
            Idea.team_id.in_(sorted(by_id)),
        )
        .order_by(Idea.waiting_since, Idea.id)
    )
    counts: Counter[int | None] = Counter()
    for row in rows:
        team = by_id[row.team_id]
        since = clock.local(row.waiting_since).date()
        if waits_for_coach(since, today, team.calendar):
            counts[team.service_id] += 1
    named = [
        ServiceWaiting(names.get(service_id, OTHER_TEAMS) if service_id else OTHER_TEAMS, count)
        for service_id, count in counts.items()
        if sees_all or service_id in led
    ]
    return sorted(named, key=lambda service: (service.name == OTHER_TEAMS, service.name.lower()))
