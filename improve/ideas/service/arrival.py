"""What a move changes in the idea's row and in its cycle, apart from whether it may."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from improve.accounts.actor import Actor
from improve.ideas.kinds import Outcome, ReplyKind, Stage
from improve.ideas.models import Cycle, Idea
from improve.ideas.questions import PLAN_FIELDS
from improve.ideas.stages import Move, Target
from improve.shared import clock, limits
from improve.shared.db import db

#: What an undo puts back, besides the present cycle's own dates.
IDEA_BEFORE = (
    "stage",
    "stage_entered_at",
    "outcome",
    "finished_at",
    "cycle_number",
    "waiting_since",
    "due_to_study_on",
    "look_again_on",
    "first_reply_at",
    "first_reply_kind",
    "first_reply_by_id",
)
CYCLE_BEFORE = (
    "started_on",
    "ended_on",
    "prediction_locked_at",
    "decision",
    "decided_at",
    "decided_by_id",
)
#: A prediction and a date belong to one test; everything else of the plan is carried over.
_NOT_CARRIED = frozenset({"prediction", "expected_count", "expected_of", "study_by_on"})


def before_move(idea: Idea, cycle: Cycle | None) -> dict[str, Any]:
    """Return what an undo puts back, ready to be stored. It holds no words that a person wrote."""
    kept: dict[str, Any] = {name: _plain(getattr(idea, name)) for name in IDEA_BEFORE}
    if cycle is not None:
        kept["cycle"] = {name: _plain(getattr(cycle, name)) for name in CYCLE_BEFORE}
    return kept


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def first_cycle(idea: Idea) -> Cycle:
    """Open cycle 1 with the author's own words as what to try."""
    idea.cycle_number = 1
    cycle = _new_cycle(idea, 1)
    cycle.change_to_try = idea.suggestion[: limits.length("plan_text")]
    return cycle


def _new_cycle(idea: Idea, number: int) -> Cycle:
    cycle = Cycle(
        organisation_id=idea.organisation_id,
        idea_id=idea.id,
        number=number,
        created_at=clock.now(),
        question="",
        change_to_try="",
        scope="",
        who="",
        prediction="",
        is_wide=False,
        might_go_wrong="",
        balancing="",
        what_happened="",
        surprises="",
        has_no_number=False,
        learned="",
        read_by_outside="",
        decision_why="",
        adopt_anyway="",
        next_step="",
    )
    db.session.add(cycle)
    return cycle


def arrive(
    actor: Actor,
    idea: Idea,
    cycle: Cycle | None,
    move: Move,
    *,
    note: str,
    fixed: Mapping[str, str],
) -> dict[str, Any]:
    """Change the cycle as the move asks, and return what changes in the idea's own row."""
    at, to = clock.now(), move.to
    values: dict[str, Any] = {
        "stage": to.stage.value,
        "stage_entered_at": at,
        "outcome": to.outcome.value if to.outcome else None,
        "finished_at": at if to.stage is Stage.DONE else None,
        "due_to_study_on": None,
        "lead_id": idea.lead_id,
        "improves": idea.improves,
        "problem": idea.problem,
        "cycle_number": idea.cycle_number,
        "waiting_since": idea.waiting_since,
    }
    if cycle is not None:
        _date_cycle(actor, cycle, move, at)
        if to.stage is Stage.DO:
            values["due_to_study_on"] = cycle.study_by_on
    if to.is_new_cycle:
        values["cycle_number"] = _open_next(idea, cycle)
    if to.stage is Stage.DONE:
        values["waiting_since"] = None
        values |= _ending_words(cycle, move, note, fixed)
        values |= _reply_carried(actor, idea, move, fixed.get("what_happened") or note)
    elif move.from_stage is Stage.DONE:
        values |= _begun_again(idea, at, to)
    return values


def _date_cycle(actor: Actor, cycle: Cycle, move: Move, at: datetime) -> None:
    today, to = clock.local(at).date(), move.to
    if to.stage is Stage.DO and not to.is_back:
        cycle.started_on = cycle.started_on or today
        # From here on the prediction stands: learning is its distance to what happens.
        cycle.prediction_locked_at = at
    elif to.stage is Stage.DO:
        cycle.ended_on = None
    elif to.stage is Stage.PLAN and to.is_back:
        cycle.started_on = cycle.prediction_locked_at = None
    elif to.stage is Stage.STUDY and not to.is_back:
        cycle.ended_on = today
    if to.decision is not None:
        cycle.decision = to.decision.value
        cycle.decided_at = at
        cycle.decided_by_id = actor.person_id
    if to.stage is Stage.DONE and cycle.started_on and cycle.ended_on is None:
        cycle.ended_on = today


def _open_next(idea: Idea, cycle: Cycle | None) -> int:
    """Open the next cycle with the plan carried over; what was predicted is asked anew."""
    number = idea.cycle_number + 1
    following = _new_cycle(idea, number)
    if cycle is None:
        following.change_to_try = idea.suggestion[: limits.length("plan_text")]
        return number
    for name in PLAN_FIELDS:
        if name not in _NOT_CARRIED:
            setattr(following, name, getattr(cycle, name))
    return number


def _ending_words(
    cycle: Cycle | None, move: Move, note: str, fixed: Mapping[str, str]
) -> dict[str, str]:
    outcome = move.to.outcome
    if outcome is Outcome.QUICK_FIX:
        return {
            "lesson": fixed["learned"],
            "decision_why": fixed["what_happened"],
            "adopt_anyway": "",
        }
    if outcome in {Outcome.ADOPTED, Outcome.ABANDONED} and cycle is not None:
        return {
            "lesson": cycle.learned,
            "decision_why": cycle.decision_why,
            "adopt_anyway": cycle.adopt_anyway if outcome is Outcome.ADOPTED else "",
        }
    return {"lesson": "", "decision_why": note, "adopt_anyway": ""}


def _reply_carried(actor: Actor, idea: Idea, move: Move, words: str) -> dict[str, Any]:
    """Let “not now” and a quick fix carry the sentence that counts as the reply.

    The clock stays where an earlier reply stopped it.
    """
    if move.to.outcome not in {Outcome.NOT_NOW, Outcome.QUICK_FIX}:
        return {}
    is_fix = move.to.outcome is Outcome.QUICK_FIX
    return {
        "first_reply_at": idea.first_reply_at or clock.now(),
        "first_reply_by_id": actor.person_id,
        "first_reply_kind": (ReplyKind.WILL_TRY if is_fix else ReplyKind.NOT_NOW).value,
        "first_reply_words": words,
    }


def _begun_again(idea: Idea, at: datetime, to: Target) -> dict[str, Any]:
    """Return what a finished idea takes off when it begins again."""
    is_unanswered = to.stage is Stage.SUGGESTED and idea.first_reply_at is None
    return {
        "waiting_since": at if is_unanswered else None,
        "blocked_at": None,
        "blocked_by_id": None,
        "blocked_reason": "",
        "blocked_who": "",
    }
