"""The example board of a council: an organisation that is nobody's, and who acts in it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.accounts.models import Organisation, Person, Team
from improve.shared.db import db


@dataclass(frozen=True)
class Example:
    """The example of a council: the organisation, its one team, and as whom it is looked at."""

    organisation_id: int
    team_slug: str
    visitor_id: int


def visitor_address(organisation_id: int) -> str:
    """Return the address, nobody's, of the person as whom an example is looked at."""
    return f"you.{organisation_id}@example.invalid"


def example_of(actor: Actor) -> Example | None:
    """Return the example of the actor's council, or None where none is loaded."""
    row = db.session.execute(
        select(Organisation.id, Team.slug, Person.id.label("visitor_id"))
        .join(Team, Team.organisation_id == Organisation.id)
        .join(Person, Person.organisation_id == Organisation.id)
        .where(
            Organisation.example_of_id == actor.organisation_id,
            Person.email == visitor_address(actor.organisation_id),
        )
        .order_by(Team.id)
        .limit(1)
    ).one_or_none()
    return Example(row.id, row.slug, row.visitor_id) if row else None


def example_ids() -> list[int]:
    """Return the ids of all examples: for the nightly run."""
    return list(
        db.session.execute(
            select(Organisation.id)
            .where(Organisation.example_of_id.is_not(None))
            .order_by(Organisation.id)
        ).scalars()
    )
