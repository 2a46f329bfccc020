"""Reports that were destroyed are destroyed once more where a restored backup has them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import delete, select

from improve.incidents.kinds import ENDED, State
from improve.incidents.models import Incident, IncidentAnswer
from improve.incidents.service.destroy import destroy_these
from improve.shared.db import db
from improve.shared.gone_marks import Goes, names_in

_STATES = sorted(state.value for state in ENDED)


def gone_reports() -> Goes:
    """Return how it is known which were destroyed. What was learned of them since is not back."""
    return Goes("report", _destroyed, _standing, _destroy_again)


def _destroyed() -> Iterator[str]:
    name = Incident.key + ":" + Incident.state
    return names_in(select(name).where(Incident.wrapped_key.is_(None)).order_by(Incident.key))


def _standing() -> Iterator[str]:
    """Return each report that stands by each way to end: only one of these may be marked."""
    keys = names_in(
        select(Incident.key).where(Incident.wrapped_key.is_not(None)).order_by(Incident.key)
    )
    return (f"{key}:{state}" for key in keys for state in _STATES)


def _destroy_again(names: Sequence[str]) -> int:
    count = 0
    for state in _STATES:
        keys = [key for key, _, how in (name.partition(":") for name in names) if how == state]
        query = select(Incident).where(Incident.key.in_(keys)).order_by(Incident.key)
        count += destroy_these(db.session.scalars(query).all(), state=State(state))
        drafts = delete(IncidentAnswer).where(
            IncidentAnswer.incident_key.in_(keys), IncidentAnswer.given_week.is_(None)
        )
        db.session.execute(drafts.execution_options(synchronize_session="fetch"))
    return count
