"""The answers to “Where to?” in the move form. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from improve.ideas.kinds import STAGE_WORDS, Stage, Way
from improve.ideas.needs import Readiness
from improve.ideas.page import MoveChoice
from improve.ideas.stages import Target, missing_for, way_words

#: What each way asks for in its form, in order. “note” is the one line that stays with the move.
FIELDS: Final[Mapping[Way, tuple[str, ...]]] = {
    Way.PLAN: ("lead_id", "improves"),
    Way.DO: (
        "change_to_try",
        "who",
        "scope",
        "families_count",
        "prediction",
        "expected_count",
        "expected_of",
        "study_by_on",
        "how_known",
        "balancing",
    ),
    Way.STUDY: (
        "what_happened",
        "as_planned",
        "surprises",
        "seen_count",
        "seen_of",
        "has_no_number",
    ),
    Way.ACT: ("prediction_held", "learned", "read_by_outside"),
    Way.KEEP: ("decision_why", "adopt_anyway", "next_step"),
    Way.CHANGE: ("decision_why", "next_step"),
    Way.STOP: ("learned", "decision_why"),
    Way.NOT_NOW: ("note", "look_again_on"),
    Way.QUICK_FIX: ("what_happened", "learned"),
    Way.WITHDRAW: (),
    Way.BRING_BACK: (),
    Way.AGAIN: (),
}
_BUTTONS: Final[Mapping[Way, str]] = {
    Way.KEEP: "Keep it",
    Way.CHANGE: "Change it and plan again",
    Way.STOP: "Stop it",
    Way.NOT_NOW: "Say not now",
    Way.QUICK_FIX: "Mark as a quick fix",
    Way.WITHDRAW: "Withdraw it",
    Way.BRING_BACK: "Bring it back",
    Way.AGAIN: "Begin a new cycle",
}


def move_choice(
    way: Way,
    stage: Stage,
    target: Target,
    ready: Readiness,
    *,
    is_verdict_unclear: bool,
    known: Mapping[str, bool],
) -> MoveChoice:
    """Return one choice with what it still misses. ``known`` are facts of the measures."""
    if way is Way.KEEP:
        ready = replace(ready, is_verdict_unclear=is_verdict_unclear)
    if way in {Way.DO, Way.STUDY} and known:
        ready = replace(ready, **dict[str, Any](known))
    missing = tuple(missing_for(way, stage, ready))
    fields = FIELDS.get(way, ())
    if target.is_back:
        fields = ("note",)
    if way is Way.KEEP and not is_verdict_unclear:
        fields = tuple(f for f in fields if f != "adopt_anyway")
    if way is Way.STOP and stage is Stage.ACT:
        fields = ("learned", "decision_why", "next_step")
    words = way_words(way, is_back=target.is_back)
    if target.is_back:
        button = f"Move back to {STAGE_WORDS[target.stage]}"
    else:
        button = _BUTTONS.get(way, f"Move to {STAGE_WORDS[target.stage]}")
    return MoveChoice(
        way=way,
        to_stage=target.stage,
        words=words,
        button=button,
        is_back=target.is_back,
        missing=missing,
        fields=fields,
        needs_note=target.is_back or way is Way.NOT_NOW or any(not m.is_hard for m in missing),
        note_label=_note_label(way, target, [m.key for m in missing]),
    )


def _note_label(way: Way, target: Target, missing: list[str]) -> str:
    if target.is_back:
        return f"Why back to {STAGE_WORDS[target.stage]}?"
    if way is Way.NOT_NOW:
        return "Why not now?"
    if way is Way.STUDY and missing == ["study_day"]:
        return "Why study it early?"
    return "Why go on without it?"
