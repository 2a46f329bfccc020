"""Aims, what drives them, and what is tried under each: where something is, and where nothing.

Asked through the actor, as every read: an idea that they may not see hangs nowhere for them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import ColumnElement, RowMapping, and_, case, func, or_, select

from improve.accounts.actor import Actor
from improve.accounts.queries import team_names
from improve.accounts.roles import Permission, may
from improve.ideas.aim_views import (
    AimChoice,
    AimIdea,
    AimMeasure,
    AimsPage,
    AimView,
    DriverChoice,
    DriverView,
    HungOn,
)
from improve.ideas.kinds import OUTCOME_WORDS, STAGE_WORDS, Outcome, Stage
from improve.ideas.models import Aim, Driver, Idea
from improve.ideas.queries.door import visible
from improve.measures.queries.aims import readings_of
from improve.shared.db import db
from improve.shared.errors import NotFound
from improve.shared.turns import Turn, take_turn

#: Ideas shown under a driver: on the page of all aims, of one aim, on the diagram.
SHOWN_ON_ALL: Final = 6
SHOWN_ON_ONE: Final = 60
SHOWN_ON_DIAGRAM: Final = 40

#: Ends of an idea that leave nothing under its driver.
_GONE: Final = (Outcome.WITHDRAWN.value, Outcome.NOT_NOW.value, Outcome.JOINED.value)
_KEPT: Final = (Outcome.ADOPTED.value, Outcome.QUICK_FIX.value)
_TRIED: Final = (Stage.ACT.value, Stage.STUDY.value, Stage.DO.value, Stage.PLAN.value)


def aims_page(actor: Actor) -> AimsPage:
    """Return every aim of the council in order, each with its drivers and their first ideas.

    At most five statements: aims, drivers, ideas, and two for what their measures say.
    """
    views = _views(actor, Aim.organisation_id == actor.organisation_id, most=SHOWN_ON_ALL)
    return AimsPage(
        aims=tuple(view for view in views if view.closed_on is None),
        closed=tuple(view for view in views if view.closed_on is not None),
        may_plan=may(actor, Permission.PLAN_AIMS),
        sees_ideas=may(actor, Permission.SEE_IDEAS),
    )


def aim_page(actor: Actor, aim_id: int, *, most: int = SHOWN_ON_ONE) -> AimView:
    """Return one aim with its drivers, and up to ``most`` ideas of each. Raises ``NotFound``.

    Counts are of all ideas, also where 0 are asked for.
    """
    ours = and_(Aim.organisation_id == actor.organisation_id, Aim.id == aim_id)
    views = _views(actor, ours, most=most)
    if not views:
        raise NotFound
    return views[0]


def aim_choices(actor: Actor) -> list[AimChoice]:
    """Return the open aims with their open drivers, for a list of choices: one statement.

    An aim without drivers is there as well, since boards can be filtered by it.
    """
    rows = db.session.execute(
        select(
            Aim.id,
            Aim.statement,
            Driver.id.label("driver_id"),
            Driver.name,
            Driver.level,
            Driver.parent_id,
        )
        .outerjoin(Driver, and_(Driver.aim_id == Aim.id, Driver.closed_on.is_(None)))
        .where(Aim.organisation_id == actor.organisation_id, Aim.closed_on.is_(None))
        .order_by(Aim.position, Aim.id, Driver.level, Driver.position, Driver.id)
    ).all()
    names: dict[int, str] = {}
    tops: dict[int, list[DriverChoice]] = defaultdict(list)
    under: dict[int, list[DriverChoice]] = defaultdict(list)
    for row in rows:
        names[row.id] = row.statement
        if row.driver_id is None:
            continue
        choice = DriverChoice(row.driver_id, row.name, row.level)
        (tops[row.id] if row.level == 1 else under[row.parent_id]).append(choice)
    return [
        AimChoice(
            aim_id,
            statement,
            tuple(one for top in tops[aim_id] for one in (top, *under[top.id])),
        )
        for aim_id, statement in names.items()
    ]


def driver_named(actor: Actor, driver_id: int | None) -> HungOn | None:
    """Return a driver of the council with its aim, or None."""
    if driver_id is None:
        return None
    row = db.session.execute(
        select(
            Driver.id,
            Driver.name,
            Aim.id.label("aim_id"),
            Aim.statement,
            or_(Driver.closed_on.is_not(None), Aim.closed_on.is_not(None)).label("is_closed"),
        )
        .join(Aim, Aim.id == Driver.aim_id)
        .where(Driver.id == driver_id, Driver.organisation_id == actor.organisation_id)
    ).one_or_none()
    return HungOn(row.id, row.name, row.aim_id, row.statement, bool(row.is_closed)) if row else None


def aims_for_change(actor: Actor) -> list[Aim]:
    """Return every aim of the council in order, for whoever has the turn to change them.

    Rows alone would not do: the first aim has none to lock, and who waited for a row would go on
    with the order from before.
    """
    take_turn(Turn.AIMS, actor.organisation_id)
    return list(
        db.session.execute(
            select(Aim)
            .where(Aim.organisation_id == actor.organisation_id)
            .order_by(Aim.position, Aim.id)
            .execution_options(populate_existing=True)
        ).scalars()
    )


def drivers_for_change(actor: Actor, aim_id: int) -> list[Driver]:
    """Return every driver of an aim in order. Whoever asks has the turn to change aims."""
    return list(
        db.session.execute(
            select(Driver)
            .where(Driver.aim_id == aim_id, Driver.organisation_id == actor.organisation_id)
            .order_by(Driver.level, Driver.position, Driver.id)
            .execution_options(populate_existing=True)
        ).scalars()
    )


def aim_of_driver(actor: Actor, driver_id: int) -> int:
    """Return the aim that a driver of the council belongs to. Raises ``NotFound``."""
    aim_id = db.session.execute(
        select(Driver.aim_id).where(
            Driver.id == driver_id, Driver.organisation_id == actor.organisation_id
        )
    ).scalar_one_or_none()
    if aim_id is None:
        raise NotFound
    return int(aim_id)


# ---- from rows to views


def _views(actor: Actor, which: ColumnElement[bool], *, most: int) -> list[AimView]:
    aims = db.session.execute(select(Aim).where(which).order_by(Aim.position, Aim.id)).scalars()
    found = list(aims)
    if not found:
        return []
    ids = [aim.id for aim in found]
    drivers = list(
        db.session.execute(
            select(Driver)
            .where(Driver.aim_id.in_(ids), Driver.organisation_id == actor.organisation_id)
            .order_by(Driver.level, Driver.position, Driver.id)
        ).scalars()
    )
    hung = _hung(actor, [driver.id for driver in drivers], most)
    wanted = {aim.measure_id for aim in found if aim.measure_id}
    readings = readings_of(actor, wanted)
    of_aim: dict[int, list[Driver]] = defaultdict(list)
    for driver in drivers:
        of_aim[driver.aim_id].append(driver)
    placed = _places(found, lambda aim: aim.closed_on is None)
    views = []
    for aim in found:
        place, is_first, is_last = placed[aim.id]
        views.append(
            AimView(
                id=aim.id,
                statement=aim.statement,
                for_whom=aim.for_whom,
                how_much=aim.how_much,
                by_when_on=aim.by_when_on,
                version=aim.version,
                place=place,
                is_first=is_first,
                is_last=is_last,
                closed_on=aim.closed_on,
                measure_id=aim.measure_id,
                measure=_measure(readings.get(aim.measure_id or 0)),
                drivers=_tree(of_aim[aim.id], hung),
            )
        )
    return views


def _measure(reading: Any) -> AimMeasure | None:
    if reading is None:
        return None
    last = reading.last
    return AimMeasure(
        id=reading.measure.id,
        name=reading.measure.name,
        latest_words=reading.last_words if last else "",
        verdict=reading.words,
        finding="" if reading.words or not reading.observations else reading.finding,
    )


@dataclass
class _Hung:
    """What hangs on one driver."""

    ideas: list[AimIdea] = field(default_factory=list)
    count: int = 0
    tried: int = 0
    kept: int = 0


def _tree(drivers: Sequence[Driver], hung: dict[int, _Hung]) -> tuple[DriverView, ...]:
    """Return drivers of the first level in order, each with those under it; closed ones last."""
    under: dict[int, list[Driver]] = defaultdict(list)
    for driver in drivers:
        if driver.parent_id is not None:
            under[driver.parent_id].append(driver)

    def views(level: Sequence[Driver]) -> tuple[DriverView, ...]:
        ordered = sorted(level, key=lambda one: one.closed_on is not None)
        placed = _places(ordered, lambda one: one.closed_on is None)
        made = []
        for driver in ordered:
            on_it = hung[driver.id]
            place, is_first, is_last = placed[driver.id]
            made.append(
                DriverView(
                    id=driver.id,
                    aim_id=driver.aim_id,
                    name=driver.name,
                    level=driver.level,
                    version=driver.version,
                    place=place,
                    is_first=is_first,
                    is_last=is_last,
                    closed_on=driver.closed_on,
                    ideas=tuple(on_it.ideas),
                    idea_count=on_it.count,
                    tried_count=on_it.tried,
                    kept_count=on_it.kept,
                    under=views(under[driver.id]),
                )
            )
        return tuple(made)

    return views([driver for driver in drivers if driver.parent_id is None])


def _places(
    things: Iterable[Any], is_open: Callable[[Any], bool]
) -> dict[int, tuple[int, bool, bool]]:
    """Return by id where each stands among the open ones, from 1, and whether first and last."""
    given = list(things)
    standing = [one.id for one in given if is_open(one)]
    places = {one.id: (0, True, True) for one in given}
    for place, one_id in enumerate(standing, start=1):
        places[one_id] = (place, place == 1, place == len(standing))
    return places


def _hung(actor: Actor, driver_ids: Sequence[int], most: int) -> dict[int, _Hung]:
    """Return the first ideas of each driver, and counts of all: what is tried now stands first."""
    found: dict[int, _Hung] = defaultdict(_Hung)
    if not driver_ids:
        return found
    rank = case(
        *((Idea.stage == stage, place) for place, stage in enumerate(_TRIED)),
        (Idea.stage == Stage.SUGGESTED.value, 4),
        (Idea.outcome.in_(_KEPT), 5),
        else_=6,
    )
    hangs = (
        select(
            Idea.id,
            Idea.driver_id,
            Idea.title,
            Idea.stage,
            Idea.outcome,
            Idea.cycle_number,
            Idea.team_id,
            func.row_number()
            .over(partition_by=Idea.driver_id, order_by=(rank, Idea.id))
            .label("place"),
            func.count().over(partition_by=Idea.driver_id).label("all_of_it"),
            func.sum(case((Idea.stage.in_(_TRIED), 1), else_=0))
            .over(partition_by=Idea.driver_id)
            .label("tried"),
            func.sum(case((Idea.outcome.in_(_KEPT), 1), else_=0))
            .over(partition_by=Idea.driver_id)
            .label("kept"),
        )
        .where(
            visible(actor),
            Idea.driver_id.in_(driver_ids),
            or_(Idea.outcome.is_(None), Idea.outcome.not_in(_GONE)),
        )
        .subquery("hangs")
    )
    team = team_names()
    rows = db.session.execute(
        select(hangs, team.c.name.label("team_name"))
        .join(team, team.c.id == hangs.c.team_id)
        .where(hangs.c.place <= max(1, most))
        .order_by(hangs.c.driver_id, hangs.c.place)
    ).mappings()
    for row in rows:
        on_it = found[row["driver_id"]]
        on_it.count, on_it.tried, on_it.kept = row["all_of_it"], row["tried"], row["kept"]
        if most:
            on_it.ideas.append(_idea(row))
    return found


def _idea(row: RowMapping) -> AimIdea:
    stage = Stage(row["stage"])
    outcome = Outcome(row["outcome"]) if row["outcome"] else None
    return AimIdea(
        id=row["id"],
        title=row["title"],
        team_name=row["team_name"],
        stage=stage,
        stage_words=OUTCOME_WORDS[outcome] if outcome else STAGE_WORDS[stage],
        outcome=outcome,
        cycle_number=row["cycle_number"],
    )
