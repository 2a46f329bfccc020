"""Logging an idea."""

from __future__ import annotations

from dataclasses import dataclass

from improve.accounts.actor import Actor
from improve.ideas.kinds import Answerer, Source


@dataclass(frozen=True, slots=True)
class Proposed:
    """The logged idea; ``is_new`` is False when the same form had made it before."""

    idea_id: int
    is_new: bool


def propose_idea(
    actor: Actor,
    *,
    text: str,
    benefit: str = "",
    source: Source = Source.OWN,
    team_id: int,
    form_token: str,
    hides_name: bool = False,
    answerer: Answerer = Answerer.MANAGER,
) -> Proposed:
    """Log an idea in a team of the organisation; the first 120 characters become the title.

    A form sent twice makes one idea. Refuses an empty idea, texts over their limit, a closed team.
    An idea that a coach answers stays off the board until its author agrees.
    """
    raise NotImplementedError


def put_on_board(actor: Actor, *, idea_id: int) -> None:
    """Let the author show a coach-answered idea on the team's board."""
    raise NotImplementedError
