"""How a council listens: what the form says of it, and what still stands between it and opening."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from improve.accounts.days.working_calendar import WorkingCalendar, days_in
from improve.accounts.in_confidence.reading_days import DAYS_AHEAD, CoverSpan, days_read
from improve.accounts.queries import councils, holders_of, person_names
from improve.accounts.roles import Role
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import NotFound
from improve.shared.leaving_page import LEAVE_URL
from improve.shared.working_days import is_bank_holiday
from improve.voices.models import VoiceCover, VoiceLanguage, VoiceReader, VoiceSetup
from improve.voices.reading import ANSWER_DAYS, KEEP_DAYS
from improve.voices.wording import ENGLISH, LANGUAGES


@dataclass(frozen=True, slots=True)
class PublicSetup:
    """What the form says of a council.

    ``next_read_on``: the first working day from today on which somebody reads; ``read_by``: the
    first after today, so that words of this evening are no broken promise. None: nobody reads.
    """

    organisation_id: int
    is_open: bool
    council_name: str
    slug: str
    duty_numbers: Mapping[str, str]
    #: First names of those who read, A to Z.
    readers: tuple[str, ...]
    next_read_on: date | None
    read_by: date | None
    answer_by: date
    #: Codes of ``voices.wording.LANGUAGES`` that are on, English first.
    languages: tuple[str, ...]
    leave_url: str
    complaints: str
    advocates: str
    keep_days: int
    tried_with: str
    duty_hours: Mapping[str, list[str]]
    has_inbox: bool
    calendar: WorkingCalendar

    @property
    def takes_words(self) -> bool:
        """Whether words may be sent: open, and a day can be said on which they are read."""
        return self.is_open and self.read_by is not None

    def has_staffed_inbox_now(self, now: datetime) -> bool:
        """Return whether somebody sits at the duty inbox at ``now`` (aware)."""
        local = clock.local(now)
        hours = self.duty_hours.get(str(local.weekday()), [])
        day = local.date()
        if not self.has_inbox or len(hours) < 2:
            return False
        # A rota made by weekdays says nothing of a bank holiday: better to show the numbers.
        if day in self.calendar.closing_days or is_bank_holiday(day):
            return False
        return hours[0] <= f"{local:%H:%M}" < hours[1]


@dataclass(frozen=True, slots=True)
class ReaderView:
    """Who holds the role of voices reader, and their training, None where none is entered."""

    person_id: int
    name: str
    trained_on: date | None
    trained_by: str

    @property
    def first_name(self) -> str:
        """What those who tell us read."""
        return self.name.split(" ", 1)[0]


def public_setup(organisation_id: int, today: date) -> PublicSetup:
    """Return what the form says of a council. Raises ``NotFound``. Four statements."""
    facts = councils()
    row = db.session.execute(
        select(facts, VoiceSetup)
        .outerjoin(VoiceSetup, VoiceSetup.organisation_id == facts.c.id)
        .where(facts.c.id == organisation_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    setup: VoiceSetup | None = row.VoiceSetup
    calendar = WorkingCalendar(closing_days=days_in(row.closing_days))
    trained = [reader for reader in readers(organisation_id) if reader.trained_on]
    reading = days_read(
        cover_spans(organisation_id, today),
        {reader.person_id for reader in trained},
        calendar,
        today,
        DAYS_AHEAD,
    )
    covered = [day for day, names in reading if names]
    return PublicSetup(
        organisation_id=organisation_id,
        is_open=setup is not None and setup.opened_at is not None,
        council_name=row.name,
        slug=row.slug,
        duty_numbers=dict(row.duty_numbers),
        readers=tuple(reader.first_name for reader in trained),
        next_read_on=next(iter(covered), None),
        read_by=next((day for day in covered if day > today), None),
        answer_by=today + timedelta(days=ANSWER_DAYS),
        languages=(ENGLISH, *languages_on(organisation_id)),
        leave_url=(setup.leave_url if setup else "") or LEAVE_URL,
        complaints=setup.complaints if setup else "",
        advocates=setup.advocates if setup else "",
        keep_days=setup.keep_days if setup else KEEP_DAYS,
        tried_with=setup.tried_with if setup else "",
        duty_hours=dict(setup.duty_hours) if setup else {},
        has_inbox=bool(setup and setup.duty_inbox),
        calendar=calendar,
    )


def readers(organisation_id: int) -> list[ReaderView]:
    """Return who holds the role of voices reader today, A to Z, with their training."""
    holders = holders_of([Role.VOICES_READER])
    rows = db.session.execute(
        select(holders.c.id, holders.c.name, VoiceReader.trained_on, VoiceReader.trained_by)
        .outerjoin(VoiceReader, VoiceReader.person_id == holders.c.id)
        .where(holders.c.organisation_id == organisation_id)
        .order_by(holders.c.name, holders.c.id)
    )
    return [ReaderView(row[0], row[1], row[2], row[3] or "") for row in rows]


def cover_spans(organisation_id: int, today: date) -> list[CoverSpan]:
    """Return who reads from when to when, of what is not over, the first first."""
    people = person_names()
    rows = db.session.execute(
        select(
            VoiceCover.id, VoiceCover.person_id, people.c.name, VoiceCover.from_on, VoiceCover.to_on
        )
        .join(people, people.c.id == VoiceCover.person_id)
        .where(VoiceCover.organisation_id == organisation_id, VoiceCover.to_on >= today)
        .order_by(VoiceCover.from_on, VoiceCover.to_on, VoiceCover.id)
    )
    return [CoverSpan(*row) for row in rows]


def languages_on(organisation_id: int) -> list[str]:
    """Return codes of the languages that somebody checked here and that are on, A to Z."""
    rows = db.session.scalars(
        select(VoiceLanguage.language)
        .where(VoiceLanguage.organisation_id == organisation_id, VoiceLanguage.ended_at.is_(None))
        .distinct()
        .order_by(VoiceLanguage.language)
    )
    return [language for language in rows if language in LANGUAGES]


def languages_checked(organisation_id: int) -> dict[str, tuple[str, date]]:
    """Return who checked each language that is on, and when, by its code. One statement."""
    rows = db.session.execute(
        select(VoiceLanguage.language, VoiceLanguage.checked_by, VoiceLanguage.checked_on)
        .where(VoiceLanguage.organisation_id == organisation_id, VoiceLanguage.ended_at.is_(None))
        .order_by(VoiceLanguage.language, VoiceLanguage.id)
    )
    return {language: (by, on) for language, by, on in rows}
