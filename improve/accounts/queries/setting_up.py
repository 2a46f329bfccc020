"""What a council has of what it needs before ideas can be logged and answered."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import exists, func, select

from improve.accounts.actor import Actor
from improve.accounts.models import Membership, Organisation, Person, Team
from improve.accounts.queries.councils import holders_of
from improve.accounts.roles import Role
from improve.shared.db import db


@dataclass(frozen=True, slots=True)
class SettingUp:
    """Whether each of the first steps is done. ``without_manager`` counts open teams."""

    has_numbers: bool
    has_team: bool
    has_people: bool
    without_manager: int
    has_second_administrator: bool

    @property
    def is_done(self) -> bool:
        """Whether nothing is left of it."""
        return (
            self.has_numbers
            and self.has_team
            and self.has_people
            and not self.without_manager
            and self.has_second_administrator
        )


def setting_up(actor: Actor) -> SettingUp:
    """Return which first steps a council has done. One statement.

    Who is invited counts: what is left is for others to do.
    """
    here = actor.organisation_id
    administrators = holders_of([Role.ADMINISTRATOR])
    is_managed = exists().where(
        Membership.team_id == Team.id,
        Membership.role == Role.MANAGER.value,
        Membership.person_id == Person.id,
        Person.is_active,
    )
    open_teams = select(func.count()).where(Team.organisation_id == here, Team.closed_on.is_(None))
    row = db.session.execute(
        select(
            Organisation.duty_numbers,
            open_teams.scalar_subquery().label("teams"),
            open_teams.where(~is_managed).scalar_subquery().label("without_manager"),
            select(func.count())
            .where(Person.organisation_id == here, Person.is_active)
            .scalar_subquery()
            .label("people"),
            select(func.count())
            .select_from(administrators)
            .where(administrators.c.organisation_id == here)
            .scalar_subquery()
            .label("administrators"),
        ).where(Organisation.id == here)
    ).one()
    numbers = row.duty_numbers or {}
    return SettingUp(
        has_numbers=bool(numbers.get("day") and numbers.get("night")),
        has_team=row.teams > 0,
        has_people=row.people > 1,
        without_manager=row.without_manager,
        has_second_administrator=row.administrators > 1,
    )
