"""Measures, their numbers and what people drew on them as tables, for whoever sees measures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.accounts.queries import team_names
from improve.accounts.roles import Permission, has_any
from improve.measures.models import Baseline, Measure, MiddleLine, Observation
from improve.measures.table_import import times_text
from improve.shared.export import Cell
from improve.shared.open_tables import (
    DAY,
    MOMENT,
    NUMBER,
    TRUTH,
    WHOLE,
    OpenColumn,
    OpenTable,
    moment,
)

_OF_MEASURE = (("measure", "measures", "id"),)
_MEASURE_COLUMN = OpenColumn("measure", "Number of the measure", WHOLE)


def measure_tables(actor: Actor) -> Sequence[OpenTable]:
    """Return the tables of measures that the actor may have."""
    if not has_any(actor, Permission.SEE_MEASURES):
        return ()
    return (_measures(actor), _observations(actor), _baselines(actor), _lines(actor))


def _measures(actor: Actor) -> OpenTable:
    team = team_names()
    rows = (
        select(
            Measure.id,
            team.c.name.label("team_name"),
            Measure.name,
            Measure.kind,
            Measure.recorded,
            Measure.unit,
            Measure.better_when,
            Measure.frequency,
            Measure.numerator,
            Measure.denominator,
            Measure.left_out,
            Measure.source,
            Measure.licence,
            Measure.caution,
            Measure.chart,
            Measure.per,
            Measure.target,
            Measure.target_by,
            Measure.standard,
            Measure.lookback_days,
            Measure.partner_id,
            Measure.context_id,
            Measure.closed_on,
        )
        .outerjoin(team, team.c.id == Measure.team_id)
        .where(Measure.organisation_id == actor.organisation_id)
        .order_by(Measure.id)
    )
    return OpenTable(
        name="measures",
        title="Measures",
        holds="What is measured, and exactly how: the definitions, not the numbers.",
        columns=(
            OpenColumn("id", "Number of the measure, as in its address", WHOLE),
            OpenColumn("team", "Whose it is; empty: the whole council’s"),
            OpenColumn("name", "What it is called"),
            OpenColumn("kind", "outcome, process, balancing or context"),
            OpenColumn("recorded", "proportion, rate, count, value, times, days_between …"),
            OpenColumn("unit", "The unit"),
            OpenColumn("better_when", "higher, lower or neither"),
            OpenColumn("frequency", "day, week, month, quarter or year"),
            OpenColumn("top_line", "What is counted, in a sentence"),
            OpenColumn("bottom_line", "What it is counted out of, in a sentence"),
            OpenColumn("left_out", "What is left out, in a sentence"),
            OpenColumn("source", "Where the numbers come from"),
            OpenColumn("licence", "Under which licence"),
            OpenColumn("caution", "What to be careful with"),
            OpenColumn("chart", "The chart a person chose; empty: the usual one"),
            OpenColumn("per", "A rate is shown per so many", NUMBER),
            OpenColumn("hope", "Somebody’s hope; nothing is judged by it", NUMBER),
            OpenColumn("hope_of", "Whose hope"),
            OpenColumn("standard_days", "How many days it should take at most", NUMBER),
            OpenColumn("looks_back_days", "How many days one point looks back", WHOLE),
            OpenColumn("beside", "The measure shown beside it", WHOLE),
            OpenColumn("context", "The measure drawn under it", WHOLE),
            OpenColumn("closed_on", "The day it was closed", DAY),
        ),
        rows=rows,
        shape=lambda row: tuple(row.values()),
        points=(("beside", "measures", "id"), ("context", "measures", "id")),
    )


def _observations(actor: Actor) -> OpenTable:
    rows = (
        select(
            Observation.measure_id,
            Observation.period_start,
            Observation.value,
            Observation.numerator,
            Observation.denominator,
            Observation.raw_values,
            Observation.note,
            Observation.excluded_reason,
        )
        .join(Measure, Measure.id == Observation.measure_id)
        .where(Measure.organisation_id == actor.organisation_id)
        .order_by(Observation.measure_id, Observation.period_start)
    )

    def shape(row: Any) -> Sequence[Cell]:
        times = row["raw_values"]
        return (
            row["measure_id"],
            row["period_start"],
            row["value"],
            row["numerator"],
            row["denominator"],
            times_text(times) if times else "",
            row["note"],
            row["excluded_reason"],
        )

    return OpenTable(
        name="observations",
        title="Numbers of measures",
        holds="Everything that was recorded: one row for each measure and period.",
        columns=(
            _MEASURE_COLUMN,
            OpenColumn("from", "First day of the period", DAY),
            OpenColumn("value", "The number, where it is one", NUMBER),
            OpenColumn("top_line", "The top line, where it is a share or a rate", NUMBER),
            OpenColumn("bottom_line", "The bottom line", NUMBER),
            OpenColumn("times", "The several times of a period, whose median the value is"),
            OpenColumn("note", "A note on the point"),
            OpenColumn("left_out_because", "Why it is drawn but does not count"),
        ),
        rows=rows,
        shape=shape,
        key=("measure", "from"),
        points=_OF_MEASURE,
    )


def _baselines(actor: Actor) -> OpenTable:
    rows = (
        select(
            Baseline.id,
            Baseline.measure_id,
            Baseline.idea_id.is_not(None).label("is_for_idea"),
            Baseline.starts_on,
            Baseline.ends_on,
            Baseline.reason,
            Baseline.set_at,
            Baseline.removed_at,
            Baseline.removed_reason,
        )
        .join(Measure, Measure.id == Baseline.measure_id)
        .where(Measure.organisation_id == actor.organisation_id)
        .order_by(Baseline.id)
    )

    def shape(row: Any) -> Sequence[Cell]:
        return (
            row["id"],
            row["measure_id"],
            bool(row["is_for_idea"]),
            row["starts_on"],
            row["ends_on"],
            row["reason"],
            moment(row["set_at"]),
            moment(row["removed_at"]),
            row["removed_reason"],
        )

    return OpenTable(
        name="baselines",
        title="Baselines",
        holds="The points that a person chose to count as usual, and why.",
        columns=(
            OpenColumn("id", "Number of the baseline", WHOLE),
            _MEASURE_COLUMN,
            OpenColumn("for_one_idea", "Whether it counts for the tests of one idea only", TRUTH),
            OpenColumn("from", "Its first day", DAY),
            OpenColumn("to", "Its last day", DAY),
            OpenColumn("reason", "Why"),
            OpenColumn("set_at", "When it was set (UTC)", MOMENT),
            OpenColumn("taken_back_at", "When it was taken back (UTC)", MOMENT),
            OpenColumn("taken_back_because", "Why it was taken back"),
        ),
        rows=rows,
        shape=shape,
        points=_OF_MEASURE,
    )


def _lines(actor: Actor) -> OpenTable:
    rows = (
        select(
            MiddleLine.id,
            MiddleLine.measure_id,
            MiddleLine.starts_on,
            MiddleLine.reason,
            MiddleLine.drawn_at,
            MiddleLine.removed_at,
            MiddleLine.removed_reason,
        )
        .join(Measure, Measure.id == MiddleLine.measure_id)
        .where(Measure.organisation_id == actor.organisation_id)
        .order_by(MiddleLine.id)
    )

    def shape(row: Any) -> Sequence[Cell]:
        return (
            row["id"],
            row["measure_id"],
            row["starts_on"],
            row["reason"],
            moment(row["drawn_at"]),
            moment(row["removed_at"]),
            row["removed_reason"],
        )

    return OpenTable(
        name="middle-lines",
        title="New middle lines",
        holds="Middle lines that a person drew from a day on, and why.",
        columns=(
            OpenColumn("id", "Number of the line", WHOLE),
            _MEASURE_COLUMN,
            OpenColumn("from", "From which day on", DAY),
            OpenColumn("reason", "Why"),
            OpenColumn("drawn_at", "When it was drawn (UTC)", MOMENT),
            OpenColumn("taken_back_at", "When it was taken back (UTC)", MOMENT),
            OpenColumn("taken_back_because", "Why it was taken back"),
        ),
        rows=rows,
        shape=shape,
        points=_OF_MEASURE,
    )
