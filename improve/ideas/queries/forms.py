"""What the forms about one idea are filled with."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import RowMapping, func, select

from improve.accounts.actor import Actor
from improve.accounts.queries import people_of_team, team_by_id
from improve.ideas import page_shaping, rights
from improve.ideas.aim_views import hung_on
from improve.ideas.coaching import Prompt, plan_facts, prompt_for
from improve.ideas.facts import readiness_of
from improve.ideas.kinds import STAGE_WORDS, Stage, Way
from improve.ideas.models import Idea
from improve.ideas.move_choices import move_choice
from improve.ideas.page import MoveFormView, PersonRef, PlanFormView
from improve.ideas.queries.coach_rows import prompts_put_away
from improve.ideas.queries.one import cycle_rows, idea_row
from improve.ideas.questions import CYCLE_QUESTIONS, IDEA_QUESTIONS
from improve.ideas.stages import next_way
from improve.measures.queries import how_far, measures_by_id, windows_of_idea
from improve.shared import clock, limits
from improve.shared.db import db

#: Fewest points from before that make a baseline worth naming.
BASELINE_POINTS = 12


def move_form(actor: Actor, idea_id: int, way: Way | None = None) -> MoveFormView:
    """Return the move form with ``way`` (else the usual next one) chosen. Raises ``NotFound``.

    In Act there is no usual one: whoever decides chooses between equals. A person who may not
    move it gets no choices and words that say who can.
    """
    row = idea_row(actor, idea_id)
    cycle = _present(row)
    standing = rights.standing_of(row)
    stage = standing.stage
    windows = windows_of_idea(actor, idea_id)
    verdict = page_shaping.verdict_in(windows, "main")
    is_unclear = verdict is not None and verdict.code not in {"improvement", "small_test"}
    values = _values(row, cycle)
    ready = readiness_of(
        values,
        is_replied=row["first_reply_at"] is not None,
        has_lead=row["lead_id"] is not None,
        has_measure=row["main_id"] is not None,
    )
    known = _of_measures(actor, row, cycle) if stage in {Stage.PLAN, Stage.DO} else {}
    choices = tuple(
        move_choice(way_, stage, target, ready, is_verdict_unclear=is_unclear, known=known)
        for way_, target in rights.ways_for(actor, standing)
    )
    wanted = way or next_way(stage)
    chosen = next((c for c in choices if c.way is wanted), choices[0] if choices else None)
    if chosen is not None and way is None and chosen.way is Way.KEEP:
        chosen = None
    refusal = ""
    if not choices or (way is not None and chosen is not None and chosen.way is not way):
        refusal = rights.who_can(way or next_way(stage) or Way.AGAIN, stage)
    team = team_by_id(actor, row["team_id"])
    wip = {Stage.PLAN: team.wip_plan, Stage.DO: team.wip_do, Stage.STUDY: team.wip_study}
    to_stage = chosen.to_stage if chosen else stage
    is_over, wip_words = _wip(row["team_id"], to_stage, wip.get(to_stage), stage)
    return MoveFormView(
        id=row["id"],
        title=row["title"],
        version=row["version"],
        stage=stage,
        stage_words=STAGE_WORDS[stage],
        cycle_number=row["cycle_number"],
        team=page_shaping.team_of(row),
        choices=choices,
        chosen=chosen,
        values=values,
        is_small_test=not values["is_wide"],
        is_verdict_unclear=is_unclear,
        verdict=verdict,
        beside=page_shaping.verdict_in(windows, "beside"),
        study_by_on=values["study_by_on"],
        is_over_wip=is_over,
        wip_words=wip_words,
        people=_people(actor, row) if stage is Stage.SUGGESTED else (),
        lead_id=page_shaping.person(row, actor, row["lead_id"], row["lead_name"]).id,
        refusal=refusal,
        blocked=page_shaping.blocked_of(row, actor),
    )


def plan_form(actor: Actor, idea_id: int) -> PlanFormView:
    """Return the small-test page, filled with what was written. Raises ``NotFound``.

    Before the first plan the author's own words stand in it as what to try.
    """
    row = idea_row(actor, idea_id)
    cycle = _present(row)
    standing = rights.standing_of(row)
    values = _values(row, cycle)
    if cycle is None:
        values["change_to_try"] = row["suggestion"][: limits.length("plan_text")]
    is_locked = bool(cycle and cycle["prediction_locked_at"])
    may_save = rights.may_edit(actor, standing)
    refusal = ""
    if standing.stage is Stage.SUGGESTED:
        may_save = rights.may_take(actor, Way.PLAN, standing)
        if row["first_reply_at"] is None:
            refusal = "It needs a first reply before it is planned."
        elif not may_save:
            refusal = rights.WHO_PLANS
    elif standing.stage is Stage.DONE:
        refusal = "This idea is finished. It can begin again as a new cycle."
    elif not may_save:
        refusal = rights.WHO_EDITS
    starts = standing.stage in {Stage.SUGGESTED, Stage.PLAN}
    may_start = starts and (
        rights.steers(actor, standing)
        or rights.may_take(actor, Way.DO, standing)
        or rights.may_take(actor, Way.PLAN, standing)
    )
    return PlanFormView(
        id=row["id"],
        title=row["title"],
        version=row["version"],
        stage=standing.stage,
        cycle_number=max(1, row["cycle_number"]),
        team=page_shaping.team_of(row),
        values=values,
        is_locked=is_locked,
        may_start=may_start and not refusal,
        measures=page_shaping.tied_of(row),
        refusal=refusal,
        prompt=None if refusal or is_locked else _prompt(actor, row, cycle),
        driver=hung_on(row),
    )


def _prompt(actor: Actor, row: RowMapping, cycle: RowMapping | None) -> Prompt | None:
    stage = Stage(row["stage"])
    number = max(1, row["cycle_number"])
    facts = plan_facts(
        stage,
        number,
        cycle,
        has_measure=row["main_id"] is not None,
        has_beside=row["beside_id"] is not None,
    )
    put_away = prompts_put_away(actor, row["id"], number)
    return prompt_for(facts, put_away=put_away, today=clock.today())


def _present(row: RowMapping) -> RowMapping | None:
    if row["cycle_number"] == 0:
        return None
    cycles = cycle_rows(row["id"])
    return next((c for c in cycles if c["number"] == row["cycle_number"]), None)


def _values(row: RowMapping, cycle: RowMapping | None) -> dict[str, Any]:
    values = {name: row[name] for name in IDEA_QUESTIONS}
    for name, question in CYCLE_QUESTIONS.items():
        empty: Any = "" if question.kind in {"text", "line"} else None
        values[name] = cycle[name] if cycle is not None else empty
    return values


def measure_facts(
    actor: Actor, measure_id: int, *, has_beside: bool, started_on: date | None
) -> dict[str, bool]:
    """Return what only a measure knows for the gate: definition, points before, a point since.

    Facts that do not hold are False, or left out where something else may answer them.
    """
    found = measures_by_id(actor, [measure_id]).get(measure_id)
    n_points, last_on = how_far(actor, measure_id, most=BASELINE_POINTS)
    known = {
        "has_definition": bool(found and found.has_definition),
        "has_baseline": n_points >= BASELINE_POINTS,
    }
    if has_beside:
        known["has_balancing"] = True
    if started_on is not None and last_on is not None and last_on >= started_on:
        known["has_number"] = True
    return known


def _of_measures(actor: Actor, row: RowMapping, cycle: RowMapping | None) -> dict[str, bool]:
    if row["main_id"] is None:
        return {}
    return measure_facts(
        actor,
        row["main_id"],
        has_beside=row["beside_id"] is not None,
        started_on=cycle["started_on"] if cycle else None,
    )


def _wip(team_id: int, to: Stage, most: int | None, stage: Stage) -> tuple[bool, str]:
    """Return whether one more is over the team's advice, and the words for it."""
    if most is None or to is stage:
        return False, ""
    there = db.session.execute(
        select(func.count())
        .select_from(Idea)
        .where(Idea.team_id == team_id, Idea.is_on_board, Idea.stage == to.value)
    ).scalar_one()
    if there + 1 <= most:
        return False, ""
    name = STAGE_WORDS[to]
    return True, f"{name} would hold {there + 1}; the team’s own limit is {most}."


def _people(actor: Actor, row: RowMapping) -> tuple[PersonRef, ...]:
    people = people_of_team(actor, row["team_id"])
    return tuple(PersonRef(p.id, p.name, p.first_name, p.job_title) for p in people)
