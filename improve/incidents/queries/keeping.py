"""Whether a lawful order keeps a report as it is, read from its row. No statement."""

from __future__ import annotations

from improve.incidents.keeping import Keeping
from improve.incidents.models import Incident


def keeping_of(incident: Incident) -> Keeping:
    """Return who keeps a report by a lawful order, and who asked to end that."""
    return Keeping(incident.frozen_by_id, incident.frozen_also_by_id, incident.thawed_by_id)


def is_asked_or_kept(incident: Incident) -> bool:
    """Return whether somebody said that a lawful order came, alone or with another."""
    keeping = keeping_of(incident)
    return keeping.is_kept or keeping.is_asked
