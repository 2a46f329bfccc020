"""Queuing news as mail: at once, or one mail a day or a week.

A notice is settled (``mailed_at``) in the transaction that queues its mail, so a crash loses none
and doubles none. What was read on the page meanwhile, or is not wanted by mail, is settled without.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from improve.accounts.queries import MailPerson, mail_people
from improve.mail import service as mail
from improve.notifications.kinds import USUAL_PACE, Group, NoticeKind, Pace, group_of
from improve.notifications.letters import Addresses, News, write_letter
from improve.notifications.models import MailChoice, Notice
from improve.notifications.pace import is_due
from improve.shared import clock
from improve.shared.db import db
from improve.shared.formatting import day

#: What is older is no news: where mail is set up only later, nobody gets months of it at once.
OLDEST = timedelta(days=28)


def people_to_mail() -> list[int]:
    """Return who has news that mail has not settled yet, by id."""
    return list(
        db.session.execute(
            select(Notice.person_id)
            .where(Notice.mailed_at.is_(None))
            .distinct()
            .order_by(Notice.person_id)
        ).scalars()
    )


def mail_news(person_ids: Sequence[int], *, to: Addresses) -> int:
    """Queue one mail for each of these people who has news that is due; return how many.

    The caller commits. Several processes may do this at once: the second waits for the first and
    then finds nothing left. Nobody gets two mails of a day on one day.
    """
    waiting = db.session.execute(
        select(
            Notice.id,
            Notice.person_id,
            Notice.kind,
            Notice.subject_id,
            Notice.facts,
            Notice.why,
            Notice.created_at,
            Notice.read_at,
        )
        .where(Notice.person_id.in_(person_ids), Notice.mailed_at.is_(None))
        .order_by(Notice.person_id, Notice.id)
        .with_for_update()
    ).all()
    people = mail_people(person_ids)
    refused = mail.refused_addresses([person.email for person in people.values()])
    chosen = _chosen(person_ids)
    settled: list[int] = []
    queued = 0
    for person_id in person_ids:
        rows = [row for row in waiting if row.person_id == person_id]
        person = people.get(person_id)
        if person is None or not person.gets_mail or person.email in refused:
            settled += [row.id for row in rows]
            continue
        queued += _mail_person(person, rows, chosen.get(person_id, {}), settled, to)
    _settle(settled)
    return queued


def _mail_person(
    person: MailPerson,
    rows: Sequence[Any],
    chosen: dict[Group, Pace],
    settled: list[int],
    to: Addresses,
) -> bool:
    """Queue the mail of one person; add the ids of what is settled to ``settled``."""
    at, due, is_of_day = clock.now(), [], False
    for row in rows:
        group = group_of(NoticeKind(row.kind), row.why)
        pace = chosen.get(group, USUAL_PACE[group])
        is_old = row.created_at < at - OLDEST
        if row.read_at is not None or pace is Pace.NEVER or is_old:
            settled.append(row.id)
        elif is_due(pace, row.created_at, at, person.calendar):
            due.append(row)
            is_of_day = is_of_day or pace is not Pace.AT_ONCE
    if not due:
        return False
    today = clock.local(at).date()
    key = f"news:{person.id}:{today if is_of_day else f'now:{due[-1].id}'}"
    letter = write_letter(
        person.id,
        person.name.split(" ", 1)[0],
        [News(NoticeKind(row.kind), row.subject_id, row.facts, row.why) for row in due],
        to=to,
        day=day(today),
    )
    is_queued = mail.enqueue(
        key=key,
        to=person.email,
        subject=letter.subject,
        body=letter.body,
        stop_url=letter.stop_url,
    )
    # The day has had its mail: what came due later today waits for the next.
    if is_queued:
        settled += [row.id for row in due]
    return is_queued


def _chosen(person_ids: Sequence[int]) -> dict[int, dict[Group, Pace]]:
    found: dict[int, dict[Group, Pace]] = {}
    for row in db.session.execute(
        select(MailChoice.person_id, MailChoice.group, MailChoice.pace)
        .where(MailChoice.person_id.in_(person_ids))
        .order_by(MailChoice.person_id, MailChoice.group)
    ):
        found.setdefault(row.person_id, {})[Group(row.group)] = Pace(row.pace)
    return found


def _settle(notice_ids: Sequence[int]) -> None:
    if notice_ids:
        db.session.execute(
            update(Notice)
            .where(Notice.id.in_(notice_ids))
            .values(mailed_at=clock.now())
            .execution_options(synchronize_session=False)
        )
