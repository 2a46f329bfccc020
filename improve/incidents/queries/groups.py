"""The groups of teams that reports are told from, as an administrator sets them up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from improve.accounts.actor import Actor
from improve.accounts.queries import team_names
from improve.accounts.queries.lines import members_now
from improve.incidents.confidentiality import SMALLEST_GROUP, are_enough, size_words
from improve.incidents.models import IncidentGroup, IncidentGroupTeam, IncidentSetup
from improve.shared.db import db
from improve.shared.errors import NotFound


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group. ``teams``: (id, name), A to Z. ``size``: how many people, in safe words."""

    id: int
    name: str
    closed_on: date | None
    version: int
    teams: tuple[tuple[int, str], ...]
    size: str
    is_wide: bool

    @property
    def team_ids(self) -> frozenset[int]:
        """Its teams."""
        return frozenset(team_id for team_id, _ in self.teams)

    @property
    def is_offered(self) -> bool:
        """Whether a report may be told from it."""
        return self.closed_on is None and self.is_wide


def smallest_group(organisation_id: int) -> int:
    """Return how many people a group must have in this council. One statement."""
    kept = db.session.scalar(
        select(IncidentSetup.smallest_group).where(IncidentSetup.organisation_id == organisation_id)
    )
    return kept or SMALLEST_GROUP


def groups(actor: Actor, *, smallest: int) -> list[GroupView]:
    """Return the groups, open ones first, A to Z. Two statements."""
    return _views(actor.organisation_id, smallest)


def group(actor: Actor, group_id: int) -> GroupView:
    """Return one group of the actor's council. Raises ``NotFound``. Three statements."""
    found = _views(actor.organisation_id, smallest_group(actor.organisation_id), group_id)
    if not found:
        raise NotFound
    return found[0]


def people_in(organisation_id: int, team_ids: Iterable[int]) -> int:
    """Return how many active people these teams have, each once. Never to be shown."""
    members = members_now()
    found = db.session.scalar(
        select(func.count(members.c.person_id.distinct())).where(
            members.c.organisation_id == organisation_id, members.c.team_id.in_(sorted(team_ids))
        )
    )
    return found or 0


def taken_teams(organisation_id: int, *, besides: int | None = None) -> dict[int, str]:
    """Return the teams that are in an open group, by id, with the group's name. One statement.

    ``besides``: not those of this group.
    """
    rows = db.session.execute(
        select(IncidentGroupTeam.team_id, IncidentGroup.name)
        .join(IncidentGroup, IncidentGroup.id == IncidentGroupTeam.group_id)
        .where(
            IncidentGroup.organisation_id == organisation_id,
            IncidentGroup.closed_on.is_(None),
            IncidentGroup.id != (besides or 0),
        )
        .order_by(IncidentGroupTeam.team_id)
    )
    return {row[0]: row[1] for row in rows}


def _views(organisation_id: int, smallest: int, group_id: int | None = None) -> list[GroupView]:
    members, teams = members_now(), team_names()
    which = [IncidentGroup.organisation_id == organisation_id]
    if group_id is not None:
        which.append(IncidentGroup.id == group_id)
    named: dict[int, list[tuple[int, str]]] = {}
    for of_group, team_id, name in db.session.execute(
        select(IncidentGroupTeam.group_id, teams.c.id, teams.c.name)
        .join(IncidentGroup, IncidentGroup.id == IncidentGroupTeam.group_id)
        .join(teams, teams.c.id == IncidentGroupTeam.team_id)
        .where(*which)
        .order_by(teams.c.name, teams.c.id)
    ):
        named.setdefault(of_group, []).append((team_id, name))
    rows = db.session.execute(
        select(
            IncidentGroup.id,
            IncidentGroup.name,
            IncidentGroup.closed_on,
            IncidentGroup.version,
            func.count(members.c.person_id.distinct()),
        )
        .outerjoin(IncidentGroupTeam, IncidentGroupTeam.group_id == IncidentGroup.id)
        .outerjoin(
            members,
            (members.c.team_id == IncidentGroupTeam.team_id)
            & (members.c.organisation_id == organisation_id),
        )
        .where(*which)
        .group_by(
            IncidentGroup.id, IncidentGroup.name, IncidentGroup.closed_on, IncidentGroup.version
        )
        .order_by(IncidentGroup.closed_on.is_not(None), IncidentGroup.name, IncidentGroup.id)
    )
    return [
        GroupView(
            id=row[0],
            name=row[1],
            closed_on=row[2],
            version=row[3],
            teams=tuple(named.get(row[0], ())),
            size=size_words(row[4], smallest=smallest),
            is_wide=are_enough(row[4], smallest=smallest),
        )
        for row in rows
    ]
