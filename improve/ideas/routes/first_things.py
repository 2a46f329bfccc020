"""The five things that a new team does first, for whoever reads its board."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import url_for

from improve.accounts.actor import Actor
from improve.accounts.queries import TeamView
from improve.accounts.roles import Permission, has_any, may
from improve.ideas.board import BoardPage
from improve.ideas.first_things import FirstThing, TeamFacts, first_things
from improve.shared.formatting import whose

#: Where each is done, and what one must be allowed to do there.
_PLACES: Final = {
    "aim": ("accounts.edit_team", Permission.MANAGE_TEAMS),
    "people": ("accounts.invite", Permission.MANAGE_PEOPLE),
    "huddle": ("huddles.settings", Permission.PLAN_HUDDLES),
    "idea": ("ideas.log_idea", Permission.LOG_IDEA),
    "measure": ("measures.ready_measures", Permission.DEFINE_MEASURE),
}
_OF_THE_TEAM: Final = frozenset({"aim", "huddle", "measure"})


@dataclass(frozen=True)
class FirstStep:
    """One of the five, and where this reader may do it."""

    thing: FirstThing
    url: str | None


def first_run(actor: Actor, team: TeamView, facts: TeamFacts, board: BoardPage) -> dict[str, Any]:
    """Return what a board says above its columns as long as it has only begun.

    ``heading``: the page’s own; ``first``: the five things, see ``first_steps``.
    """
    state = "closed" if team.closed_on is not None else "ready"
    heading = f"{whose(team.name)} board is {state}, and empty" if board.is_new else team.name
    return {"heading": heading, "first": first_steps(actor, team, facts, board)}


def first_steps(
    actor: Actor, team: TeamView, facts: TeamFacts, board: BoardPage
) -> Sequence[FirstStep]:
    """Return the five as this reader sees them; nothing where the list is gone.

    It goes once all are done, and once the team has finished an idea without them. On a board with
    ideas it stands for those who set the team up; on a new one for everybody.
    """
    sets_up = may(actor, Permission.PLAN_HUDDLES, team_id=team.id)
    if team.closed_on is not None or board.finished or not (sets_up or board.is_new):
        return ()
    things = first_things(
        facts,
        has_aim=bool(team.aim),
        has_huddle_day=bool(team.huddle_days),
        has_idea=not board.is_new,
    )
    return [FirstStep(thing, _place(actor, team, thing)) for thing in things]


def _place(actor: Actor, team: TeamView, thing: FirstThing) -> str | None:
    endpoint, permission = _PLACES[thing.key]
    if thing.key not in _OF_THE_TEAM:
        return url_for(endpoint) if has_any(actor, permission) else None
    if not may(actor, permission, team_id=team.id):
        return None
    return url_for(endpoint, slug=team.slug)
