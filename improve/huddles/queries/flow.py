"""What huddles a team held and what came of them, as rows for the measures of the system itself.

No row names a person, but for counting people once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from improve.accounts.actor import Actor
from improve.huddles.flow import ActionRow, HuddleRow
from improve.huddles.models import Action, Decision, Huddle
from improve.huddles.pace import minutes_taken
from improve.shared import clock
from improve.shared.db import db


def held(actor: Actor, *, since: datetime, team_id: int) -> list[HuddleRow]:
    """Return the finished huddles of a team since then, the first first."""
    decisions = (
        select(func.count(Decision.id))
        .where(Decision.huddle_id == Huddle.id, Decision.removed_at.is_(None))
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            Huddle.started_at,
            Huddle.finished_at,
            Huddle.paused_seconds,
            decisions.label("decisions"),
        )
        .where(
            Huddle.organisation_id == actor.organisation_id,
            Huddle.team_id == team_id,
            Huddle.started_at >= since,
            Huddle.finished_at.is_not(None),
        )
        .order_by(Huddle.started_at, Huddle.id)
    )
    return [
        HuddleRow(
            clock.local(row.started_at).toordinal(),
            minutes_taken(row.started_at, row.finished_at, row.paused_seconds),
            row.decisions,
        )
        for row in rows
    ]


def promised(actor: Actor, *, since: datetime, team_id: int) -> list[ActionRow]:
    """Return the actions of a team whose first day lies between then and today, by that day."""
    rows = db.session.execute(
        select(Action.first_due_on, Action.done_on, func.count(Action.id))
        .where(
            Action.organisation_id == actor.organisation_id,
            Action.team_id == team_id,
            Action.first_due_on >= clock.local(since).date(),
            Action.first_due_on < clock.today(),
            # Dropped with a reason is neither kept nor broken.
            (Action.ended_at.is_(None)) | (Action.done_on.is_not(None)),
        )
        .group_by(Action.first_due_on, Action.done_on)
        .order_by(Action.first_due_on, Action.done_on)
    )
    found: Counter[tuple[int, bool]] = Counter()
    for due_on, done_on, count in rows:
        found[due_on.toordinal(), done_on is not None and done_on <= due_on] += count
    return [ActionRow(due_on, is_in_time, n) for (due_on, is_in_time), n in found.items()]


def drivers(actor: Actor) -> Callable[[Any, datetime, datetime | None], ColumnElement[bool]]:
    """Return how to ask whether a person drove a huddle, for ``ideas.queries.taking_part``."""

    def drove(person: Any, begins: datetime, ends: datetime | None) -> ColumnElement[bool]:
        found = select(Huddle.driver_id).where(
            Huddle.organisation_id == actor.organisation_id,
            Huddle.started_at >= begins,
            Huddle.finished_at.is_not(None),
            Huddle.driver_id.is_not(None),
        )
        if ends is not None:
            found = found.where(Huddle.started_at < ends)
        told: ColumnElement[bool] = person.in_(found)
        return told

    return drove
