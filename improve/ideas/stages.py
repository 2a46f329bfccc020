"""Stages of an idea and the one gate between them. Pure.

``check_move`` decides for every way of moving: the form, a drag, the list, a script. Four needs are
hard (``Missing.is_hard``): a first reply before an idea leaves Ideas; a reason and a day to look
again for "not now"; a prediction and a study-by date before Do; a prediction that was answered and
a lesson before Act. A decision carries its why. All else is soft: passed with a few words, which
stay on the move.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from improve.ideas.kinds import (
    DECISION_WORDS,
    FIRST_SOURCES,
    OUTCOME_WORDS,
    REPLY_WORDS,
    REPLY_WORKING_DAYS,
    SOURCE_WORDS,
    STAGE_HINTS,
    STAGE_WORDS,
    UNDO_HOURS,
    USUAL_DAYS,
    Answerer,
    AsPlanned,
    Decision,
    HowKnown,
    Outcome,
    PredictionHeld,
    ReplyKind,
    Source,
    Stage,
    Way,
)
from improve.ideas.needs import Missing, Need, Readiness, asked_by
from improve.shared.errors import Reason, RuleBroken

__all__ = [
    "DECISION_WORDS",
    "FIRST_SOURCES",
    "OUTCOME_WORDS",
    "REPLY_WORDS",
    "REPLY_WORKING_DAYS",
    "SOURCE_WORDS",
    "STAGE_HINTS",
    "STAGE_WORDS",
    "UNDO_HOURS",
    "USUAL_DAYS",
    "WAYS",
    "Answerer",
    "AsPlanned",
    "Decision",
    "HowKnown",
    "Missing",
    "Move",
    "Need",
    "Outcome",
    "PredictionHeld",
    "Readiness",
    "ReplyKind",
    "Source",
    "Stage",
    "Target",
    "Way",
    "check_move",
    "missing_for",
    "needs_of",
    "next_way",
    "way_words",
    "ways_from",
]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a way leads, and what it needs besides the gate."""

    stage: Stage
    outcome: Outcome | None = None
    decision: Decision | None = None
    is_back: bool = False
    is_new_cycle: bool = False


def _ending(outcome: Outcome, decision: Decision | None = None) -> Target:
    return Target(Stage.DONE, outcome=outcome, decision=decision)


_STOP: Final = _ending(Outcome.ABANDONED, Decision.ABANDON)
_WITHDRAW: Final = _ending(Outcome.WITHDRAWN)

#: Every pair that exists. What is not here cannot be done.
WAYS: Final[Mapping[Stage, Mapping[Way, Target]]] = {
    Stage.SUGGESTED: {
        Way.PLAN: Target(Stage.PLAN),
        Way.QUICK_FIX: _ending(Outcome.QUICK_FIX),
        Way.NOT_NOW: _ending(Outcome.NOT_NOW),
        Way.WITHDRAW: _WITHDRAW,
    },
    Stage.PLAN: {
        Way.DO: Target(Stage.DO),
        Way.SUGGESTED: Target(Stage.SUGGESTED, is_back=True),
        Way.STOP: _STOP,
        Way.WITHDRAW: _WITHDRAW,
    },
    Stage.DO: {
        Way.STUDY: Target(Stage.STUDY),
        Way.PLAN: Target(Stage.PLAN, is_back=True),
        Way.STOP: _STOP,
        Way.WITHDRAW: _WITHDRAW,
    },
    Stage.STUDY: {
        Way.ACT: Target(Stage.ACT),
        Way.DO: Target(Stage.DO, is_back=True),
        Way.STOP: _STOP,
        Way.WITHDRAW: _WITHDRAW,
    },
    Stage.ACT: {
        Way.KEEP: _ending(Outcome.ADOPTED, Decision.ADOPT),
        Way.CHANGE: Target(Stage.PLAN, decision=Decision.ADAPT, is_new_cycle=True),
        Way.STOP: _STOP,
        Way.STUDY: Target(Stage.STUDY, is_back=True),
        Way.WITHDRAW: _WITHDRAW,
    },
    Stage.DONE: {
        Way.BRING_BACK: Target(Stage.SUGGESTED, is_back=False),
        Way.AGAIN: Target(Stage.PLAN, is_new_cycle=True),
    },
}
#: Which endings lead back to Ideas; all others reopen only as a new cycle.
BROUGHT_BACK: Final = frozenset({Outcome.NOT_NOW, Outcome.WITHDRAWN})


