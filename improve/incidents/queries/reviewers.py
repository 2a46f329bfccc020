"""Who reviews reports, and to which of them a report of some teams may be offered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import select

from improve.accounts.queries import holders_of
from improve.accounts.queries.lines import parts_in_teams
from improve.accounts.roles import NOT_REVIEWERS, Role
from improve.incidents.barred import barred_in
from improve.incidents.confidentiality import Reviewer, offered_to
from improve.incidents.contents import Head
from improve.incidents.models import (
    Incident,
    IncidentGroup,
    IncidentGroupTeam,
    IncidentReading,
    IncidentReviewer,
)
from improve.shared.db import db
from improve.shared.sealing import CannotOpen


@dataclass(frozen=True, slots=True)
class ReviewerView:
    """Who holds the role of reviewer, and their training, None where none is entered.

    ``teams``: where they are a member, stand in, or hold a line.
    """

    person_id: int
    name: str
    trained_on: date | None
    trained_by: str
    teams: frozenset[int]
    #: The day on which their training was first entered.
    entered_on: date | None

    @property
    def reviewer(self) -> Reviewer:
        """The same, as far as it says what they may be offered."""
        on = self.entered_on
        return Reviewer(self.person_id, self.name, self.teams, on is not None, on or date.max)


def reviewer_views(organisation_id: int) -> list[ReviewerView]:
    """Return who can sign in today and holds the role of reviewer, A to Z. One statement.

    Nobody who holds a role beside it that nobody reviews with.
    """
    holders, others = holders_of([Role.INCIDENT_REVIEWER]), holders_of(NOT_REVIEWERS)
    is_one = (
        holders.c.organisation_id == organisation_id,
        holders.c.id.not_in(select(others.c.id).where(others.c.organisation_id == organisation_id)),
    )
    here = select(holders.c.id).where(*is_one).cte("here")
    parts = parts_in_teams(organisation_id, select(here.c.id))
    rows = db.session.execute(
        select(
            holders.c.id,
            holders.c.name,
            IncidentReviewer.trained_on,
            IncidentReviewer.trained_by,
            IncidentReviewer.entered_on,
            parts.c.team_id,
        )
        .outerjoin(IncidentReviewer, IncidentReviewer.person_id == holders.c.id)
        .outerjoin(parts, parts.c.person_id == holders.c.id)
        .where(*is_one)
        .order_by(holders.c.name, holders.c.id, parts.c.team_id)
    )
    return [
        ReviewerView(
            *(person, name, on, by or ""),
            teams=frozenset(row.team_id for row in of_one if row.team_id is not None),
            entered_on=entered_on,
        )
        for (person, name, on, by, entered_on), of_one in groupby(
            rows, key=lambda row: tuple(row[:5])
        )
    ]


def reviewers(organisation_id: int) -> list[Reviewer]:
    """Return the reviewers, A to Z, with the teams they have a part in. One statement."""
    return [view.reviewer for view in reviewer_views(organisation_id)]


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

    A group without any team is offered to nobody: from whom it comes is not known. Three
    statements.
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


def parts_in_group(organisation_id: int, group_id: int) -> list[int]:
    """Return the ids of reviewers, trained or not, with a part in a group now. Two statements."""
    teams = group_teams(group_id)
    return sorted(one.person_id for one in reviewers(organisation_id) if one.teams & teams)


def readings_by_report(organisation_id: int) -> dict[str, dict[int, IncidentReading]]:
    """Return what reviewers are to the reports of a council, by key and by id. One statement."""
    found: dict[str, dict[int, IncidentReading]] = {}
    for row in db.session.scalars(
        select(IncidentReading)
        .where(IncidentReading.organisation_id == organisation_id)
        .order_by(IncidentReading.incident_key, IncidentReading.reviewer_id)
    ):
        found.setdefault(row.incident_key, {})[row.reviewer_id] = row
    return found


def who_may_know(
    readings: Mapping[str, Mapping[int, IncidentReading]],
) -> dict[str, frozenset[int]]:
    """Return who said that they may know a report, by its key."""
    return {
        key: frozenset(person for person, one in held.items() if one.may_know)
        for key, held in readings.items()
    }


def offered_as_one(
    everybody: Iterable[Reviewer],
    parts: Iterable[tuple[Incident, Head]],
    *,
    teams: Mapping[int, frozenset[int]],
    may_know: Mapping[str, Collection[int]],
) -> list[Reviewer]:
    """Return to whom all of these reports may be offered, which are read as one. No statement.

    ``teams``: by group. ``may_know``: who said so, by key of the report.
    """
    found = list(everybody)
    for incident, head in parts:
        try:
            barred = head.barred | barred_in(incident.sealed_barred, key=incident.key)
        except CannotOpen:
            return []
        group = teams.get(incident.group_id)
        found = offered_to(
            # From whom a group without teams comes is not known: it is offered to nobody.
            found if group else (),
            group_teams=group or frozenset(),
            not_readers=barred,
            may_know=may_know.get(incident.key, ()),
            came_on=head.came_on,
        )
    return found
