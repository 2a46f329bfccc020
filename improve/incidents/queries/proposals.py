"""Ideas that wait for the weekly batch of the learning team."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.accounts.queries import team_names
from improve.incidents.models import IncidentLearning, IncidentProposal, IncidentSetup
from improve.shared.db import db


@dataclass(frozen=True, slots=True)
class GivenIdea:
    """An idea that a coach gave to the learning team. ``on``: its Monday; None: its team closed."""

    key: str
    text: str
    team: str
    on: date | None


def councils_that_learn() -> list[int]:
    """Return the councils whose form of reports was opened. For the nightly run."""
    rows = db.session.scalars(
        select(IncidentSetup.organisation_id)
        .where(IncidentSetup.opened_at.is_not(None))
        .order_by(IncidentSetup.organisation_id)
    )
    return list(rows)


def waiting_proposals(today: date) -> Iterable[IncidentLearning | IncidentProposal]:
    """Return what is to be proposed by now, of all councils, held. For the nightly run."""
    learned = db.session.scalars(
        select(IncidentLearning)
        .where(
            IncidentLearning.propose_after <= today,
            IncidentLearning.proposed_week.is_(None),
            IncidentLearning.idea_id.is_(None),
        )
        .order_by(IncidentLearning.key)
        .with_for_update()
    )
    given = db.session.scalars(
        select(IncidentProposal)
        .where(IncidentProposal.propose_after <= today)
        .order_by(IncidentProposal.key)
        .with_for_update()
    )
    return (*[row for row in learned if row.proposal], *given)


def given_ideas(actor: Actor) -> tuple[GivenIdea, ...]:
    """Return what this coach gave and waits, the next batch first. Two statements.

    Never what others gave: whoever knew all of it would know which ideas came from reports.
    """
    rows = db.session.scalars(
        select(IncidentProposal)
        .where(
            IncidentProposal.organisation_id == actor.organisation_id,
            IncidentProposal.given_by_id == actor.person_id,
        )
        .order_by(IncidentProposal.propose_after, IncidentProposal.key)
    ).all()
    teams = team_names()
    ids = sorted({row.proposal["team_id"] for row in rows})
    found = db.session.execute(
        select(teams.c.id, teams.c.name).where(teams.c.id.in_(ids)).order_by(teams.c.id)
    )
    names = {row.id: row.name for row in found}
    return tuple(
        GivenIdea(
            row.key,
            row.proposal["text"],
            names.get(row.proposal["team_id"], ""),
            row.propose_after,
        )
        for row in rows
    )


def given_with(actor: Actor, form_token: str) -> str | None:
    """Return the key of what this coach gave with a form, or None."""
    return db.session.scalars(
        select(IncidentProposal.key).where(
            IncidentProposal.given_by_id == actor.person_id,
            IncidentProposal.form_token == form_token,
        )
    ).one_or_none()


def own_for_change(actor: Actor, key: str) -> IncidentProposal | None:
    """Return what this coach gave and waits, held; None where it is gone or another's."""
    return db.session.scalars(
        select(IncidentProposal)
        .where(
            IncidentProposal.key == key,
            IncidentProposal.organisation_id == actor.organisation_id,
            IncidentProposal.given_by_id == actor.person_id,
        )
        .with_for_update()
    ).one_or_none()
