"""Ideas brought to a stage through the services, for tests that begin there."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.ideas import service
from improve.ideas.kinds import Outcome, ReplyKind, Stage, Way
from improve.ideas.models import Idea
from improve.shared import clock
from improve.shared.db import db
from tests.factories import Cast

_numbers = count(1)

PLAN: dict[str, Any] = {
    "change_to_try": "Send each child a photo two days before the first visit",
    "families_count": 5,
    "prediction": "The child knows my name when I arrive",
    "expected_count": 4,
    "expected_of": 5,
    "how_known": "write",
}
RESULT: dict[str, Any] = {
    "what_happened": "Five visits. Four children said the name.",
    "as_planned": "yes",
    "seen_count": 4,
    "seen_of": 5,
}
LESSON: dict[str, Any] = {"prediction_held": "yes", "learned": "A photo is enough."}


def log(actor: Actor, team_id: int, text: str = "Text families a photo", **facts: Any) -> int:
    """Return the id of a new idea."""
    return service.propose_idea(
        actor, text=text, team_id=team_id, form_token=f"token-{next(_numbers)}", **facts
    ).idea_id


def idea(idea_id: int) -> Idea:
    """Return the idea as it stands in the database."""
    return db.session.execute(
        select(Idea).where(Idea.id == idea_id).execution_options(populate_existing=True)
    ).scalar_one()


def move(actor: Actor, idea_id: int, way: Way, **facts: Any) -> service.Moved:
    """Move an idea from where it stands."""
    stands = idea(idea_id)
    facts.setdefault("seen_version", stands.version)
    facts.setdefault("from_stage", Stage(stands.stage))
    return service.move_stage(actor, idea_id=idea_id, way=way, **facts)


def reply(actor: Actor, idea_id: int, kind: ReplyKind = ReplyKind.WILL_TRY, **facts: Any) -> None:
    """Give the first reply."""
    facts.setdefault("words", "Yes. Try it with your next five families.")
    facts.setdefault("seen_version", idea(idea_id).version)
    service.reply_first(actor, idea_id=idea_id, kind=kind, **facts)


def plan_answers(**changed: Any) -> dict[str, Any]:
    """Return a whole small test, to be studied in two weeks."""
    return {**PLAN, "study_by_on": clock.today() + timedelta(days=14), **changed}


def bring_to(cast: Cast, stage: Stage, *, who: str = "practitioner", **facts: Any) -> int:
    """Return the id of an idea of ``who`` that came to ``stage`` by the usual way."""
    author, manager = cast.actor(who), cast.actor("manager")
    idea_id = log(author, cast.team, **facts)
    if stage is Stage.SUGGESTED:
        return idea_id
    reply(manager, idea_id)
    move(manager, idea_id, Way.PLAN, lead_id=author.person_id, answers={"improves": "First visits"})
    if stage is Stage.PLAN:
        return idea_id
    move(author, idea_id, Way.DO, answers=plan_answers())
    if stage is Stage.DO:
        return idea_id
    move(author, idea_id, Way.STUDY, answers=RESULT, note="All five visits are done")
    if stage is Stage.STUDY:
        return idea_id
    move(author, idea_id, Way.ACT, answers=LESSON)
    if stage is Stage.ACT:
        return idea_id
    moved = move(manager, idea_id, Way.KEEP, answers={"decision_why": "It costs nothing"})
    assert moved.outcome is Outcome.ADOPTED
    return idea_id
