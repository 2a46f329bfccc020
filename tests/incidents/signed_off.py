"""A report that two reviewers signed off: destroyed, with what is kept of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from improve.incidents.contents import Work
from improve.incidents.kinds import Kind, State, StepKind
from improve.incidents.models import Incident, IncidentLearning, IncidentStep
from improve.incidents.service.destroy import destroy
from improve.incidents.service.settle import learn_from
from improve.shared import clock
from improve.shared.db import db
from tests.incidents.make import make_report
from tests.incidents.open_council import Opened

SHAREABLE = "A plan was written in a busy week and did not reach the school."


def make_signed_off(council: Opened, *, by: tuple[int, ...] = (), **work: Any) -> str:
    """Return the key of a report that was read by ``by`` (both reviewers) and signed off.

    ``work``: fields of ``Work``, and ``is_strict``. The caller commits.
    """
    is_strict = work.pop("is_strict", False)
    key = make_report(council.organisation, council.group, columns={"is_strict": is_strict})
    facts = {"shareable": SHAREABLE, "kind": Kind.NEAR_MISS.value, "factors": ["F08"], **work}
    for person_id in by or council.reviewers:
        add_step(council, key, person_id, StepKind.OPENED)
    incident = db.session.scalars(select(Incident).where(Incident.key == key)).one()
    learn_from([incident], work=Work(**facts), agreement=1.0)
    destroy([incident], state=State.SIGNED_OFF)
    return key


def add_step(council: Opened, key: str, person_id: int, kind: StepKind) -> None:
    """Keep a step of a reviewer."""
    db.session.add(
        IncidentStep(
            organisation_id=council.organisation,
            incident_key=key,
            kind=kind.value,
            person_id=person_id,
            at=clock.now(),
        )
    )
    db.session.flush()


def learning_of(key: str) -> IncidentLearning:
    """Return what is kept of a report, as it stands in the database."""
    return db.session.scalars(
        select(IncidentLearning)
        .join(Incident, Incident.learning_key == IncidentLearning.key)
        .where(Incident.key == key)
        .execution_options(populate_existing=True)
    ).one()
