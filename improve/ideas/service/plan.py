"""Planning a small test on one page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from improve.accounts.actor import Actor
from improve.accounts.queries import people_of_team
from improve.ideas.kinds import Stage, Way
from improve.ideas.queries import door
from improve.ideas.service.answer import save_answers
from improve.ideas.service.move import Moved, move_stage


def plan_small_test(
    actor: Actor,
    *,
    idea_id: int,
    seen_version: int,
    from_stage: Stage,
    answers: Mapping[str, Any],
    is_started: bool,
    note: str = "",
) -> Moved | None:
    """Save the four lines, moving the idea to Plan if it is still in Ideas; start it if asked.

    Returns the last move, or None when nothing moved. Starting is Plan to Do through the gate,
    with everything missing refused at once and nothing saved. Without a lead, its author leads.
    """
    moved: Moved | None = None
    version = seen_version
    if from_stage is Stage.SUGGESTED:
        idea, _ = door.idea_for_change(actor, idea_id)
        moved = move_stage(
            actor,
            idea_id=idea_id,
            way=Way.PLAN,
            seen_version=seen_version,
            from_stage=from_stage,
            answers=answers,
            lead_id=idea.lead_id or _who_leads(actor, idea.author_id, idea.team_id),
            note=note,
        )
        version = moved.version
        answers = {}
    if not is_started:
        if moved is None:
            save_answers(actor, idea_id=idea_id, seen_version=version, answers=answers)
        return moved
    return move_stage(
        actor,
        idea_id=idea_id,
        way=Way.DO,
        seen_version=version,
        from_stage=Stage.PLAN,
        answers=answers,
        note=note,
    )


def _who_leads(actor: Actor, author_id: int, team_id: int) -> int | None:
    team = {person.id for person in people_of_team(actor, team_id)}
    return next((i for i in (author_id, actor.person_id) if i in team), None)
