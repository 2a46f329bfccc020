"""In which teams somebody has a part: as a member, over their service, or standing in there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Subquery, or_, select, union
from sqlalchemy.orm import aliased

from improve.accounts.models import Cover, Membership, Person, Team
from improve.accounts.roles import Role
from improve.shared import clock
from improve.shared.db import db

#: Whoever stood in for a manager knows the team for so long after.
_KNOWN_AFTER: Final = timedelta(days=90)
_joined, _joined_before = aliased(Team), aliased(Team)


def teams_of_people(organisation_id: int, people: Iterable[int]) -> dict[int, frozenset[int]]:
    """Return the teams in which each of these people has a part, closed ones too. One statement.

    A role held in a team, also one that others were joined to; one held over a service, for each
    of its teams; and standing in for the team's manager: now, on days to come, or within the last
    90 days.
    """
    ids = sorted(set(people))
    held: Any = select(Membership.person_id, Membership.team_id).where(
        Membership.organisation_id == organisation_id,
        Membership.person_id.in_(ids),
        Membership.team_id.is_not(None),
    )
    taken_over: Any = (
        select(Membership.person_id, _joined.id)
        .join(_joined, _joined.joined_to_id == Membership.team_id)
        .where(Membership.organisation_id == organisation_id, Membership.person_id.in_(ids))
    )
    taken_over_before: Any = (
        select(Membership.person_id, _joined_before.id)
        .join(_joined, _joined.joined_to_id == Membership.team_id)
        .join(_joined_before, _joined_before.joined_to_id == _joined.id)
        .where(Membership.organisation_id == organisation_id, Membership.person_id.in_(ids))
    )
    over: Any = (
        select(Membership.person_id, Team.id)
        .join(Team, Team.service_id == Membership.service_id)
        .where(Membership.organisation_id == organisation_id, Membership.person_id.in_(ids))
    )
    stands_in: Any = select(Cover.deputy_id, Cover.team_id).where(
        Cover.organisation_id == organisation_id,
        Cover.deputy_id.in_(ids),
        Cover.to_on >= clock.today() - _KNOWN_AFTER,
    )
    found: dict[int, set[int]] = {person_id: set() for person_id in ids}
    parts = union(held, taken_over, taken_over_before, over, stands_in)
    for person_id, team_id in db.session.execute(parts):
        found[person_id].add(team_id)
    return {person_id: frozenset(teams) for person_id, teams in found.items()}


def members_now() -> Subquery:
    """Return the active people of each team as a selectable: person_id, team_id, organisation_id.

    Guests are none. One who has two roles in a team is there twice.
    """
    return (
        select(Membership.person_id, Membership.team_id, Membership.organisation_id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.team_id.is_not(None),
            Membership.role != Role.GUEST.value,
            Person.is_active,
            or_(Person.ends_on.is_(None), Person.ends_on >= clock.today()),
        )
        .subquery("members_now")
    )
