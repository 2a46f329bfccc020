"""Reads about busy times: what goes on in which team, what it asks, and what was answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, distinct, func, or_, select
from sqlalchemy.orm import aliased

from improve.accounts.actor import Actor
from improve.accounts.models import BusyPeriod, Membership, Person, Team
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import NotFound

#: Busy times of a team that its own page still names after they are over.
PAST_MOST = 10


@dataclass(frozen=True)
class BusyView:
    """One busy time of a team. ``ends_on`` is its last day; an early end is on ``ended_on``."""

    id: int
    team_id: int
    team_slug: str
    team_name: str
    why: str
    asks: str
    started_on: date
    ends_on: date
    started_by: str
    ended_on: date | None
    answer: str
    answered_at: datetime | None
    answered_by: str | None
    renews_id: int | None
    round_key: str
    version: int

    @property
    def goes_on(self) -> bool:
        """Whether clocks stand still for it today; one whose last day is past is over by itself."""
        return self.ended_on is None and self.started_on <= clock.today() <= self.ends_on

    @property
    def last_on(self) -> date:
        """The last day for which it held."""
        if self.ended_on is None:
            return self.ends_on
        return max(self.started_on, min(self.ends_on, self.ended_on - timedelta(days=1)))


_starter, _answerer = aliased(Person), aliased(Person)


def _views() -> Any:
    return (
        select(
            BusyPeriod.id,
            BusyPeriod.team_id,
            Team.slug,
            Team.name,
            BusyPeriod.why,
            BusyPeriod.asks,
            BusyPeriod.started_on,
            BusyPeriod.ends_on,
            _starter.name,
            BusyPeriod.ended_on,
            BusyPeriod.answer,
            BusyPeriod.answered_at,
            _answerer.name.label("answered_by"),
            BusyPeriod.renews_id,
            BusyPeriod.round_key,
            BusyPeriod.version,
        )
        .join(Team, Team.id == BusyPeriod.team_id)
        .join(_starter, _starter.id == BusyPeriod.started_by_id)
        .outerjoin(_answerer, _answerer.id == BusyPeriod.answered_by_id)
    )


def busy_teams(actor: Actor) -> list[BusyView]:
    """Return the busy times that go on in the organisation, by team A to Z."""
    rows = db.session.execute(
        _views()
        .where(
            BusyPeriod.organisation_id == actor.organisation_id,
            BusyPeriod.ended_on.is_(None),
            BusyPeriod.started_on <= clock.today(),
            BusyPeriod.ends_on >= clock.today(),
            Team.closed_on.is_(None),
        )
        .order_by(Team.name, BusyPeriod.id)
    )
    return [BusyView(*row) for row in rows]


def busy_with_people(actor: Actor) -> list[tuple[BusyView, int]]:
    """Return the busy times that go on, those that ask and have no answer first, each with how
    many people its team has. One statement."""
    people = (
        select(func.count(distinct(Membership.person_id)))
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.team_id == BusyPeriod.team_id, Person.is_active)
        .correlate(BusyPeriod)
        .scalar_subquery()
    )
    waits = case((and_(BusyPeriod.asks != "", BusyPeriod.answered_at.is_(None)), 0), else_=1)
    rows = db.session.execute(
        _views()
        .add_columns(people)
        .where(
            BusyPeriod.organisation_id == actor.organisation_id,
            BusyPeriod.ended_on.is_(None),
            BusyPeriod.started_on <= clock.today(),
            BusyPeriod.ends_on >= clock.today(),
            Team.closed_on.is_(None),
        )
        .order_by(waits, BusyPeriod.started_on, Team.name, BusyPeriod.id)
    )
    return [(BusyView(*row[:-1]), row[-1]) for row in rows]


def busy_times_of_team(actor: Actor, team_id: int) -> list[BusyView]:
    """Return the team's busy times, the newest first."""
    rows = db.session.execute(
        _views()
        .where(BusyPeriod.organisation_id == actor.organisation_id, BusyPeriod.team_id == team_id)
        .order_by(BusyPeriod.id.desc())
        .limit(PAST_MOST)
    )
    return [BusyView(*row) for row in rows]


def busy_time(actor: Actor, period_id: int) -> BusyView:
    """Return one busy time of the actor's organisation. Raises ``NotFound``."""
    row = db.session.execute(
        _views().where(
            BusyPeriod.organisation_id == actor.organisation_id, BusyPeriod.id == period_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return BusyView(*row)


@dataclass(frozen=True)
class BusySpan:
    """From when to when a team’s clocks stood still, both days with it, and why."""

    from_on: date
    to_on: date
    why: str


def busy_spans(organisation_id: int, team_id: int) -> list[BusySpan]:
    """Return when a team had busy times, oldest first, for charts: one statement.

    A busy time that was ended on the day it began never held, so it is left out.
    """
    rows = db.session.execute(
        select(
            BusyPeriod.started_on,
            BusyPeriod.ends_on,
            BusyPeriod.ended_on,
            BusyPeriod.why,
        )
        .where(
            BusyPeriod.organisation_id == organisation_id,
            BusyPeriod.team_id == team_id,
            or_(BusyPeriod.ended_on.is_(None), BusyPeriod.ended_on > BusyPeriod.started_on),
        )
        .order_by(BusyPeriod.started_on, BusyPeriod.id)
    )
    spans: list[BusySpan] = []
    for row in rows:
        last = row.ends_on
        if row.ended_on is not None:
            last = min(last, row.ended_on - timedelta(days=1))
        span = BusySpan(row.started_on, last, row.why)
        if spans and spans[-1].to_on + timedelta(days=1) >= span.from_on:
            span = BusySpan(spans.pop().from_on, last, row.why)
        spans.append(span)
    return spans
