"""Gathering the facts that the gate asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from improve.accounts.actor import Actor
from improve.ideas.facts import readiness_of
from improve.ideas.kinds import Way
from improve.ideas.models import Cycle, Idea
from improve.ideas.queries import door
from improve.ideas.queries.forms import measure_facts
from improve.ideas.stages import Readiness
from improve.measures import queries as measures


def gather(
    actor: Actor,
    idea: Idea,
    cycle: Cycle | None,
    values: Mapping[str, Any],
    *,
    way: Way,
    note: str,
    has_look_again: bool,
    lead_id: int | None,
) -> Readiness:
    """Return what is known of the idea with ``values`` as they would stand after the move.

    Asks the measures only for the ways that need them.
    """
    tied = door.tied_measures(idea.id) if way in _ASKING_MEASURES else {}
    ready = readiness_of(
        values,
        is_replied=idea.first_reply_at is not None,
        has_lead=lead_id is not None,
        has_measure="main" in tied,
        has_reason=bool(note.strip()),
        has_look_again=has_look_again,
    )
    if way is Way.KEEP and tied:
        return replace(ready, is_verdict_unclear=is_verdict_unclear(actor, idea))
    if "main" not in tied:
        return ready
    known: dict[str, Any] = dict(
        measure_facts(
            actor,
            tied["main"],
            has_beside="beside" in tied,
            started_on=cycle.started_on if cycle else None,
        )
    )
    return replace(ready, **known)


_ASKING_MEASURES = frozenset({Way.DO, Way.STUDY, Way.KEEP})


def is_verdict_unclear(actor: Actor, idea: Idea) -> bool:
    """Return whether the idea's main measure has a verdict now that is not an improvement."""
    for window in measures.windows_of_idea(actor, idea.id):
        if window.place == "main" and window.is_current and window.verdict_code:
            return window.verdict_code not in {"improvement", "small_test"}
    return False
