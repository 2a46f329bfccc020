"""The pages of a huddle that goes on: one part, what a phone adds, and the page before it."""

from __future__ import annotations

from improve.accounts.actor import Actor
from improve.huddles.kinds import Part
from improve.huddles.views import AddPage, HuddleHead, HuddlePage, StartPage


def huddle_head(actor: Actor, slug: str, huddle_id: int) -> HuddleHead:
    """Return a huddle of a team by its address, in one statement.

    Raises ``NotFound`` (also for another team's address) and ``Forbidden`` for whoever may read
    neither the team's huddles nor its wall.
    """
    raise NotImplementedError


def going_on(actor: Actor, team_id: int) -> HuddleHead | None:
    """Return the huddle of a team that is not finished, in one statement, or None."""
    raise NotImplementedError


def huddle_page(
    actor: Actor, slug: str, huddle_id: int, part: Part | None = None, item_id: int | None = None
) -> HuddlePage:
    """Return one part of a huddle in at most 7 statements; without ``part``, what the wall shows.

    Without an item it is the driver's, where this part is the driver's, else the first that
    nothing was done about yet. Raises ``NotFound`` for a part or item that the huddle has not.
    """
    raise NotImplementedError


def add_page(actor: Actor, slug: str, huddle_id: int) -> AddPage:
    """Return what a phone adds to a huddle, in at most 4 statements."""
    raise NotImplementedError


def start_page(actor: Actor, slug: str) -> StartPage:
    """Return the page before a huddle, in at most 7 statements."""
    raise NotImplementedError
