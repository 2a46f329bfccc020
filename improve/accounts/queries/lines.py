"""In which teams somebody has a part: as a member, over their service, or standing in there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Select, Subquery, exists, or_, select, union
from sqlalchemy.orm import aliased

from improve.accounts.models import AuthSession, Cover, Membership, Person, Team
from improve.accounts.roles import Role
from improve.shared import clock

#: Whoever stood in for a manager knows the team for so long after.
_KNOWN_AFTER: Final = timedelta(days=90)
_joined, _joined_before = aliased(Team), aliased(Team)


def parts_in_teams(organisation_id: int, people: Select[Any]) -> Subquery:
    """Return the teams in which people have a part, as a selectable: person_id, team_id.

    ``people`` selects their ids. A role held in a team, also one that others were joined to; one
    held over a service, for each of its teams; and standing in for the team's manager: now, on
    days to come, or within the last 90 days. Closed teams, too.
    """
    of_people = (
        Membership.organisation_id == organisation_id,
        Membership.person_id.in_(people),
    )
    held = select(Membership.person_id, Membership.team_id).where(
        *of_people, Membership.team_id.is_not(None)
    )
    taken_over = (
        select(Membership.person_id, _joined.id)
        .join(_joined, _joined.joined_to_id == Membership.team_id)
        .where(*of_people)
    )
    taken_over_before = (
        select(Membership.person_id, _joined_before.id)
        .join(_joined, _joined.joined_to_id == Membership.team_id)
        .join(_joined_before, _joined_before.joined_to_id == _joined.id)
        .where(*of_people)
    )
    over = (
        select(Membership.person_id, Team.id)
        .join(Team, Team.service_id == Membership.service_id)
        .where(*of_people)
    )
    stands_in = select(Cover.deputy_id, Cover.team_id).where(
        Cover.organisation_id == organisation_id,
        Cover.deputy_id.in_(people),
        Cover.to_on >= clock.today() - _KNOWN_AFTER,
    )
    parts: tuple[Any, ...] = (held, taken_over, taken_over_before, over, stands_in)
    return union(*parts).subquery("parts")


def members_now() -> Subquery:
    """Return the active people of each team as a selectable: person_id, team_id, organisation_id.

    Guests are none, and nobody is who never came: no password, and no device signed in. One who
    has two roles in a team is there twice.
    """
    return (
        select(Membership.person_id, Membership.team_id, Membership.organisation_id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.team_id.is_not(None),
            Membership.role != Role.GUEST.value,
            Person.is_active,
            or_(
                Person.password_hash.is_not(None),
                exists().where(AuthSession.person_id == Person.id),
            ),
            or_(Person.ends_on.is_(None), Person.ends_on >= clock.today()),
        )
        .subquery("members_now")
    )
