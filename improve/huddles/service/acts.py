"""What is done to an idea while a huddle goes on stands in its notes: nobody types minutes."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import uuid4

from improve.huddles.kinds import DecisionKind
from improve.huddles.queries import door
from improve.huddles.service.decide import line_of
from improve.huddles.service.rules import mark_settled, touch
from improve.ideas.acts import IdeaActed
from improve.shared import clock, events

#: A huddle in which nothing was said or done for so long was left open: no act belongs to it.
IS_TAKING_PLACE: Final = timedelta(hours=3)


def follow_ideas() -> None:
    """Subscribe: note in a huddle what its people do to ideas of the team meanwhile."""
    events.subscribe(IdeaActed, note_act)


def note_act(event: IdeaActed) -> None:
    """Write the line, where the team's huddle goes on and the actor drives it or is ticked as here.

    It settles the idea wherever it stands on the list. In the transaction of the act itself.
    """
    since = clock.now() - IS_TAKING_PLACE
    huddle = door.running_for_act(event.actor, event.team_id, acted_since=since)
    if huddle is None:
        return
    line_of(
        event.actor,
        huddle,
        kind=DecisionKind(event.kind),
        words=event.words,
        form_token=uuid4().hex,
        idea_id=event.idea_id,
    )
    for item in door.unsettled_of_idea(huddle, event.idea_id):
        mark_settled(item, event.words)
    touch(huddle)
