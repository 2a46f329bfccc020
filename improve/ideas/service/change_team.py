"""Giving an idea to another team, with all its history."""

from __future__ import annotations

from improve.accounts import queries as accounts
from improve.accounts.actor import Actor
from improve.accounts.queries import TeamView
from improve.accounts.service import raise_board_versions
from improve.ideas import rights
from improve.ideas.models import Idea
from improve.ideas.queries import door
from improve.ideas.service.answer import present_cycle
from improve.ideas.service.following import change_lead
from improve.ideas.service.freshness import stale
from improve.ideas.service.record import finish, note_edit
from improve.notifications.kinds import NoticeKind, Why
from improve.notifications.service import tell
from improve.shared import limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, Reason, RuleBroken


def change_team(
    actor: Actor, *, idea_id: int, team_id: int, why: str, seen_version: int
) -> TeamView:
    """Give an idea to another open team of the council, with a reason; return that team.

    For managers of its team and coaches. Its measures stay tied, its huddles stay in the notes of
    the team that held them, its place in the next huddle is let go, and whoever leads it goes on
    only where they belong to the new team too. Followers and the managers of the new team are
    told. Moving it back is the way to undo it. The same move twice does nothing. Raises ``Stale``.
    """
    idea, standing = door.idea_for_change(actor, idea_id)
    if idea.team_id == team_id:
        return accounts.team_by_id(actor, team_id)
    if not rights.steers(actor, standing):
        raise Forbidden(rights.WHO_STEERS)
    if seen_version != idea.version:
        cycle = present_cycle(idea, door.cycles_for_change(actor, idea))
        raise stale(actor, idea, standing, cycle)
    why = why.strip()
    teams = {team.id: team for team in accounts.teams(actor)}
    most = limits.length("reason")
    faults = []
    if team_id not in teams:
        faults.append(Reason("Choose a team of this council.", "team_id"))
    if not why:
        faults.append(Reason("Say why, for the team that gets it.", "why"))
    elif len(why) > most:
        faults.append(Reason(f"Use {most:,} characters or fewer.", "why"))
    if faults:
        raise RuleBroken(faults)
    left = idea.team_id
    put_into_team(actor, idea, team_id, why=why)
    team = teams[team_id]
    finish(
        actor,
        idea,
        "idea_team_changed",
        tells=NoticeKind.MOVED,
        facts={"to": team.name},
        changes_board=False,
        left=left,
        team=team_id,
    )
    if idea.is_on_board:
        managers = {p.id: Why.MANAGER.value for p in accounts.managers_of_team(actor, team_id)}
        facts = {"title": team.name, "by": actor.first_name, "change": "moved"}
        tell(actor, managers, NoticeKind.TEAM_CHANGED, subject_id=team_id, facts=facts)
    raise_board_versions([left, team_id])
    return team


def check_team_is_open(actor: Actor, idea: Idea) -> None:
    """Refuse to open an idea again in a team that is closed: nobody would find it on a board."""
    team = accounts.team_by_id(actor, idea.team_id)
    if team.closed_on is not None:
        raise RuleBroken([Reason(f"{team.name} is closed. Move the idea to another team first.")])


def put_into_team(actor: Actor, idea: Idea, team_id: int, *, why: str = "") -> None:
    """Have a locked idea belong to another team, with a line of history. Nobody is asked or told.

    For a team that is joined to another one as well: rights, audit, notices and board versions are
    the caller's. The lead stays where they belong to the new team now; else it needs one again.
    """
    if idea.team_id == team_id:
        return
    old, new = (accounts.team_by_id(actor, i).name for i in (idea.team_id, team_id))
    if idea.lead_id is not None and idea.lead_id not in {
        person.id for person in accounts.people_of_team(actor, team_id)
    }:
        before, idea.lead_id = idea.lead_id, None
        change_lead(idea, before=before, now=None)
    idea.team_id = team_id
    idea.pinned_at = idea.pinned_by_id = None
    idea.version += 1
    db.session.flush()
    note_edit(
        actor,
        idea,
        version=idea.version,
        kind="team",
        field="team_id",
        old=old,
        new=f"{new}\n{why}" if why else new,
    )
    db.session.flush()
