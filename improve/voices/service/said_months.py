"""What people said of the answers, written once a month.

A mind can be changed at any time. Were past months counted anew, one of them would lose what this
one gains, and two days put side by side would show what one person changed.
"""

from __future__ import annotations

from datetime import timedelta

from improve.shared import audit, clock
from improve.shared.db import db
from improve.voices.counting import months_to_count, next_month, share_of_replies
from improve.voices.models import VoiceMonth
from improve.voices.queries.said_months import first_replies, said_in


def write_said_months() -> int:
    """Write the months that are over and were not written, in every council; return how many.

    For the nightly run. Only what may be shown is kept.
    """
    written = 0
    for organisation_id, first, last in first_replies():
        until = None if last is None else next_month(last) - timedelta(days=1)
        for month in months_to_count(clock.today(), until, first):
            share = share_of_replies(*said_in(organisation_id, month))
            db.session.add(
                VoiceMonth(
                    organisation_id=organisation_id,
                    month=month,
                    put_right=share.good if share else None,
                    said=share.answers if share else None,
                )
            )
            audit.record(
                None,
                "voices.replies_counted",
                "organisation",
                organisation_id,
                organisation_id=organisation_id,
                month=month.isoformat(),
            )
            written += 1
    db.session.flush()
    return written
