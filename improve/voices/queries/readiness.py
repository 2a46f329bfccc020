"""What must stand before the form opens, and what is still missing."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.accounts.days.working_calendar import WorkingCalendar
from improve.accounts.in_confidence.readiness import Need, Ready, Signatures
from improve.accounts.in_confidence.reading_days import DAYS_AHEAD, days_read
from improve.accounts.queries import councils, person_names
from improve.shared.db import db
from improve.voices.models import VoiceSetup
from improve.voices.queries.setup import ReaderView, cover_spans, readers
from improve.voices.reading import KEEP_DAYS


@dataclass(frozen=True, slots=True)
class SetupView(Signatures):
    """A council's own choices as they stand; a council that chose nothing has version 0."""

    duty_inbox: str = ""
    duty_hours: dict[str, list[str]] | None = None
    complaints: str = ""
    advocates: str = ""
    leave_url: str = ""
    keep_days: int = KEEP_DAYS
    tried_with: str = ""


@dataclass(frozen=True, slots=True)
class Readiness(Ready):
    """How far a council is on a day."""

    setup: SetupView
    readers: tuple[ReaderView, ...]

    @property
    def needs(self) -> tuple[Need, ...]:
        """Everything that must stand, in the order of the page."""
        complaints = self.setup.complaints
        return (
            self.readers_need(
                "Two trained readers",
                [reader.name for reader in self.readers if reader.trained_on],
                "So that one may be ill or away, and nobody reads hard things alone",
            ),
            self.cover_need("The form promises the day on which words are read"),
            self.dpia_need("Children tell us about their lives: the risks are looked at first"),
            self.legal_need("What we keep, and what we must pass on, has to be lawful"),
            self.numbers_need("Somebody who is not safe must reach a person"),
            Need(
                "complaints",
                "How to complain, in the form",
                bool(complaints),
                "Written" if complaints else "Not written yet",
                "Whoever tells us has a right to complain, and is told how",
            ),
            self.promise_need("Families see who stands for it that somebody listens and answers"),
        )


def setup_of(actor: Actor) -> SetupView:
    """Return a council's own choices. One statement."""
    signed, opened = person_names(), person_names().alias("openers")
    row = db.session.execute(
        select(VoiceSetup, signed.c.name, opened.c.name)
        .outerjoin(signed, signed.c.id == VoiceSetup.promised_by_id)
        .outerjoin(opened, opened.c.id == VoiceSetup.opened_by_id)
        .where(VoiceSetup.organisation_id == actor.organisation_id)
    ).one_or_none()
    if row is None:
        return SetupView()
    kept, promised_by, opened_by = row
    same = [one.name for one in fields(SetupView) if one.name not in {"promised_by", "opened_by"}]
    return SetupView(
        **{name: getattr(kept, name) for name in same},
        promised_by=promised_by or "",
        opened_by=opened_by or "",
    )


def readiness(actor: Actor, today: date) -> Readiness:
    """Return how far the actor's council is. Four statements."""
    facts = councils()
    slug, numbers = db.session.execute(
        select(facts.c.slug, facts.c.duty_numbers).where(facts.c.id == actor.organisation_id)
    ).one()
    found = readers(actor.organisation_id)
    spans = cover_spans(actor.organisation_id, today)
    days = days_read(
        spans,
        {reader.person_id for reader in found if reader.trained_on},
        WorkingCalendar(closing_days=actor.closing_days),
        today,
        DAYS_AHEAD,
    )
    return Readiness(
        today=today,
        setup=setup_of(actor),
        slug=slug,
        duty_numbers={"day": "", "night": "", **numbers},
        spans=tuple(spans),
        days=tuple(days),
        readers=tuple(found),
    )
