"""Finished cycles of an organisation, as a leader reads them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true
from sqlalchemy.sql.selectable import FromClause

from improve.accounts.actor import Actor
from improve.accounts.queries import person_names, team_names
from improve.accounts.roles import Permission, may
from improve.ideas import page_shaping
from improve.ideas.board import CardVerdict
from improve.ideas.kinds import OUTCOME_WORDS, TAUGHT, Decision, Outcome, Source, Stage
from improve.ideas.listing import VERDICT_KINDS, FinishedCycle, FinishedFilter, FinishedPage
from improve.ideas.models import Cycle, Driver, Idea, IdeaMember
from improve.ideas.queries import door
from improve.ideas.queries.flow import of_teams
from improve.ideas.shaping import card_verdict, small_test_of
from improve.measures.queries import cycle_window_rows, measure_names
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import NotFound

FINISHED_SIZE = 50
#: A file of all of them holds so many at most.
FILE_MOST = 20_000

#: What a capability above keeps about a cycle, asked by the columns of its idea and its number.
KeptBy = Callable[[Any, Any], ColumnElement[bool]]


def finished_cycles(
    actor: Actor,
    *,
    team_id: int | None = None,
    decided_from: date | None = None,
    decided_to: date | None = None,
    decision: Decision | None = None,
    page: int = 1,
) -> FinishedPage:
    """Return decided cycles of the organisation, the last decided first, with true counts."""
    chosen = FinishedFilter(
        team_id=team_id, decided_from=decided_from, decided_to=decided_to, decision=decision
    )
    return finished_page(actor, chosen, page=page)


def finished_page(
    actor: Actor,
    chosen: FinishedFilter,
    *,
    page: int = 1,
    kept_by: KeptBy | None = None,
    also: Sequence[Any] = (),
) -> FinishedPage:
    """Return fifty decided cycles, the last decided first, and the true counts of all.

    Two statements: counts by decision, which the filter's own decision leaves alone, and the
    cycles with their windows. The verdict shown is the one now; ``decided_code`` and
    ``decided_verdict`` say what it was at the decision. ``beside`` is what the measure watched
    beside it says.

    ``kept_by`` keeps what a capability above says. ``also`` are columns counted in the first
    statement besides, each a scalar of its own; their values come back in ``also``.
    """
    kept, changed, stopped, *counted = _counts(actor, chosen, kept_by, also)
    by_decision = {Decision.ADOPT: kept, Decision.ADAPT: changed, Decision.ABANDON: stopped}
    total = kept + changed + stopped if chosen.decision is None else by_decision[chosen.decision]
    # A page after the last shows the last one.
    page = min(max(1, page), max(1, -(-total // FINISHED_SIZE)))
    found = _rows(actor, chosen, kept_by)
    found = found.limit(FINISHED_SIZE).offset((page - 1) * FINISHED_SIZE)
    return FinishedPage(
        cycles=tuple(_shape(row, actor) for row in _read(found)) if total else (),
        total=total,
        kept=kept,
        changed=changed,
        stopped=stopped,
        page=page,
        size=FINISHED_SIZE,
        also=tuple(counted),
    )


def finished_file(
    actor: Actor,
    chosen: FinishedFilter,
    *,
    kept_by: KeptBy | None = None,
) -> list[FinishedCycle]:
    """Return all that the filter keeps, at most ``FILE_MOST``: one statement."""
    found = _rows(actor, chosen, kept_by).limit(FILE_MOST)
    return [_shape(row, actor) for row in _read(found)]


def finished_cycle(actor: Actor, idea_id: int, number: int) -> FinishedCycle:
    """Return one decided cycle that the actor may read. Raises ``NotFound``."""
    found = _rows(actor, FinishedFilter(), None)
    row = next(iter(_read(found.where(Cycle.idea_id == idea_id, Cycle.number == number))), None)
    if row is None:
        raise NotFound
    return _shape(row, actor)


def in_study(actor: Actor, *, team_id: int | None = None, service_id: int | None = None) -> int:
    """Return how many ideas are in Study now, in a team, a service or everywhere."""
    return db.session.execute(
        select(func.count())
        .select_from(Idea)
        .where(
            door.visible(actor),
            Idea.is_on_board,
            Idea.stage == Stage.STUDY.value,
            *of_teams(actor, team_id, service_id),
        )
    ).scalar_one()


_DECIDED = {
    Decision.ADOPT: OUTCOME_WORDS[Outcome.ADOPTED],
    Decision.ADAPT: "Changed",
    Decision.ABANDON: OUTCOME_WORDS[Outcome.ABANDONED],
}


def _read(found: Select[Any]) -> Any:
    """Plain rows: the same transaction, without the work that entities would need."""
    return db.session.connection().execute(found).mappings()


@cache
def _joined() -> dict[str, FromClause]:
    """Return what stands beside a cycle, made once: to build it takes longer than to read it."""
    return {
        "author": person_names().alias("author"),
        "team": team_names(),
        "main": cycle_window_rows().alias("main"),
        "beside": cycle_window_rows().alias("beside"),
        "main_measure": measure_names().alias("main_measure"),
        "beside_measure": measure_names().alias("beside_measure"),
    }


def _is_of(window: FromClause, cycle: Any, place: str) -> ColumnElement[bool]:
    return and_(
        window.c.idea_id == cycle.idea_id,
        window.c.cycle_number == cycle.number,
        window.c.place == place,
    )


def _counts(
    actor: Actor, chosen: FinishedFilter, kept_by: KeptBy | None, also: Sequence[Any]
) -> tuple[Any, ...]:
    main = _joined()["main"]
    counts: list[Any] = [func.count().filter(Cycle.decision == d.value) for d in _DECIDED]
    reads_all = may(actor, Permission.SEE_IDEAS)
    if kept_by is None and reads_all and chosen == _of_all(chosen):
        # All that was decided in these days, less the few that the actor may not know of: their
        # ideas, which lie among everybody's, need not be read.
        hidden = (
            select(*counts)
            .select_from(Cycle)
            .join(Idea, Idea.id == Cycle.idea_id)
            .where(
                *_decided_in(actor, chosen),
                Idea.organisation_id == actor.organisation_id,
                Idea.is_on_board.is_(False),
                ~door.visible(actor),
            )
        )
        less = hidden.correlate(None).subquery("hidden")
        found = select(
            *(
                count - func.coalesce(func.max(few), 0)
                for count, few in zip(counts, less.c, strict=True)
            ),
            *also,
        )
        found = found.select_from(Cycle).join(less, true()).where(*_decided_in(actor, chosen))
        return tuple(db.session.connection().execute(found).one())
    found = select(*counts, *also).select_from(Cycle).join(Idea, Idea.id == Cycle.idea_id)
    if chosen.verdict:
        found = found.outerjoin(main, _is_of(main, Cycle, "main"))
    found = found.where(*_conditions(actor, chosen, kept_by), *_by_verdict(chosen, main))
    return tuple(db.session.connection().execute(found).one())


def _of_all(chosen: FinishedFilter) -> FinishedFilter:
    """Return a filter of the same days and decision that asks for nothing else."""
    return FinishedFilter(
        decided_from=chosen.decided_from,
        decided_to=chosen.decided_to,
        decision=chosen.decision,
    )


def _decided_in(actor: Actor, chosen: FinishedFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        Cycle.organisation_id == actor.organisation_id,
        Cycle.decided_at.is_not(None),
        Cycle.decision.is_not(None),
    ]
    if chosen.decided_from is not None:
        conditions.append(Cycle.decided_at >= clock.at_local(chosen.decided_from, 0))
    if chosen.decided_to is not None:
        following = chosen.decided_to + timedelta(days=1)
        conditions.append(Cycle.decided_at < clock.at_local(following, 0))
    return conditions


def _rows(actor: Actor, chosen: FinishedFilter, kept_by: KeptBy | None) -> Select[Any]:
    joined = _joined()
    author, team, main, beside = (joined[n] for n in ("author", "team", "main", "beside"))
    main_measure, beside_measure = joined["main_measure"], joined["beside_measure"]
    is_main = _is_of(main, Cycle, "main")
    is_member = exists().where(
        IdeaMember.idea_id == Idea.id, IdeaMember.person_id == actor.person_id
    )
    conditions = _conditions(actor, chosen, kept_by)
    if chosen.decision is not None:
        conditions.append(Cycle.decision == chosen.decision.value)
    columns: list[Any] = [
        Cycle.idea_id,
        Cycle.number,
        Cycle.decision,
        Cycle.decided_at,
        Cycle.is_wide,
        Cycle.expected_count,
        Cycle.expected_of,
        Cycle.seen_count,
        Cycle.seen_of,
        Cycle.learned,
        Cycle.decision_why.label("why"),
        Cycle.adopt_anyway,
        Cycle.started_on,
        Cycle.ended_on,
        Idea.title,
        Idea.source,
        Idea.cycle_number,
        Idea.team_id,
        Idea.author_id,
        Idea.lead_id,
        Idea.hides_name,
        Idea.stage,
        Idea.outcome,
        Idea.first_reply_kind,
        author.c.name.label("author_name"),
        team.c.slug.label("team_slug"),
        team.c.name.label("team_name"),
        team.c.service_id,
        is_member.label("is_member"),
        *_of_window("main", main, main_measure),
        *_of_window("beside", beside, beside_measure),
    ]
    return (
        select(*columns)
        .select_from(Cycle)
        .join(Idea, Idea.id == Cycle.idea_id)
        .join(author, author.c.id == Idea.author_id)
        .join(team, team.c.id == Idea.team_id)
        .outerjoin(main, is_main)
        .outerjoin(main_measure, main_measure.c.id == main.c.measure_id)
        .outerjoin(beside, _is_of(beside, Cycle, "beside"))
        .outerjoin(beside_measure, beside_measure.c.id == beside.c.measure_id)
        .where(*conditions, *_by_verdict(chosen, main))
        .order_by(Cycle.decided_at.desc(), Cycle.id.desc())
    )


def _of_window(place: str, window: FromClause, measure: FromClause) -> list[Any]:
    names = ("measure_id", "verdict_code", "verdict_facts", "decided_code", "decided_facts")
    found = [getattr(window.c, name).label(f"{place}_{name}") for name in names]
    if place == "main":
        found.append(window.c.spark.label("main_spark"))
    return [
        *found,
        window.c.ends_on.label(f"{place}_ends_on"),
        measure.c.name.label(f"{place}_name"),
        measure.c.better_when.label(f"{place}_better_when"),
    ]


def _conditions(
    actor: Actor, chosen: FinishedFilter, kept_by: KeptBy | None
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        *_decided_in(actor, chosen),
        door.visible(actor),
        *of_teams(actor, chosen.team_id, chosen.service_id),
    ]
    if chosen.driver_id is not None:
        under = or_(Driver.id == chosen.driver_id, Driver.parent_id == chosen.driver_id)
        conditions.append(Idea.driver_id.in_(select(Driver.id).where(under)))
    elif chosen.aim_id is not None:
        drivers = select(Driver.id).where(Driver.aim_id == chosen.aim_id)
        conditions.append(Idea.driver_id.in_(drivers))
    if chosen.source is not None:
        conditions.append(Idea.source == chosen.source.value)
    if kept_by is not None:
        conditions.append(kept_by(Idea.id, Cycle.number))
    return conditions


def _by_verdict(chosen: FinishedFilter, main: FromClause) -> list[ColumnElement[bool]]:
    if not chosen.verdict:
        return []
    if chosen.verdict in {"small", "none"}:
        is_wide = Cycle.is_wide.is_(chosen.verdict == "none")
        return [main.c.verdict_code.is_(None), is_wide]
    return [main.c.verdict_code.in_(VERDICT_KINDS[chosen.verdict][1])]


def _shape(row: Any, actor: Actor) -> FinishedCycle:
    made = Decision(row["decision"])
    return FinishedCycle(
        idea_id=row["idea_id"],
        cycle_number=row["number"],
        title=row["title"],
        team=page_shaping.team_of(row),
        who=page_shaping.person(row, actor, row["author_id"], row["author_name"]).first_name,
        decision=made,
        decision_words=_DECIDED[made],
        decided_at=row["decided_at"],
        is_small=not row["is_wide"],
        small_test=None if row["is_wide"] else small_test_of(row),
        verdict=_verdict(row, "main", when_decided=False),
        decided_verdict=_verdict(row, "main", when_decided=True),
        beside=_verdict(row, "beside", when_decided=False),
        decided_beside=_verdict(row, "beside", when_decided=True),
        decided_code=row["main_decided_code"],
        lesson=row["learned"],
        why=row["why"],
        adopt_anyway=row["adopt_anyway"] if made is Decision.ADOPT else "",
        started_on=row["started_on"],
        ended_on=row["ended_on"],
        source=Source(row["source"]),
        cycles=row["cycle_number"],
        is_finished=row["outcome"] in TAUGHT,
        service_id=row["service_id"] or 0,
    )


def _verdict(row: Any, place: str, *, when_decided: bool) -> CardVerdict | None:
    which = "decided" if when_decided else "verdict"
    code = row[f"{place}_{which}_code"]
    if code is None:
        return None
    facts = row[f"{place}_{which}_facts"] or {}
    if row[f"{place}_ends_on"] is not None:
        # A decision keeps its facts just before the test ends: nothing more was waited for.
        facts = {**facts, "is_over": True}
    spark = row["main_spark"] or {} if place == "main" and not when_decided else {}
    measure = (row[f"{place}_measure_id"], row[f"{place}_name"], row[f"{place}_better_when"])
    return card_verdict(code, facts, measure=measure, spark=spark)
