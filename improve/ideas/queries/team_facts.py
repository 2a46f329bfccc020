"""A team as its board begins with it, and what its first five things are told by: one read."""

from __future__ import annotations

from functools import cache
from typing import Any

from improve.accounts.actor import Actor
from improve.accounts.queries import TeamView, read_team_with, team_statement_with
from improve.ideas.first_things import TeamFacts
from improve.measures.queries import team_has_measure


def team_and_facts(actor: Actor, slug: str) -> tuple[TeamView, TeamFacts]:
    """Return a team of the actor's organisation, and what a new team is told by.

    One statement, which a board that has not changed asks, too. Raises ``NotFound``.
    """
    team, (people, has_measure) = read_team_with(_statement(), actor, slug)
    return team, TeamFacts(people, bool(has_measure))


@cache
def _statement() -> Any:
    return team_statement_with(team_has_measure)
