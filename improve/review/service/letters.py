"""The letter to leaders on the first working day of a month: once, by the nightly run."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from improve.accounts import queries as people
from improve.accounts.actor import Actor
from improve.accounts.days.working_calendar import WorkingCalendar
from improve.accounts.queries.mail import OrganisationOfNight, organisations_of_night
from improve.mail import service as mail
from improve.notifications.queries import who_wants_none
from improve.review import queries
from improve.review.models import MonthLetter
from improve.review.month import month_of
from improve.review.month_letter import GROUP, MonthAddresses, write_month_letter
from improve.review.queries.month import month_sheet
from improve.shared import audit, clock
from improve.shared.db import db

#: A night that was missed is made up for within a week; later it would be no news.
MADE_UP_FOR: Final = timedelta(days=6)


def send_month_letters(*, to: MonthAddresses) -> int:
    """Queue one letter for each leader whose month waits; return how many.

    Once for each council and month: a run that is repeated sends nothing twice. Nobody gets one
    who wants no mail of what is asked of them.
    """
    today = clock.today()
    month, count = month_of(today), 0
    for council in organisations_of_night():
        calendar = WorkingCalendar(closing_days=council.closing_days)
        first = first_working_day(month, calendar)
        if first <= today <= first + MADE_UP_FOR and not queries.has_letter(council.id, month):
            count += _send(council, month, to)
    return count


def first_working_day(month: date, calendar: WorkingCalendar) -> date:
    """Return the first day of a month on which the council works."""
    return month if calendar.is_working_day(month) else calendar.add_working_days(month, 1)


def _send(council: OrganisationOfNight, month: date, to: MonthAddresses) -> int:
    db.session.add(MonthLetter(organisation_id=council.id, month=month, sent_at=clock.now()))
    nobody = Actor(
        person_id=0,
        organisation_id=council.id,
        name="",
        job_title="",
        places=(),
        rights_version=0,
        closing_days=council.closing_days,
    )
    sheet = month_sheet(nobody, month)
    leaders = [leader.id for leader in people.leaders(nobody)]
    if not sheet.waiting or not leaders:
        db.session.flush()
        return 0
    known = people.mail_people(leaders)
    left_out = who_wants_none(GROUP, leaders)
    refused = mail.refused_addresses([person.email for person in known.values()])
    count = 0
    for person_id in leaders:
        person = known.get(person_id)
        if person is None or not person.gets_mail:
            continue
        if person_id in left_out or person.email in refused:
            continue
        letter = write_month_letter(person_id, person.name.split(" ", 1)[0], sheet, to=to)
        count += mail.enqueue(
            key=f"month:{month:%Y-%m}:{person_id}",
            to=person.email,
            subject=letter.subject,
            body=letter.body,
            stop_url=letter.stop_url,
        )
    audit.record(
        None,
        "month_letters_sent",
        "organisation",
        council.id,
        organisation_id=council.id,
        letters=count,
    )
    db.session.flush()
    return count
