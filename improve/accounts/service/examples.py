"""The example board of a council: begun as an organisation of its own, looked at, left."""

from __future__ import annotations

from sqlalchemy import select, update

from improve.accounts.actor import Actor
from improve.accounts.models import AuthSession, Organisation, Person
from improve.shared import audit, clock
from improve.shared.db import db
from improve.shared.turns import Turn, take_turn

EXAMPLE_NAME = "Example"


def take_example_turn(actor: Actor) -> None:
    """Let nobody else of the council load or remove its example before the transaction ends."""
    take_turn(Turn.EXAMPLES, actor.organisation_id)


def begin_example(actor: Actor) -> int:
    """Make the organisation of the council's example and return its id; note it in the log."""
    example = Organisation(
        name=EXAMPLE_NAME,
        # No name of a council makes two hyphens, so that none can ever be refused for this one.
        slug=f"example--{actor.organisation_id}",
        example_of_id=actor.organisation_id,
        created_at=clock.now(),
    )
    db.session.add(example)
    db.session.flush()
    audit.record(actor, "example_loaded", "organisation", actor.organisation_id)
    return example.id


def visit_example(*, session_id: int, visitor_id: int) -> None:
    """Have a session look at the example from now on."""
    _visit(session_id, visitor_id)


def leave_example(*, session_id: int) -> None:
    """Have a session be its owner's again."""
    _visit(session_id, None)


def end_visits(example_id: int) -> None:
    """Send everybody who looks at an example home."""
    invented = select(Person.id).where(Person.organisation_id == example_id)
    db.session.execute(
        update(AuthSession)
        .where(AuthSession.visits_as_id.in_(invented))
        .values(visits_as_id=None)
        .execution_options(synchronize_session=False)
    )


def note_removed(actor: Actor) -> None:
    """Note in the council's log that its example was removed."""
    audit.record(actor, "example_removed", "organisation", actor.organisation_id)


def _visit(session_id: int, visitor_id: int | None) -> None:
    db.session.execute(
        update(AuthSession)
        .where(AuthSession.id == session_id)
        .values(visits_as_id=visitor_id, message=None)
        .execution_options(synchronize_session=False)
    )
