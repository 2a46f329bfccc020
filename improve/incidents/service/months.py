"""About how many reports came in a month, written once when it is over.

A number that was counted anew on each look would change at the moment somebody reports.
"""

from __future__ import annotations

from improve.incidents.models import IncidentMonth
from improve.incidents.patterns import is_over, next_month
from improve.incidents.queries.patterns import came_in, first_weeks
from improve.shared import clock
from improve.shared.db import db
from improve.shared.suppression import FEWEST


def write_received_months() -> int:
    """Write the months that are over and were not written, in every council; return how many.

    For the nightly run. A number of 1 to 4 is not kept, and a greater one rounded down to fives,
    so that nothing that is read later holds one, or lets it be worked out from another.
    """
    today, written = clock.today(), 0
    for organisation_id, first, last in first_weeks():
        month = first.replace(day=1) if last is None else next_month(last)
        while is_over(month, today):
            came = came_in(organisation_id, month)
            db.session.add(
                IncidentMonth(
                    organisation_id=organisation_id,
                    month=month,
                    received=kept_of(came),
                )
            )
            written += 1
            month = next_month(month)
    db.session.flush()
    return written


def kept_of(came: int) -> int | None:
    """Return what is kept of a number: None for 1 to 4, else rounded down to fives."""
    return None if 0 < came < FEWEST else came // FEWEST * FEWEST
