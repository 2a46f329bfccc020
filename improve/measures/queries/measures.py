"""Measures by id, by team and to choose from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from improve.accounts.actor import Actor
from improve.accounts.queries import person_names, team_names
from improve.measures.models import Baseline, Measure, MeasureChange, MiddleLine
from improve.measures.queries.kept import kept_words
from improve.measures.views import MeasureChoice, MeasureView
from improve.shared.db import db
from improve.shared.errors import NotFound
from improve.shared.turns import Turn, take_turn

PAGE_SIZE = 40
CLOSED_SHOWN = 200

_MEASURE_COLUMNS = (
    Measure.id,
    Measure.organisation_id,
    Measure.team_id,
    Measure.name,
    Measure.kind,
    Measure.recorded,
    Measure.unit,
    Measure.better_when,
    Measure.frequency,
    Measure.top_name,
    Measure.bottom_name,
    Measure.numerator,
    Measure.denominator,
    Measure.left_out,
    Measure.source,
    Measure.licence,
    Measure.caution,
    Measure.chart,
    Measure.partner_id,
    Measure.owner_id,
    Measure.lookback_days,
    Measure.version,
    Measure.closed_on,
    Measure.per,
    Measure.target,
    Measure.target_by,
    Measure.standard,
    Measure.catalogue_key,
    Measure.context_id,
)


@cache
def all_measures_query() -> Any:
    """Return the statement that reads measures with their names; the caller must scope it."""
    # Built once: making it takes longer than running it, and every page with a chart asks.
    teams, people = team_names(), person_names()
    partner, context = aliased(Measure), aliased(Measure)
    return (
        select(
            *_MEASURE_COLUMNS,
            teams.c.slug,
            teams.c.name,
            people.c.name,
            partner.name,
            context.name,
            teams.c.pauses,
            kept_words(),
        )
        .outerjoin(teams, teams.c.id == Measure.team_id)
        .outerjoin(people, people.c.id == Measure.owner_id)
        .outerjoin(partner, partner.id == Measure.partner_id)
        .outerjoin(context, context.id == Measure.context_id)
    )


def _measures(actor: Actor) -> Any:
    return all_measures_query().where(Measure.organisation_id == actor.organisation_id)


def measure(actor: Actor, measure_id: int) -> MeasureView:
    """Return a measure of the actor's organisation. Raises ``NotFound``."""
    row = db.session.execute(_measures(actor).where(Measure.id == measure_id)).one_or_none()
    if row is None:
        raise NotFound
    return MeasureView(*row)


def measures_by_id(actor: Actor, ids: Iterable[int]) -> dict[int, MeasureView]:
    """Return measures of the actor's organisation by id; unknown ids are left out."""
    rows = db.session.execute(
        _measures(actor).where(Measure.id.in_(sorted(set(ids)))).order_by(Measure.id)
    )
    return {row[0]: MeasureView(*row) for row in rows}


def measures_with_context(
    actor: Actor, ids: Iterable[int]
) -> tuple[dict[int, MeasureView], frozenset[int]]:
    """Return measures by id, those drawn under them too, and which have lines that people drew.

    One statement. Most measures have no lines, and these need not be asked for.
    """
    wanted = sorted(set(ids))
    under = select(Measure.context_id).where(
        Measure.id.in_(wanted), Measure.organisation_id == actor.organisation_id
    )
    has_lines = or_(
        exists().where(Baseline.measure_id == Measure.id, Baseline.removed_at.is_(None)),
        exists().where(MiddleLine.measure_id == Measure.id, MiddleLine.removed_at.is_(None)),
    )
    rows = db.session.execute(
        _measures(actor)
        .add_columns(has_lines)
        .where(or_(Measure.id.in_(wanted), Measure.id.in_(under)))
        .order_by(Measure.id)
    ).all()
    views = {row[0]: MeasureView(*row[:-1]) for row in rows}
    return views, frozenset(row[0] for row in rows if row[-1])


def _is_for_team(actor: Actor, team_id: int) -> Any:
    return and_(
        Measure.organisation_id == actor.organisation_id,
        or_(Measure.team_id == team_id, Measure.team_id.is_(None)),
    )


@dataclass(frozen=True, slots=True)
class MeasurePage:
    """One page of a team's measures, how many there are in all, and how many are closed."""

    measures: list[MeasureView]
    total: int
    page: int
    closed: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE_SIZE))


_KIND_ORDER = case({"outcome": 0, "process": 1, "balancing": 2, "context": 3}, value=Measure.kind)


def team_has_measure(team_id: Any) -> ColumnElement[bool]:
    """Return whether a team has a measure of its own, as a column of a statement about teams.

    The statement is run with the value ``organisation``.
    """
    return exists().where(
        Measure.organisation_id == bindparam("organisation"), Measure.team_id == team_id
    )


