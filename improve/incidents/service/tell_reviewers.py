"""Reviewers on cover are told that something waits: at fixed hours, from a job, never by a post.

A notice that a post left would carry the minute somebody reported. So a job looks twice a working
day and says that something waits: not how much, of what kind, from where, or since when. It says so
by mail alone: the numbers of notices stand in order, and a gap in them would tell those who are not
to know that something waits, and for how many.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from improve.accounts.queries import mail_people
from improve.incidents.desk_address import desk_address
from improve.incidents.queries.waiting import reviewers_to_tell, set_up_councils
from improve.mail import service as mail
from improve.shared import clock

#: Hours of the council's clocks in which reviewers are told.
HOURS: Final = (9, 14)
SUBJECT: Final = "A report is waiting"
_BODY: Final = (
    "Hello {name}\n\nA report is waiting on the reviewers’ desk:\n{address}\n\n"
    "You get this because you review reports. It comes by mail alone, at nine and at two.\n"
)


def tell_of_reports() -> int:
    """Mail reviewers for whom something waits, in the first run of each fixed hour.

    On working days of their council. For the hourly run; returns how many mails were queued.
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
        told += _mail(reviewers_to_tell(setup.organisation_id, local.date()), hour)
    return told


def _mail(people: Sequence[int], hour: datetime) -> int:
    known = mail_people(people) if people else {}
    refused = mail.refused_addresses([one.email for one in known.values()]) if known else set()
    return sum(
        mail.enqueue(
            key=f"reports-wait:{hour:%Y-%m-%dT%H}:{one.id}",
            to=one.email,
            subject=SUBJECT,
            body=_BODY.format(name=one.name.split(" ", 1)[0], address=desk_address()),
        )
        for one in known.values()
        if one.gets_mail and one.email not in refused
    )


def _hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)
