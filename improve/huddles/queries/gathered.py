"""What stands in each part of a team's huddle now: from the board, the actions and the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from improve.accounts.actor import Actor
from improve.accounts.queries import TeamView
from improve.huddles.agenda import ITEMS_MOST, note_words, sort_into_parts
from improve.huddles.kinds import Part
from improve.huddles.queries import action_rows
from improve.ideas.huddle_views import HuddleIdea
from improve.ideas.queries import for_huddle
from improve.measures.huddle_views import HuddleMeasure
from improve.measures.queries import for_huddle as numbers_for_huddle
from improve.shared import clock

#: Parts that are filled from the ideas of the board.
_OF_IDEAS: Final = frozenset({Part.NEW, Part.STUCK, Part.STUDY, Part.BLOCKED})
DONE_WORDS: Final = "Done"
DROPPED_WORDS: Final = "Dropped"


@dataclass(frozen=True, slots=True)
class Found:
    """One thing to look at, and how it stands now. ``settled_words`` where it needs nothing."""

    idea_id: int | None = None
    measure_id: int | None = None
    action_id: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    settled_words: str = ""


def gathered(
    actor: Actor, team: TeamView, parts: Sequence[Part], since: datetime | None
) -> dict[Part, list[Found]]:
    """Return the things of each part in the order they are looked at, at most 30 a part.

    ``since`` is when the team's last huddle began: actions ended and numbers come since are told.
    At most four statements, and none for parts that the huddle has not.
    """
    found: dict[Part, list[Found]] = {part: [] for part in parts}
    studied: set[int | None] = set()
    if Part.DUE in found:
        found[Part.DUE] = _actions(actor, team, since)
    if _OF_IDEAS & set(parts):
        ideas = sort_into_parts(for_huddle(actor, team, clock.today()), parts)
        for part, of_part in ideas.items():
            found[part] += [_idea(idea, part) for idea in of_part]
        # What is studied anyway is not looked at again among the numbers.
        studied = {idea.main_measure_id for idea in ideas.get(Part.STUDY, ())}
    if Part.SIGNALS in found:
        news = numbers_for_huddle(actor, team.id, since)
        fresh = [one for one in news if one.measure_id not in studied]
        found[Part.SIGNALS] = [_measure(one) for one in fresh[:ITEMS_MOST]]
    return found


def _actions(actor: Actor, team: TeamView, since: datetime | None) -> list[Found]:
    rows = action_rows.actions_to_look_at(actor, team.id, ended_since=since, most=ITEMS_MOST)
    return [
        Found(
            action_id=row.id,
            settled_words=""
            if row.ended_at is None
            else (DONE_WORDS if row.done_on else DROPPED_WORDS),
        )
        for row in rows
    ]


def _measure(measure: HuddleMeasure) -> Found:
    facts: dict[str, Any] = {"note": measure.note}
    if measure.n_after is not None:
        facts |= {"points_had": measure.n_after, "points_needed": measure.needed}
    return Found(measure_id=measure.measure_id, facts=facts)


def _idea(idea: HuddleIdea, part: Part) -> Found:
    facts: dict[str, Any] = {"who": idea.who, "note": note_words(idea, part)}
    if idea.n_after is not None:
        facts |= {"points_had": idea.n_after, "points_needed": idea.needed}
    return Found(idea_id=idea.id, facts=facts)
