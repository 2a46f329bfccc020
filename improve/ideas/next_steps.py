"""What the panel “Next step” of an idea says. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from improve.accounts.actor import Actor
from improve.ideas import rights
from improve.ideas.facts import readiness_of
from improve.ideas.kinds import Outcome, ReplyKind, Stage, Way
from improve.ideas.needs import Need, Readiness
from improve.ideas.page import NextStep
from improve.ideas.rights import Standing
from improve.ideas.shaping import EVERYBODYS_CLOCK, reply_words
from improve.ideas.stages import needs_of
from improve.ideas.usual_days import StageClock
from improve.shared.formatting import day

#: A row by name of its columns.
Row = Mapping[Any, Any]


def next_step(
    row: Row,
    cycle: Row | None,
    actor: Actor,
    standing: Standing,
    *,
    has_measure: bool,
    today: date,
    stage_clock: StageClock = EVERYBODYS_CLOCK,
) -> NextStep:
    """Return the next step of an idea, and each need for it, met or not.

    ``way`` is None where the person looking cannot take it: then ``words`` say who can.
    """
    ready = readiness_of(
        {**row, **(cycle or {})},
        is_replied=row["first_reply_at"] is not None,
        has_lead=row["lead_id"] is not None,
        has_measure=has_measure,
        today=today,
    )
    stage = standing.stage
    if stage is Stage.SUGGESTED:
        waiting = reply_words(row["waiting_since"], today, stage_clock)
        return _from_ideas(row, actor, standing, ready, waiting)
    if stage is Stage.DONE:
        return _from_done(row, actor, standing)
    way, heading, words, button = _planned(stage, cycle, ready)
    needs = needs_of(way, stage, ready) if stage is not Stage.ACT else []
    if stage is Stage.STUDY:
        earlier = needs_of(Way.STUDY, Stage.DO, ready)
        needs = [n for n in earlier if n.key in {"number", "what_happened"}] + needs
    if stage is Stage.ACT:
        needs = [n for n in needs_of(way, stage, ready) if n.key != "adopt_anyway"]
    if not rights.may_take(actor, way, standing):
        may_write = rights.may_edit(actor, standing) and stage is not Stage.ACT
        if not may_write:
            return NextStep(None, heading, rights.who_can(way, stage), "", tuple(needs))
    return NextStep(way, heading, words, button, tuple(needs))


def _planned(stage: Stage, cycle: Row | None, ready: Readiness) -> tuple[Way, str, str, str]:
    study_by = cycle["study_by_on"] if cycle else None
    if stage is Stage.PLAN:
        is_ready = not _first_unmet(needs_of(Way.DO, stage, ready))
        heading = "Start the test" if is_ready else "Plan a small test"
        return (
            Way.DO,
            heading,
            "What you expect is locked when the test starts."
            if is_ready
            else "Four lines are enough: what, with whom, what you expect, how you will know.",
            "Start it" if is_ready else "Plan it now",
        )
    if stage is Stage.DO:
        if study_by is not None and not ready.is_study_day_reached:
            return (
                Way.STUDY,
                f"Study on {day(study_by)}",
                "Write what happens as you go. A line is enough.",
                "Write what happened",
            )
        words = f"The study date was {day(study_by)}. " if study_by else ""
        return Way.STUDY, "Write what happened", f"{words}What did you see?", "Write it now"
    if stage is Stage.STUDY:
        return (
            Way.ACT,
            "Write what you learned",
            "Did it go as you expected, partly or not? What would you tell the next team?",
            "Write it now",
        )
    return Way.KEEP, "Keep, change or stop", "Decide, and say why.", "Decide"


def _from_ideas(
    row: Row, actor: Actor, standing: Standing, ready: Readiness, waiting: str
) -> NextStep:
    needs = tuple(needs_of(Way.PLAN, Stage.SUGGESTED, ready))
    if row["first_reply_at"] is None:
        if rights.may_reply(actor, standing):
            return NextStep(None, "Give it a first reply", f"{waiting}.", "Reply", needs)
        return NextStep(None, "A first reply", f"{waiting}.", "", needs)
    if rights.may_take(actor, Way.PLAN, standing):
        is_own = standing.is_own_of(actor)
        return NextStep(
            Way.PLAN,
            "Plan a small test",
            "Your words are already in it."
            if actor.person_id == standing.author_id
            else "The author’s words are already in it.",
            "I’ll try it" if is_own else "Plan it",
            needs,
        )
    if standing.reply_kind is ReplyKind.NEED_TO_KNOW:
        return NextStep(
            None, "Tell a little more", "Write back in a comment, or change the idea.", "", needs
        )
    return NextStep(None, "Plan a small test", rights.WHO_PLANS, "", needs)


def _from_done(row: Row, actor: Actor, standing: Standing) -> NextStep:
    ways = [way for way, _ in rights.ways_for(actor, standing)]
    way = ways[0] if ways else None
    if standing.outcome is Outcome.NOT_NOW and row["look_again_on"] is not None:
        return NextStep(
            way,
            f"Look again on {day(row['look_again_on'])}",
            "A person brings it back. Nothing comes back by itself.",
            "Bring it back" if way else "",
            (),
        )
    button = {Way.BRING_BACK: "Bring it back", Way.AGAIN: "Begin a new cycle"}
    return NextStep(
        way,
        "Finished",
        "It can begin again as a new cycle."
        if standing.outcome is not Outcome.WITHDRAWN
        else "Its author can bring it back.",
        button[way] if way else "",
        (),
    )


def _first_unmet(needs: list[Need]) -> Need | None:
    return next((need for need in needs if not need.is_met), None)
