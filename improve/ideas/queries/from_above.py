"""What is tried under each aim and driver, and what finished there, for leaders and all staff."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, func, select

from improve.accounts.actor import Actor
from improve.accounts.queries import team_names
from improve.ideas.above_views import (
    AimRow,
    DriverRow,
    FinishedUnder,
    FromAbove,
    LooseIdea,
    TriedNow,
    UnderDriver,
)
from improve.ideas.aim_views import AimMeasure
from improve.ideas.board import CardVerdict
from improve.ideas.kinds import STAGE_WORDS, Decision, Stage
from improve.ideas.models import Aim, Cycle, Driver, Idea
from improve.ideas.queries.door import visible
from improve.ideas.queries.flow import of_teams
from improve.ideas.shaping import card_verdict
from improve.measures.queries import cycle_window_rows, measure_names
from improve.measures.queries.aims import readings_of
from improve.shared import clock
from improve.shared.db import db

#: Shown of each driver: what is tried now, and what finished.
TRIED_SHOWN: Final = 12
FINISHED_SHOWN: Final = 6
#: Ideas on no driver that one page lists.
LOOSE_SHOWN: Final = 200

_TRIED: Final = (Stage.PLAN.value, Stage.DO.value, Stage.STUDY.value, Stage.ACT.value)


def from_above(
    actor: Actor,
    *,
    team_id: int | None = None,
    service_id: int | None = None,
    decided_from: date | None = None,
    decided_to: date | None = None,
) -> FromAbove:
    """Return every open aim with its open drivers, what is tried now and what finished in a period.

    Narrowed to a team, else to a service. Six statements, whatever the data: aims with drivers,
    counts, what is tried, what finished, and two for what the aims' measures say.
    """
    aims, drivers = _aims(actor)
    whose: list[ColumnElement[bool]] = [
        visible(actor),
        Idea.is_on_board.is_(True),
        *of_teams(actor, team_id, service_id),
    ]
    finished = _finished(whose, decided_from, decided_to) if drivers else []
    counts, loose = _counts(whose, finished)
    return FromAbove(
        aims=aims,
        drivers=drivers,
        tried=_tried(whose) if drivers else (),
        finished=tuple(_finished_row(row) for row in finished),
        counts=counts,
        loose=loose,
    )


def loose_ideas(
    actor: Actor, *, team_id: int | None = None, service_id: int | None = None
) -> list[LooseIdea]:
    """Return ideas that wait or are tried and hang on no driver, teams A to Z: one statement."""
    team = team_names()
    rows = db.session.execute(
        select(Idea.id, Idea.title, Idea.stage, Idea.cycle_number, team.c.name.label("team_name"))
        .join(team, team.c.id == Idea.team_id)
        .where(
            visible(actor),
            Idea.is_on_board,
            *of_teams(actor, team_id, service_id),
            Idea.driver_id.is_(None),
            Idea.finished_at.is_(None),
        )
        .order_by(func.lower(team.c.name), Idea.id)
        .limit(LOOSE_SHOWN)
    )
    return [
        LooseIdea(
            row.id,
            row.title,
            row.team_name,
            Stage(row.stage),
            STAGE_WORDS[Stage(row.stage)],
            row.cycle_number,
        )
        for row in rows
    ]


def _aims(actor: Actor) -> tuple[tuple[AimRow, ...], tuple[DriverRow, ...]]:
    rows = db.session.execute(
        select(
            Aim.id,
            Aim.statement,
            Aim.for_whom,
            Aim.how_much,
            Aim.by_when_on,
            Aim.measure_id,
            Driver.id.label("driver_id"),
            Driver.name,
            Driver.parent_id,
        )
        .outerjoin(Driver, and_(Driver.aim_id == Aim.id, Driver.closed_on.is_(None)))
        .where(Aim.organisation_id == actor.organisation_id, Aim.closed_on.is_(None))
        .order_by(Aim.position, Aim.id, Driver.level, Driver.position, Driver.id)
    ).all()
    readings = readings_of(actor, {row.measure_id for row in rows if row.measure_id})
    aims = {
        row.id: AimRow(
            row.id,
            row.statement,
            row.for_whom,
            row.how_much,
            row.by_when_on,
            _measure(readings.get(row.measure_id or 0)),
        )
        for row in rows
    }
    drivers = (
        DriverRow(row.driver_id, row.id, row.parent_id, row.name)
        for row in rows
        if row.driver_id is not None
    )
    return tuple(aims.values()), tuple(drivers)


def _measure(reading: Any) -> AimMeasure | None:
    if reading is None:
        return None
    return AimMeasure(
        id=reading.measure.id,
        name=reading.measure.name,
        latest_words=reading.last_words if reading.last else "",
        verdict=reading.words,
        finding="" if reading.words or not reading.observations else reading.finding,
    )


def _counts(
    whose: Sequence[ColumnElement[bool]], finished: Iterable[Any]
) -> tuple[dict[int, UnderDriver], int]:
    """Return counts by driver, and how many ideas that are not finished hang on none."""
    rows = db.session.execute(
        select(
            Idea.driver_id,
            func.sum(case((Idea.stage.in_(_TRIED), 1), else_=0)).label("tried"),
            func.sum(case((Idea.stage == Stage.SUGGESTED.value, 1), else_=0)).label("waiting"),
        )
        .where(*whose, Idea.finished_at.is_(None))
        .group_by(Idea.driver_id)
    )
    open_ideas = {row.driver_id: (int(row.tried), int(row.waiting)) for row in rows}
    ended: dict[int, tuple[int, int, int]] = defaultdict(lambda: (0, 0, 0))
    for row in finished:
        ended[row["driver_id"]] = (row["kept"], row["changed"], row["stopped"])
    found = {
        driver_id: UnderDriver(*open_ideas.get(driver_id, (0, 0)), *ended[driver_id])
        for driver_id in {*open_ideas, *ended} - {None}
    }
    return found, sum(open_ideas.get(None, (0, 0)))


def _tried(whose: Sequence[ColumnElement[bool]]) -> tuple[TriedNow, ...]:
    team = team_names()
    first = (
        select(
            Idea.id,
            Idea.driver_id,
            Idea.title,
            Idea.stage,
            Idea.cycle_number,
            team.c.name.label("team_name"),
            func.row_number()
            .over(partition_by=Idea.driver_id, order_by=(func.lower(team.c.name), Idea.id))
            .label("place"),
        )
        .join(team, team.c.id == Idea.team_id)
        .where(
            *whose,
            Idea.driver_id.is_not(None),
            Idea.finished_at.is_(None),
            Idea.stage.in_(_TRIED),
        )
        .subquery("first")
    )
    columns, joins = _windows(first.c.id, first.c.cycle_number)
    found = select(first, *columns).select_from(first)
    for table, on in joins:
        found = found.outerjoin(table, on)
    found = found.where(first.c.place <= TRIED_SHOWN)
    rows = db.session.execute(found.order_by(first.c.driver_id, first.c.place)).mappings()
    return tuple(
        TriedNow(
            idea_id=row["id"],
            driver_id=row["driver_id"],
            title=row["title"],
            team_name=row["team_name"],
            stage=Stage(row["stage"]),
            cycle_number=row["cycle_number"],
            verdict=_verdict(row, "main"),
            beside=_verdict(row, "beside"),
        )
        for row in rows
    )


def _finished(
    whose: Sequence[ColumnElement[bool]], decided_from: date | None, decided_to: date | None
) -> list[Any]:
    team = team_names()
    period: list[ColumnElement[bool]] = []
    if decided_from is not None:
        period.append(Cycle.decided_at >= clock.at_local(decided_from, 0))
    if decided_to is not None:
        period.append(Cycle.decided_at < clock.at_local(decided_to + timedelta(days=1), 0))

    def how_many(made: Decision) -> ColumnElement[int]:
        return func.sum(case((Cycle.decision == made.value, 1), else_=0)).over(
            partition_by=Idea.driver_id
        )

    first = (
        select(
            Cycle.idea_id,
            Cycle.number,
            Cycle.decision,
            Cycle.decided_at,
            Cycle.learned,
            Idea.driver_id,
            Idea.title,
            team.c.name.label("team_name"),
            func.row_number()
            .over(partition_by=Idea.driver_id, order_by=(Cycle.decided_at.desc(), Cycle.id.desc()))
            .label("place"),
            how_many(Decision.ADOPT).label("kept"),
            how_many(Decision.ADAPT).label("changed"),
            how_many(Decision.ABANDON).label("stopped"),
        )
        .select_from(Cycle)
        .join(Idea, Idea.id == Cycle.idea_id)
        .join(team, team.c.id == Idea.team_id)
        .where(
            *whose,
            *period,
            Idea.driver_id.is_not(None),
            Cycle.decided_at.is_not(None),
            Cycle.decision.is_not(None),
        )
        .subquery("first")
    )
    columns, joins = _windows(first.c.idea_id, first.c.number)
    found = select(first, *columns).select_from(first)
    for table, on in joins:
        found = found.outerjoin(table, on)
    found = found.where(first.c.place <= FINISHED_SHOWN)
    return list(db.session.execute(found.order_by(first.c.driver_id, first.c.place)).mappings())


def _finished_row(row: Any) -> FinishedUnder:
    return FinishedUnder(
        idea_id=row["idea_id"],
        driver_id=row["driver_id"],
        cycle_number=row["number"],
        title=row["title"],
        team_name=row["team_name"],
        decision=Decision(row["decision"]),
        decided_on=clock.local(row["decided_at"]).date(),
        lesson=row["learned"],
        verdict=_verdict(row, "main"),
        beside=_verdict(row, "beside"),
    )


def _windows(idea_id: Any, number: Any) -> tuple[list[Any], list[tuple[Any, Any]]]:
    """Return the columns of a cycle's two charts, and the tables to join outside for them."""
    columns: list[Any] = []
    joins: list[tuple[Any, Any]] = []
    for place in ("main", "beside"):
        window, measure = cycle_window_rows().alias(place), measure_names().alias(f"{place}_of")
        is_its = and_(
            window.c.idea_id == idea_id,
            window.c.cycle_number == number,
            window.c.place == place,
        )
        joins += [(window, is_its), (measure, measure.c.id == window.c.measure_id)]
        columns += [
            window.c.measure_id.label(f"{place}_measure_id"),
            window.c.verdict_code.label(f"{place}_code"),
            window.c.verdict_facts.label(f"{place}_facts"),
            window.c.ends_on.label(f"{place}_ends_on"),
            measure.c.name.label(f"{place}_name"),
            measure.c.better_when.label(f"{place}_better_when"),
        ]
    return columns, joins


def _verdict(row: Any, place: str) -> CardVerdict | None:
    if row[f"{place}_code"] is None:
        return None
    facts = row[f"{place}_facts"] or {}
    if row[f"{place}_ends_on"] is not None:
        facts = {**facts, "is_over": True}
    measure = (row[f"{place}_measure_id"], row[f"{place}_name"], row[f"{place}_better_when"])
    return card_verdict(row[f"{place}_code"], facts, measure=measure, spark={})
