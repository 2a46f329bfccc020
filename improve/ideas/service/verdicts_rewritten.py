"""What ideas do when a measure's verdicts were rewritten."""

from __future__ import annotations

from improve.accounts.service import raise_board_versions
from improve.ideas.history_words import kept_code
from improve.ideas.models import IdeaEdit
from improve.ideas.queries import door
from improve.ideas.queries.names import names_of_ideas
from improve.ideas.service.conflict import purge_kept_words
from improve.ideas.service.guests import end_guests_of_past
from improve.ideas.service.reminders import send_reminders
from improve.measures.service import VerdictsRewritten
from improve.shared import clock, contributions, events
from improve.shared.clearing import clears
from improve.shared.db import db


def follow_measures() -> None:
    """Subscribe: raise the boards of the ideas concerned, note a changed verdict in history."""
    events.subscribe(VerdictsRewritten, _verdicts_rewritten)
    clears("words typed for an idea that somebody else moved, a day ago", purge_kept_words)
    clears("invitations of guests whose last day is over", end_guests_of_past)
    contributions.register("reminders", send_reminders)
    contributions.register("names-of-ideas", names_of_ideas)


def _verdicts_rewritten(event: VerdictsRewritten) -> None:
    ideas = door.ideas_of_verdicts(event.idea_ids)
    at = clock.now()
    for change in event.changes:
        idea = ideas.get(change.idea_id)
        if idea is None:
            continue
        db.session.add(
            IdeaEdit(
                organisation_id=idea.organisation_id,
                idea_id=idea.id,
                kind="verdict",
                # The place and the cause; the two codes stand in old and new.
                field=f"{change.place} {event.because}".strip(),
                cycle_number=change.cycle_number,
                old=kept_code(change.old_code, is_over=change.was_over),
                new=kept_code(change.new_code, is_over=change.is_over),
                by_id=None,
                at=at,
                version=idea.version,
            )
        )
    db.session.flush()
    raise_board_versions(idea.team_id for idea in ideas.values())
