"""Numbers that wait for somebody to enter them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, or_, select

from improve.accounts.actor import Actor
from improve.measures.models import DipSample, Measure, Observation, Tally
from improve.measures.queries.kept import all_kept
from improve.measures.queries.measures import all_measures_query
from improve.measures.views import MeasureView
from improve.shared import clock
from improve.shared.db import db

#: More than this is no list to work through.
DUE_MOST = 20
_LOOKED_AT = 400


@dataclass(frozen=True, slots=True)
class DueNumber:
    """A measure and the first day of the oldest period that is over and has no number."""

    measure: MeasureView
    due: date


def numbers_to_add(
    actor: Actor, next_due: Callable[[MeasureView, date | None], date | None]
) -> list[DueNumber]:
    """Return the open measures that the actor keeps, or that are their teams', with a number due.

    The one that waits longest first, at most 20. ``next_due`` says what is due after the newest.
    What taps, readers or the product itself count is nobody's to type.
    """
    newest = (
        select(func.max(Observation.period_start))
        .where(Observation.measure_id == Measure.id)
        .scalar_subquery()
    )
    tapped = select(Tally.measure_id).where(
        Tally.organisation_id == actor.organisation_id,
        Tally.closed_at.is_(None),
        or_(Tally.ends_on.is_(None), Tally.ends_on >= clock.today()),
    )
    read = select(DipSample.measure_id).where(
        DipSample.organisation_id == actor.organisation_id,
        DipSample.closed_at.is_(None),
        DipSample.measure_id.is_not(None),
    )
    rows = db.session.execute(
        all_measures_query()
        .add_columns(newest)
        .where(
            Measure.organisation_id == actor.organisation_id,
            Measure.closed_on.is_(None),
            Measure.id.not_in(tapped),
            Measure.id.not_in(read),
            *(Measure.id.not_in(kept.measure_ids) for kept in all_kept()),
            or_(
                Measure.owner_id == actor.person_id,
                and_(Measure.team_id.is_not(None), Measure.team_id.in_(sorted(actor.team_ids))),
            ),
        )
        .order_by(Measure.name, Measure.id)
        .limit(_LOOKED_AT)
    )
    found = []
    for *columns, latest in rows:
        measure = MeasureView(*columns)
        due = next_due(measure, latest)
        if due is not None:
            found.append(DueNumber(measure, due))
    found.sort(key=lambda one: (one.due, one.measure.name, one.measure.id))
    return found[:DUE_MOST]
