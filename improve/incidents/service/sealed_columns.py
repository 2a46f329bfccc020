"""What of reports is under the sealing key: sealed anew when it changes, or kept until its time.

What somebody reported is under the report's own key, which alone is sealed anew.
"""

from __future__ import annotations

from improve.incidents.models import Incident, IncidentAnswer, IncidentDraft
from improve.incidents.sealing import ANSWERS, BARRED, KEYS
from improve.shared.resealing import HashedColumn, SealedColumn


def sealed_columns() -> list[SealedColumn]:
    """Return what can be sealed anew."""
    return [
        SealedColumn("keys of reports", Incident.key, Incident.wrapped_key, KEYS),
        SealedColumn("answers to reports", IncidentAnswer.key, IncidentAnswer.sealed, ANSWERS),
        SealedColumn(
            "who never goes on with a report", Incident.key, Incident.sealed_barred, BARRED
        ),
    ]


def hashed_columns() -> list[HashedColumn]:
    """Return what cannot, and until when it needs the key that it was made under.

    Answers so far are sealed under the token of their form, too, which is in a cookie alone.
    """
    return [
        HashedColumn(
            "words to come back to a report with",
            "as long as their answers are to be read",
            Incident.receipt_hash,
        ),
        HashedColumn("reports that were begun", "two days", IncidentDraft.token_hash),
    ]
