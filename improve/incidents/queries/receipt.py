"""What somebody reads who comes back to a report with the eight words of their receipt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from improve.accounts.queries import councils
from improve.incidents.answer_words import words_in
from improve.incidents.contents import Message, message_of
from improve.incidents.kinds import ENDED, State
from improve.incidents.models import Incident, IncidentAnswer, IncidentMessage, IncidentSetup
from improve.incidents.queries.keeping import is_asked_or_kept, keeping_of
from improve.incidents.queries.setup import KEEP_DAYS
from improve.incidents.schedule import keep_days_of
from improve.incidents.sealing import ReportKey
from improve.shared.db import db
from improve.shared.errors import NotFound
from improve.shared.leaving_page import LEAVE_URL
from improve.shared.sealing import CannotOpen


@dataclass(frozen=True, slots=True)
class Said:
    """One message of the thread. ``is_own``: by whoever reported."""

    words: str
    day: date
    is_own: bool


@dataclass(frozen=True, slots=True)
class Given:
    """One answer that was given, in the week of a Monday. ``is_end``: at the end of an idea."""

    words: str
    week: date
    is_end: bool


@dataclass(frozen=True, slots=True)
class Told:
    """Where a report is, for whoever sent it: nothing of what they wrote at first.

    ``thread``: the first message first; empty once it was destroyed. ``answers``: the newest first.
    ``ended_week``: the Monday of the week in which it was destroyed. ``is_halted``: a reviewer said
    that a lawful order came. ``is_lost``: no key that is here opens it.
    """

    key: str
    organisation_id: int
    council: str
    duty_numbers: Mapping[str, str]
    leave_url: str
    week: date
    state: State
    route: str
    is_frozen: bool
    is_halted: bool
    is_lost: bool
    ended_week: date | None
    keep_days: int
    thread: tuple[Said, ...]
    answers: tuple[Given, ...]

    @property
    def is_destroyed(self) -> bool:
        """Whether nobody can open it any more."""
        return self.state in ENDED

    @property
    def gone_by(self) -> date:
        """The last day on which the schedule destroys it."""
        return self.week + timedelta(days=self.keep_days)

    @property
    def is_asked(self) -> bool:
        """Whether a reviewer said something to which nothing was answered."""
        return bool(self.thread) and not self.thread[-1].is_own

    @property
    def may_write(self) -> bool:
        """Whether a message can be added."""
        return not (self.is_destroyed or self.is_frozen or self.is_lost)


def key_of(hashes: Sequence[str]) -> str | None:
    """Return the key of the report with one of these hashes of a receipt."""
    found = select(Incident.key).where(Incident.receipt_hash.in_(hashes))
    return db.session.execute(found).scalar()


def told(key: str) -> Told:
    """Return where a report is. Raises ``NotFound``. Three statements.

    One that was joined to another is read on there: it is where the other one is, and has its
    answers, too. Its thread stays its own.
    """
    facts, other = councils(), aliased(Incident)
    row = db.session.execute(
        select(Incident, other, facts, IncidentSetup)
        .join(facts, facts.c.id == Incident.organisation_id)
        .outerjoin(other, other.key == Incident.joined_into)
        .outerjoin(IncidentSetup, IncidentSetup.organisation_id == Incident.organisation_id)
        .where(Incident.key == key)
    ).one_or_none()
    if row is None:
        raise NotFound
    incident: Incident = row[0]
    main: Incident = row[1] or incident
    setup: IncidentSetup | None = row.IncidentSetup
    is_ended = incident.wrapped_key is None
    # Where a lawful order keeps this one alone, the other may be gone.
    state = incident.state if is_ended or main.wrapped_key is None else main.state
    thread = None if is_ended else _thread(incident)
    return Told(
        key=key,
        organisation_id=incident.organisation_id,
        council=row.name,
        duty_numbers=dict(row.duty_numbers),
        leave_url=(setup.leave_url if setup else "") or LEAVE_URL,
        week=incident.week,
        state=State(state),
        route=incident.route or main.route,
        is_frozen=any(keeping_of(one).is_kept for one in (incident, main)),
        is_halted=any(is_asked_or_kept(one) for one in (incident, main)),
        is_lost=thread is None and not is_ended,
        ended_week=incident.ended_week,
        keep_days=_keep_days(setup, incident.week),
        thread=thread or (),
        answers=_answers(incident.organisation_id, {incident.key, main.key}),
    )


def _keep_days(setup: IncidentSetup | None, week: date) -> int:
    """Return after how many days a report of a week is destroyed, as was said then."""
    if setup is None:
        return KEEP_DAYS
    return keep_days_of(week, keep_days=setup.keep_days, kept_before=setup.kept_before)


def incident_for_message(key: str) -> Incident:
    """Return a report to add a message to, held against others. Raises ``NotFound``."""
    query = select(Incident).where(Incident.key == key).with_for_update()
    row = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFound
    return row


def is_there(message: str) -> bool:
    """Return whether this message was kept already."""
    found = select(IncidentMessage.key).where(IncidentMessage.key == message)
    return db.session.execute(found).scalar() is not None


def count_messages(incident: Incident) -> tuple[int, int]:
    """Return how many messages a report has, and how many of the reporter nobody read yet."""
    unread = (IncidentMessage.by == "reporter") & IncidentMessage.is_read.is_(False)
    counted = select(func.count(), func.count().filter(unread)).where(
        IncidentMessage.organisation_id == incident.organisation_id,
        IncidentMessage.incident_key == incident.key,
    )
    every, not_read = db.session.execute(counted).one()
    return int(every), int(not_read)


def _thread(incident: Incident) -> tuple[Said, ...] | None:
    """Return the messages in their order; None where no key that is here opens them."""
    rows = db.session.execute(
        select(IncidentMessage.key, IncidentMessage.by, IncidentMessage.sealed)
        .where(
            IncidentMessage.organisation_id == incident.organisation_id,
            IncidentMessage.incident_key == incident.key,
        )
        .order_by(IncidentMessage.key)
    ).all()
    try:
        own = ReportKey.unwrap(incident.wrapped_key, about=incident.key)
        found = [
            (Message.of(own.open(sealed, about=message_of(incident.key, key))), by)
            for key, by, sealed in rows
        ]
    except CannotOpen:
        return None
    found.sort(key=lambda one: one[0].n)
    return tuple(
        Said(message.words, date.fromisoformat(message.day), by == "reporter")
        for message, by in found
    )


def _answers(organisation_id: int, keys: set[str]) -> tuple[Given, ...]:
    rows = db.session.execute(
        select(
            IncidentAnswer.key,
            IncidentAnswer.moment,
            IncidentAnswer.sealed,
            IncidentAnswer.given_week,
        )
        .where(
            IncidentAnswer.organisation_id == organisation_id,
            IncidentAnswer.incident_key.in_(keys),
            IncidentAnswer.given_week.is_not(None),
        )
        .order_by(IncidentAnswer.given_week.desc(), IncidentAnswer.moment, IncidentAnswer.key)
    ).all()
    found = []
    for row in rows:
        try:
            words = words_in(row.sealed, key=row.key)
        except CannotOpen:
            continue  # its key is gone from SEALING_KEY: the rest is to be read all the same
        found.append(Given(words, row.given_week, row.moment == "end"))
    return tuple(found)
