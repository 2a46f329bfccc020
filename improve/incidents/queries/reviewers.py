"""Who reviews reports, and to which of them a report of some teams may be offered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from improve.accounts.queries import holders_of
from improve.accounts.queries.lines import teams_of_people
from improve.accounts.roles import Role
from improve.incidents.confidentiality import Reviewer, offered_to
from improve.incidents.models import IncidentGroup, IncidentGroupTeam, IncidentReviewer
from improve.shared.db import db


@dataclass(frozen=True, slots=True)
class ReviewerView:
    """Who holds the role of reviewer, and their training, None where none is entered."""

    person_id: int
    name: str
    trained_on: date | None
    trained_by: str


def reviewer_views(organisation_id: int) -> list[ReviewerView]:
    """Return who can sign in today and holds the role of reviewer, A to Z. One statement."""
    holders = holders_of([Role.INCIDENT_REVIEWER])
    rows = db.session.execute(
        select(
            holders.c.id, holders.c.name, IncidentReviewer.trained_on, IncidentReviewer.trained_by
        )
        .outerjoin(IncidentReviewer, IncidentReviewer.person_id == holders.c.id)
        .where(holders.c.organisation_id == organisation_id)
        .order_by(holders.c.name, holders.c.id)
    )
    return [ReviewerView(row[0], row[1], row[2], row[3] or "") for row in rows]


def reviewers(organisation_id: int) -> list[Reviewer]:
    """Return the reviewers, A to Z, with the teams they have a part in. Two statements."""
    found = reviewer_views(organisation_id)
    teams = teams_of_people(organisation_id, (view.person_id for view in found))
    return [
        Reviewer(
            view.person_id,
            view.name,
            teams[view.person_id],
            is_trained=view.trained_on is not None,
        )
        for view in found
    ]


def group_teams(group_id: int) -> frozenset[int]:
    """Return the teams of a group, open or closed. One statement."""
    rows = db.session.scalars(
        select(IncidentGroupTeam.team_id).where(IncidentGroupTeam.group_id == group_id)
    )
    return frozenset(rows)


def teams_by_group(organisation_id: int) -> dict[int, frozenset[int]]:
    """Return the teams of each group of a council, closed ones too. One statement."""
    found: dict[int, set[int]] = {}
    for group_id, team_id in db.session.execute(
        select(IncidentGroupTeam.group_id, IncidentGroupTeam.team_id).where(
            IncidentGroupTeam.organisation_id == organisation_id
        )
    ):
        found.setdefault(group_id, set()).add(team_id)
    return {group_id: frozenset(teams) for group_id, teams in found.items()}


def offered_for(
    group_id: int, not_readers: Iterable[int] = (), may_know: Iterable[int] = ()
) -> list[Reviewer]:
    """Return to whom a report of this group may be offered, A to Z; nobody: it is not taken.

    A group without any team is offered to nobody: from whom it comes is not known. Four statements.
    """
    organisation_id = db.session.scalar(
        select(IncidentGroup.organisation_id).where(IncidentGroup.id == group_id)
    )
    teams = group_teams(group_id)
    if organisation_id is None or not teams:
        return []
    return offered_to(
        reviewers(organisation_id), group_teams=teams, not_readers=not_readers, may_know=may_know
    )
