"""Measures as the council's aims are read by: what to choose from, and what their charts say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sqlalchemy import or_, select

from improve.accounts.actor import Actor
from improve.accounts.queries import team_names
from improve.accounts.roles import Permission, may
from improve.measures.models import Measure
from improve.measures.queries.standing import standing_of
from improve.measures.reading import Reading, read
from improve.measures.views import MeasureChoice
from improve.shared.db import db

#: As many as a list of choices can be looked through.
CHOICES_MOST: Final = 300


def choices_for_aim(actor: Actor, *, chosen_id: int | None = None) -> list[MeasureChoice]:
    """Return the open measures of the council, then those of its teams with the team's name.

    The one chosen before stays on offer when it is closed.
    """
    team = team_names()
    is_offered = or_(Measure.closed_on.is_(None), Measure.id == chosen_id)
    rows = db.session.execute(
        select(Measure.id, Measure.name, Measure.kind, team.c.name.label("team_name"))
        .outerjoin(team, team.c.id == Measure.team_id)
        .where(Measure.organisation_id == actor.organisation_id, is_offered)
        .order_by(Measure.team_id.is_not(None), Measure.name, Measure.id)
        .limit(CHOICES_MOST)
    )
    return [
        MeasureChoice(
            row.id, f"{row.name} ({row.team_name})" if row.team_name else row.name, row.kind
        )
        for row in rows
    ]


def readings_of(actor: Actor, measure_ids: Iterable[int]) -> dict[int, Reading]:
    """Return what these measures' charts say now, by id: two statements, none without ids.

    Nothing for who may not see measures; unknown ids and another council's are left out.
    """
    wanted = sorted(set(measure_ids))
    if not wanted or not may(actor, Permission.SEE_MEASURES):
        return {}
    standing = standing_of(actor, Measure.id.in_(wanted))
    return {
        measure_id: read(one.measure, one.points, one.windows, drawn=one.drawn)
        for measure_id, one in standing.items()
    }
