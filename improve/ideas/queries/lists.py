"""Lists of ideas and of finished cycles."""

from __future__ import annotations

from datetime import date

from improve.accounts.actor import Actor
from improve.accounts.queries import TeamView
from improve.ideas.kinds import Decision
from improve.ideas.page import FinishedPage, ListedIdea, ListPage, SentView, SimilarIdea


def similar_ideas(actor: Actor, text: str) -> list[SimilarIdea]:
    """Return up to three ideas that share words with ``text`` (from 12 characters on)."""
    raise NotImplementedError


def sent(actor: Actor, idea_id: int) -> SentView:
    """Return who answers the author's idea and by when. Raises ``NotFound`` for others."""
    raise NotImplementedError


def my_ideas(actor: Actor, *, page: int = 1) -> ListPage:
    """Return the ideas the actor wrote, leads or takes part in, the newest first."""
    raise NotImplementedError


def waiting_for_reply(actor: Actor) -> list[ListedIdea]:
    """Return ideas that the actor may answer and nobody has, the longest waiting first."""
    raise NotImplementedError


def all_finished(actor: Actor, team: TeamView, *, page: int = 1) -> ListPage:
    """Return every finished idea of a team, the last finished first."""
    raise NotImplementedError


def finished_cycles(
    actor: Actor,
    *,
    team_id: int | None = None,
    decided_from: date | None = None,
    decided_to: date | None = None,
    decision: Decision | None = None,
    page: int = 1,
) -> FinishedPage:
    """Return decided cycles of the organisation, the last decided first, with true counts."""
    raise NotImplementedError
