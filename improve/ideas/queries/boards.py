"""The board of a team, and one of its cards."""

from __future__ import annotations

from improve.accounts.actor import Actor
from improve.accounts.queries import TeamView
from improve.ideas.board import BoardFilter, BoardPage, Card
from improve.ideas.kinds import Stage


def board(
    actor: Actor,
    team: TeamView,
    *,
    narrowed: BoardFilter | None = None,
    more_of: Stage | None = None,
    page: int = 1,
) -> BoardPage:
    """Return a team's board in two statements: counts, and the first 50 cards of each column.

    ``more_of`` and ``page`` turn the pages of one column; the others stay on their first.
    """
    raise NotImplementedError


def card(actor: Actor, idea_id: int) -> Card:
    """Return one card in one statement. Raises ``NotFound``."""
    raise NotImplementedError


def column_heads(actor: Actor, team: TeamView) -> BoardPage:
    """Return the board without cards: the counts of its heads, in one statement."""
    raise NotImplementedError