def measures_of_team(actor: Actor, team_id: int, page: int = 1) -> MeasurePage:
    """Return a page of a team's open measures by kind, the council's after its own.

    One statement; a page past the end gives the last one.
    """
    own, is_open = _is_for_team(actor, team_id), Measure.closed_on.is_(None)
    closed = select(func.count()).where(own, ~is_open).scalar_subquery()
    rows = db.session.execute(
        _measures(actor)
        .add_columns(func.count().over(), closed)
        .where(own, is_open)
        .order_by(_KIND_ORDER, Measure.team_id.is_(None), Measure.name, Measure.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    if rows:
        total, stopped = rows[0][-2:]
        return MeasurePage([MeasureView(*row[:-2]) for row in rows], total, page, stopped)
    if page > 1:
        total = db.session.execute(select(func.count()).where(own, is_open)).scalar_one()
        return measures_of_team(actor, team_id, max(1, -(-total // PAGE_SIZE)))
    return MeasurePage([], 0, 1, db.session.execute(select(closed)).scalar_one())


def closed_measures_of_team(actor: Actor, team_id: int) -> list[tuple[int, str, date]]:
    """Return (id, name, closed on) of the measures a team no longer counts, newest first."""
    rows = db.session.execute(
        select(Measure.id, Measure.name, Measure.closed_on)
        .where(_is_for_team(actor, team_id), Measure.closed_on.is_not(None))
        .order_by(Measure.closed_on.desc(), Measure.id.desc())
        .limit(CLOSED_SHOWN)
    )
    return [(row.id, row.name, row.closed_on) for row in rows]


@dataclass(frozen=True, slots=True)
class AdoptedMeasure:
    """A measure that a team took from the catalogue."""

    key: str
    measure_id: int
    name: str
    is_whole_council: bool
    closed_on: date | None


def adopted_measures(actor: Actor, team_id: int) -> dict[str, AdoptedMeasure]:
    """Return by key what a team took from the catalogue: what it counts before what it stopped.

    Of two that it counts its own comes before the council's, the older before the newer.
    """
    rows = db.session.execute(
        select(
            Measure.catalogue_key,
            Measure.id,
            Measure.name,
            Measure.team_id.is_(None),
            Measure.closed_on,
        )
        .where(_is_for_team(actor, team_id), Measure.catalogue_key.is_not(None))
        .order_by(Measure.closed_on.is_not(None), Measure.team_id.is_(None), Measure.id)
    )
    found: dict[str, AdoptedMeasure] = {}
    for row in rows:
        key = str(row[0])
        found.setdefault(key, AdoptedMeasure(key, row[1], row[2], bool(row[3]), row[4]))
    return found


def answers_without_partner(actor: Actor, measure_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Return what people last said of a partner that is not there, (answer, words) by measure."""
    ids = sorted(set(measure_ids))
    if not ids:
        return {}
    rows = db.session.execute(
        select(MeasureChange.measure_id, MeasureChange.facts, MeasureChange.reason)
        .join(Measure, Measure.id == MeasureChange.measure_id)
        .where(
            Measure.organisation_id == actor.organisation_id,
            MeasureChange.measure_id.in_(ids),
            MeasureChange.kind.in_(("defined", "edited")),
        )
        .order_by(MeasureChange.id)
    )
    said = ((i, facts.get("without_partner"), reason) for i, facts, reason in rows)
    return {i: (answer, reason) for i, answer, reason in said if answer}


def lock_catalogue(actor: Actor) -> None:
    """Let nobody else of the council take from the catalogue before this transaction ends.

    Two people who tap at once would each see that nobody counts it yet.
    """
    take_turn(Turn.CATALOGUE, actor.organisation_id)


def measure_choices(actor: Actor, team_id: int) -> list[MeasureChoice]:
    """Return the open measures a team may test on: its own, then the council's, A to Z."""
    rows = db.session.execute(
        select(Measure.id, Measure.name, Measure.kind)
        .where(_is_for_team(actor, team_id), Measure.closed_on.is_(None))
        .order_by(Measure.team_id.is_(None), Measure.name, Measure.id)
    )
    return [MeasureChoice(*row) for row in rows]


def lock_measures(measure_ids: Sequence[int]) -> None:
    """Let nobody else change numbers or tests of these measures before this transaction ends.

    Verdicts are computed from what can be seen: two writers at once would each miss the other's
    number. Always in the same order, so that writers never wait in a ring. SQLite lets one writer
    in at a time anyway.
    """
    db.session.execute(
        select(Measure.id)
        .where(Measure.id.in_(measure_ids))
        .order_by(Measure.id)
        .with_for_update(key_share=True)
    )


def locked_measure(actor: Actor, measure_id: int) -> MeasureView:
    """Return a measure as it stands under its lock (see ``lock_measures``). Raises ``NotFound``.

    Whatever is decided by what is recorded, or by whether there are numbers, is read from here:
    another writer may have changed it until the lock was held.
    """
    db.session.execute(
        select(Measure.id)
        .where(Measure.id == measure_id, Measure.organisation_id == actor.organisation_id)
        .with_for_update(key_share=True)
    )
    return measure(actor, measure_id)


def all_measures(measure_ids: Sequence[int]) -> dict[int, MeasureView]:
    """Return these measures by id, whose ids the caller has already looked up."""
    rows = db.session.execute(
        all_measures_query().where(Measure.id.in_(measure_ids)).order_by(Measure.id)
    )
    return {row[0]: MeasureView(*row) for row in rows}
