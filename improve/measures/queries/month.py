"""What one month of measures holds for a leader: pairs that pull apart, and a team's context."""

from __future__ import annotations

from statistics import median
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import aliased

from improve.accounts.actor import Actor
from improve.accounts.queries import team_names
from improve.measures.models import Measure, Observation, TestWindow
from improve.measures.month_views import Demand, OneWorse
from improve.measures.queries.measures import all_measures_query
from improve.measures.views import MeasureView
from improve.shared.db import db

_PAIRS_MOST: Final = 30
#: As for the baseline of a test: more would reach back to another time.
_POINTS_MOST: Final = 25
_FEWEST: Final = 5


def one_worse(actor: Actor) -> list[OneWorse]:
    """Return tests that made their measure better while its partner gets worse, newest first."""
    main, beside = aliased(TestWindow), aliased(TestWindow)
    of_main, of_beside, team = aliased(Measure), aliased(Measure), team_names()
    rows = db.session.execute(
        select(
            main.idea_id,
            main.label,
            of_main.id.label("measure_id"),
            of_main.name.label("measure_name"),
            of_beside.id.label("partner_id"),
            of_beside.name.label("partner_name"),
            of_main.team_id,
            team.c.name.label("team_name"),
            main.starts_on,
            of_main.frequency,
            main.spark,
            beside.spark.label("partner_spark"),
        )
        .join(
            beside,
            (beside.idea_id == main.idea_id) & (beside.cycle_number == main.cycle_number),
        )
        .join(of_main, of_main.id == main.measure_id)
        .join(of_beside, of_beside.id == beside.measure_id)
        .outerjoin(team, team.c.id == of_main.team_id)
        .where(
            main.organisation_id == actor.organisation_id,
            main.place == "main",
            beside.place == "beside",
            main.is_current.is_(True),
            main.verdict_code == "improvement",
            beside.verdict_code == "deterioration",
            of_main.closed_on.is_(None),
        )
        .order_by(main.starts_on.desc(), main.id.desc())
        .limit(_PAIRS_MOST)
    )
    return [
        OneWorse(
            row.idea_id,
            row.label,
            row.measure_id,
            row.measure_name,
            row.partner_id,
            row.partner_name,
            row.team_id,
            row.team_name or "",
            row.starts_on,
            row.frequency,
            row.spark or {},
            row.partner_spark or {},
        )
        for row in rows
    ]


def demand_of_team(actor: Actor, team_id: int) -> Demand | None:
    """Return the newest value of a team's measure of its context; None where it has none.

    Of several the one that was defined first. One statement.
    """
    first = (
        select(Measure.id)
        .where(
            Measure.organisation_id == actor.organisation_id,
            Measure.team_id == team_id,
            Measure.kind == "context",
            Measure.closed_on.is_(None),
        )
        .order_by(Measure.id)
        .limit(1)
        .scalar_subquery()
    )
    rows = db.session.execute(
        all_measures_query()
        .add_columns(Observation.value, Observation.numerator, Observation.denominator)
        .join(Observation, Observation.measure_id == Measure.id)
        .where(Measure.id == first, Observation.excluded_reason == "")
        .order_by(Observation.period_start.desc(), Observation.id.desc())
        .limit(_POINTS_MOST)
    ).all()
    if not rows:
        return None
    measure = MeasureView(*rows[0][:-3])
    values = [_shown(measure, *row[-3:]) for row in rows]
    before = values[1:]
    return Demand(
        measure.id,
        measure.name,
        measure.chart_unit,
        measure.frequency,
        values[0],
        median(before) if len(before) >= _FEWEST else None,
    )


def _shown(
    measure: MeasureView, value: float | None, top: float | None, bottom: float | None
) -> float:
    if value is not None:
        return value
    return measure.multiply * (top or 0.0) / (bottom or 1.0)
