"""A reviewer's training ends with the role: given anew, it opens nothing until entered anew."""

from __future__ import annotations

from sqlalchemy import delete

from improve.accounts.roles import Role
from improve.accounts.roles_changed import RolesChanged
from improve.incidents.models import IncidentReviewer
from improve.shared import events
from improve.shared.db import db


def follow_roles() -> None:
    """Subscribe: forget somebody's training when the role of reviewer is taken, or given anew."""
    events.subscribe(RolesChanged, end_training)


def end_training(event: RolesChanged) -> None:
    """Forget the training that hung on the role: no report of before is theirs to read any more.

    Whoever has got into somebody's account could otherwise be made a reviewer unseen, of all that
    came since the training was first entered.
    """
    if Role.INCIDENT_REVIEWER in event.roles:
        db.session.execute(
            delete(IncidentReviewer)
            .where(
                IncidentReviewer.organisation_id == event.organisation_id,
                IncidentReviewer.person_id == event.person_id,
            )
            .execution_options(synchronize_session=False)
        )
