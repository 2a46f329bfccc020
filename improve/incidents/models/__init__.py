"""The tables of confidential reports."""

from __future__ import annotations

from improve.incidents.models.learned import (
    IncidentAlert,
    IncidentAnswer,
    IncidentDisclosure,
    IncidentLearning,
    IncidentMonth,
    IncidentNote,
    IncidentProposal,
)
from improve.incidents.models.set_up import (
    IncidentCover,
    IncidentGroup,
    IncidentGroupTeam,
    IncidentReviewer,
    IncidentSetup,
    IncidentWording,
)
from improve.incidents.models.told import (
    Incident,
    IncidentContact,
    IncidentDraft,
    IncidentMessage,
    IncidentReading,
    IncidentStep,
)

__all__ = [
    "Incident",
    "IncidentAlert",
    "IncidentAnswer",
    "IncidentContact",
    "IncidentCover",
    "IncidentDisclosure",
    "IncidentDraft",
    "IncidentGroup",
    "IncidentGroupTeam",
    "IncidentLearning",
    "IncidentMessage",
    "IncidentMonth",
    "IncidentNote",
    "IncidentProposal",
    "IncidentReading",
    "IncidentReviewer",
    "IncidentSetup",
    "IncidentStep",
    "IncidentWording",
]
