"""The life of a team: closed, joined to another, opened again.

Nothing is deleted. What a team did stays readable under its old name, and its address goes on
working, since posters and bookmarks hold it.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import insert, literal, select, update

from improve.accounts import queries, roles
from improve.accounts.actor import Actor
from improve.accounts.held import TeamHolds
from improve.accounts.models import BusyPeriod, Cover, Membership, Team, WallDevice
from improve.accounts.queries import TeamView
from improve.accounts.roles import Permission
from improve.accounts.told import PeopleTold
from improve.shared import audit, clock, contributions, events
from improve.shared.db import db
from improve.shared.errors import Forbidden, Reason, RuleBroken, Stale

ONLY_ADMINISTRATORS: Final = "Only an administrator can close teams or join them."
HUDDLE_FIRST: Final = "A huddle goes on there. Finish it first."


def holds_of_team(actor: Actor, team_id: int) -> list[TeamHolds]:
    """Return what a team has, for the page that asks before it is closed or joined."""
    return [held for offer in contributions.gather("team-holds") for held in offer(actor, team_id)]


def close_team(actor: Actor, *, team_id: int, seen_version: int) -> None:
    """Close a team: its walls, tallies, deputies and busy time end. Again is harmless.

    Refuses while it has open ideas or a huddle that goes on. Raises ``Stale``.
    """
    _check_administrator(actor)
    team = _locked(actor, team_id)
    if team.closed_on is not None:
        return
    _check_seen(team, seen_version)
    _check_huddle(team)
    stops = [held.words for held in holds_of_team(actor, team_id) if held.stops_closing]
    if stops:
        words = " and ".join(stops)
        raise RuleBroken(
            f"It still has {words}. Finish them, hand them to another team, or join the teams."
        )
    members = [person.id for person in queries.people_of_team(actor, team_id)]
    _shut(actor, team, joined_to=None)
    audit.record(actor, "team_closed", "team", team_id)
    _tell(actor, members, team, "closed")


def join_teams(actor: Actor, *, team_id: int, into_id: int, seen_version: int) -> TeamView:
    """Join a team to another one, whole; return the other. Again is harmless.

    Ideas, measures, people and open actions go to the other team with all their history; huddles
    stay readable under the old name. Its walls, deputies and busy time end. Everybody in the team,
    and everybody who follows an open idea of it, is told once. Refuses a team that is closed, the
    team itself, and either while its huddle goes on. Raises ``Stale``.
    """
    _check_administrator(actor)
    if into_id not in {team.id for team in queries.teams(actor)}:
        raise RuleBroken([Reason("Choose an open team of this council.", "into")])
    if team_id == into_id:
        raise RuleBroken([Reason("Choose another team.", "into")])
    if _is_joined(*_teams(actor, team_id, into_id), seen_version):
        return queries.team_by_id(actor, into_id)
    members = {person.id for person in queries.people_of_team(actor, team_id)}
    for offer in contributions.gather("team-joined"):
        members |= set(offer(actor, team_id, into_id) or ())
    # The teams are locked after what they have, as in every act on one idea: the other way round
    # two would wait in a ring. So it is asked again; what was moved for nothing is rolled back.
    team, into = _teams(actor, team_id, into_id, are_locked=True)
    if _is_joined(team, into, seen_version):
        return queries.team_by_id(actor, into_id)
    _move_people(team_id, into_id)
    _shut(actor, team, joined_to=into_id)
    into.board_version += 1
    db.session.flush()
    audit.record(actor, "team_joined", "team", team_id, into=into_id)
    _tell(actor, sorted(members), into, "joined")
    return queries.team_by_id(actor, into_id)


def reopen_team(actor: Actor, *, team_id: int) -> None:
    """Open a closed team again. What went to another team stays there. Again is harmless."""
    _check_administrator(actor)
    team = _locked(actor, team_id)
    if team.closed_on is None:
        return
    team.closed_on = team.joined_to_id = None
    team.version += 1
    team.board_version += 1
    db.session.flush()
    audit.record(actor, "team_opened", "team", team_id)


def _is_joined(team: Team, into: Team, seen_version: int) -> bool:
    """Return whether the two are joined already; refuse what may not be joined."""
    if team.closed_on is not None:
        if team.joined_to_id == into.id:
            return True
        raise RuleBroken("This team is closed already.")
    if into.closed_on is not None:
        raise RuleBroken([Reason("Choose an open team of this council.", "into")])
    _check_seen(team, seen_version)
    _check_huddle(team)
    _check_huddle(into)
    return False


def _teams(
    actor: Actor, team_id: int, into_id: int, *, are_locked: bool = False
) -> tuple[Team, Team]:
    teams = {team.id: team for team in _found(actor, [team_id, into_id], are_locked=are_locked)}
    return teams[team_id], teams[into_id]


def _locked(actor: Actor, team_id: int) -> Team:
    return _found(actor, [team_id], are_locked=True)[0]


def _found(actor: Actor, team_ids: list[int], *, are_locked: bool) -> list[Team]:
    queries.team_by_id(actor, team_ids[0])
    found = (
        select(Team)
        .where(Team.organisation_id == actor.organisation_id, Team.id.in_(team_ids))
        .order_by(Team.id)
    )
    if are_locked:
        found = found.with_for_update(key_share=True)
    return list(db.session.execute(found.execution_options(populate_existing=True)).scalars())


def _shut(actor: Actor, team: Team, *, joined_to: int | None) -> None:
    at, today = clock.now(), clock.today()
    for offer in contributions.gather("team-closed"):
        offer(actor, team.id)
    endings = (
        update(WallDevice)
        .where(WallDevice.team_id == team.id, WallDevice.ended_at.is_(None))
        .values(ended_at=at),
        update(Cover)
        .where(Cover.team_id == team.id, Cover.ended_at.is_(None), Cover.to_on >= today)
        .values(ended_at=at),
        update(BusyPeriod)
        .where(
            BusyPeriod.team_id == team.id,
            BusyPeriod.ended_on.is_(None),
            BusyPeriod.ends_on >= today,
        )
        .values(ended_on=today, ended_by_id=actor.person_id),
    )
    for ending in endings:
        db.session.execute(ending.execution_options(synchronize_session=False))
    team.closed_on, team.joined_to_id = today, joined_to
    team.busy_since_on = team.busy_until_on = None
    team.busy_why = ""
    team.version += 1
    team.board_version += 1
    db.session.flush()


def _move_people(from_id: int, to_id: int) -> None:
    """Have everybody of a team belong to the other one, in the role they had.

    Whoever is in both keeps the role held in the other team. What they were in the first team is
    kept as well: it lets them read its huddles.
    """
    there = select(Membership.person_id).where(Membership.team_id == to_id)
    db.session.execute(
        insert(Membership).from_select(
            ["organisation_id", "person_id", "role", "team_id", "is_home"],
            select(
                Membership.organisation_id,
                Membership.person_id,
                Membership.role,
                literal(to_id),
                literal(False),
            ).where(Membership.team_id == from_id, Membership.person_id.not_in(there)),
        )
    )
    at_home = select(Membership.person_id).where(Membership.team_id == from_id, Membership.is_home)
    db.session.execute(
        update(Membership)
        .where(Membership.team_id == to_id, Membership.person_id.in_(at_home))
        .values(is_home=True)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        update(Membership)
        .where(Membership.team_id == from_id)
        .values(is_home=False)
        .execution_options(synchronize_session=False)
    )


def _check_administrator(actor: Actor) -> None:
    if not roles.may(actor, Permission.MANAGE_TEAMS):
        raise Forbidden(ONLY_ADMINISTRATORS)


def _check_seen(team: Team, seen_version: int) -> None:
    if team.version != seen_version:
        raise Stale(what="team", slug=team.slug)


def _check_huddle(team: Team) -> None:
    if team.huddle_id is not None:
        raise RuleBroken(HUDDLE_FIRST)


def _tell(actor: Actor, people: list[int], team: Team, change: str) -> None:
    facts = {"title": team.name, "slug": team.slug, "by": actor.first_name, "change": change}
    events.publish(PeopleTold(actor, people, "team_changed", team.id, facts))
