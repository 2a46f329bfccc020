"""Reviewers on cover are told that something waits: at fixed hours, from a job, never by a post.

A notice that a post left would carry the minute somebody reported. So a job looks twice a working
day and says that something waits: not how much, of what kind, from where, or since when.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from improve.incidents.queries.waiting import reviewers_to_tell, set_up_councils
from improve.notifications.kinds import NoticeKind, Why
from improve.notifications.service import tell_by_itself
from improve.shared import clock

#: Hours of the council's clocks in which reviewers are told.
HOURS: Final = (9, 14)
#: What a notice leads to, and all that it says beside “A report is waiting”.
DESK: Final = "Reviewers’ desk"


def tell_of_reports() -> int:
    """Tell reviewers for whom something waits, in the first run of each fixed hour.

    On working days of their council. For the hourly run; returns how many were told.
    """
    told, now = 0, clock.now()
    local = clock.local(now)
    if local.hour not in HOURS:
        return 0
    hour = _hour(now)
    for setup, calendar in set_up_councils():
        has_had_its_turn = setup.reviewers_told_at is not None and setup.reviewers_told_at >= hour
        if has_had_its_turn or not calendar.is_working_day(local.date()):
            continue
        # Kept in every hour, also where nothing waits: else the next would be told the minute it
        # came.
        setup.reviewers_told_at = hour
        people = reviewers_to_tell(setup.organisation_id, local.date())
        if people:
            tell_by_itself(
                setup.organisation_id,
                dict.fromkeys(people, Why.REVIEWER.value),
                NoticeKind.REPORTS_WAIT,
                subject_id=setup.organisation_id,
                facts={"title": DESK},
            )
        told += len(people)
    return told


def _hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)