def ways_from(stage: Stage, outcome: Outcome | None = None) -> Mapping[Way, Target]:
    """Return the ways that lead out of a stage; out of Done they depend on how it ended.

    An idea that was joined to another goes on there, until the two are taken apart.
    """
    ways = WAYS[stage]
    if stage is not Stage.DONE:
        return ways
    if outcome is Outcome.JOINED:
        return {}
    wanted = Way.BRING_BACK if outcome in BROUGHT_BACK else Way.AGAIN
    return {way: target for way, target in ways.items() if way is wanted}


def next_way(stage: Stage) -> Way | None:
    """Return the usual next way: one stage on, Keep from Act, nothing from Done."""
    return {
        Stage.SUGGESTED: Way.PLAN,
        Stage.PLAN: Way.DO,
        Stage.DO: Way.STUDY,
        Stage.STUDY: Way.ACT,
        Stage.ACT: Way.KEEP,
    }.get(stage)


def way_words(way: Way, *, is_back: bool = False) -> str:
    """Return how the move form names a way: “Study”, “Back to Plan”, “Stop”."""
    named = {
        Way.KEEP: "Keep",
        Way.CHANGE: "Change",
        Way.STOP: "Stop",
        Way.NOT_NOW: "Not now",
        Way.QUICK_FIX: "Quick fix",
        Way.WITHDRAW: "Withdraw it",
        Way.BRING_BACK: "Bring it back",
        Way.AGAIN: "Plan it again, as a new cycle",
    }
    if way in named:
        return named[way]
    words = STAGE_WORDS[Stage(way.value)]
    return f"Back to {words}" if is_back else words


@dataclass(frozen=True, slots=True)
class Move:
    """A move that the gate lets through. ``soft_missing`` are keys passed with words."""

    way: Way
    from_stage: Stage
    to: Target
    soft_missing: tuple[str, ...] = ()


def needs_of(way: Way, from_stage: Stage, ready: Readiness) -> list[Need]:
    """Return everything this way asks for, hard needs among soft, in the order of the form."""
    target = WAYS[from_stage].get(way)
    return [] if target is None else asked_by(way, is_back=target.is_back, ready=ready)


def missing_for(way: Way, from_stage: Stage, ready: Readiness) -> list[Missing]:
    """Return the unmet needs of this way, in the order of the form."""
    return [
        Missing(need.key, need.words, need.is_hard, need.field)
        for need in needs_of(way, from_stage, ready)
        if not need.is_met
    ]


def check_move(
    way: Way,
    from_stage: Stage,
    ready: Readiness,
    *,
    outcome: Outcome | None = None,
    note: str = "",
) -> Move:
    """Return the move, or raise ``RuleBroken`` with all unmet needs at once.

    ``note`` are the few words with which soft needs are passed; without them soft needs refuse
    too, so that they are seen. ``outcome`` is how a finished idea ended.
    """
    target = ways_from(from_stage, outcome).get(way)
    if target is None:
        raise RuleBroken([Reason(_no_such_way(way, from_stage), "to")])
    missing = missing_for(way, from_stage, ready)
    hard = [m for m in missing if m.is_hard]
    soft = [m for m in missing if not m.is_hard]
    if hard or (soft and not note.strip()):
        reasons = [Reason(_sentence(m.words), m.field) for m in hard]
        if soft and not note.strip():
            reasons += [Reason(_sentence(m.words), m.field) for m in soft]
            reasons.append(Reason("Or say in a few words why you go on without.", "note"))
        raise RuleBroken(reasons)
    return Move(way, from_stage, target, tuple(m.key for m in soft))


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _no_such_way(way: Way, from_stage: Stage) -> str:
    here = STAGE_WORDS[from_stage]
    if from_stage is Stage.DONE:
        return "This idea is finished. It can only begin again as a new cycle."
    if way.value == from_stage.value:
        return f"It is in {here} already."
    return f"It cannot go there from {here}. It goes one step at a time."
