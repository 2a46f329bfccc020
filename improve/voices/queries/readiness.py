"""What must stand before the form opens, and what is still missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.accounts.queries import councils, person_names
from improve.accounts.reading_days import (
    DAYS_AHEAD,
    DAYS_NEEDED,
    DAYS_SHOWN,
    CoverSpan,
    Need,
    days_read,
)
from improve.accounts.working_calendar import WorkingCalendar
from improve.shared.db import db
from improve.voices.models import VoiceSetup
from improve.voices.queries.setup import ReaderView, cover_spans, readers
from improve.voices.reading import KEEP_DAYS

#: Two, so that one may be ill or away.
READERS_NEEDED: Final = 2


@dataclass(frozen=True, slots=True)
class SetupView:
    """A council's own choices as they stand; a council that chose nothing has version 0."""

    version: int = 0
    dpia_by: str = ""
    dpia_on: date | None = None
    legal_by: str = ""
    legal_on: date | None = None
    numbers_tried_by: str = ""
    numbers_tried_on: date | None = None
    numbers_tried: dict[str, str] = field(default_factory=dict)
    promise: str = ""
    promised_by: str = ""
    promised_at: datetime | None = None
    opened_at: datetime | None = None
    opened_by: str = ""
    duty_inbox: str = ""
    duty_hours: dict[str, list[str]] | None = None
    complaints: str = ""
    advocates: str = ""
    leave_url: str = ""
    keep_days: int = KEEP_DAYS
    tried_with: str = ""


@dataclass(frozen=True, slots=True)
class Readiness:
    """How far a council is on a day."""

    today: date
    setup: SetupView
    slug: str
    readers: tuple[ReaderView, ...]
    duty_numbers: dict[str, str]
    spans: tuple[CoverSpan, ...]
    #: The next working days, and who reads on each.
    days: tuple[tuple[date, tuple[str, ...]], ...]

    @property
    def needs(self) -> tuple[Need, ...]:
        """Everything that must stand, in the order of the page."""
        setup = self.setup
        trained = [reader.name for reader in self.readers if reader.trained_on]
        more = READERS_NEEDED - len(trained)
        open_days = self.days_without
        untold = [
            words
            for time, words in (("day", "in the day"), ("night", "at night"))
            if not self.duty_numbers.get(time)
        ]
        return (
            Need(
                "readers",
                "Two trained readers",
                more <= 0,
                ", ".join(trained) if more <= 0 else f"{'One' if more == 1 else 'Two'} more needed",
                "So that one may be ill or away, and nobody reads hard things alone",
            ),
            Need(
                "cover",
                "Somebody reads on each of the next ten working days",
                not open_days,
                "Every day has somebody"
                if not open_days
                else f"Nobody yet on {len(open_days)} of {min(DAYS_NEEDED, len(self.days))} days",
                "The form promises the day on which words are read",
            ),
            Need(
                "dpia",
                "Data protection impact assessment signed",
                bool(setup.dpia_by and setup.dpia_on),
                setup.dpia_by or "Not signed yet",
                "Children tell us about their lives: the risks are looked at first",
            ),
            Need(
                "legal",
                "Legal check signed",
                bool(setup.legal_by and setup.legal_on),
                setup.legal_by or "Not signed yet",
                "What we keep, and what we must pass on, has to be lawful",
            ),
            Need(
                "numbers",
                "Day and night numbers rung, and somebody answered",
                not untold and self.are_numbers_tried,
                f"No number {' and '.join(untold)} yet"
                if untold
                else "They were changed since. Ring them again"
                if self.were_numbers_changed
                else setup.numbers_tried_by or "Not tried yet",
                "Somebody who is not safe must reach a person",
            ),
            Need(
                "complaints",
                "How to complain, in the form",
                bool(setup.complaints),
                "Written" if setup.complaints else "Not written yet",
                "Whoever tells us has a right to complain, and is told how",
            ),
            Need(
                "promise",
                "The promise, signed by a leader",
                bool(setup.promised_at),
                setup.promised_by or "Not signed yet. A leader signs it with their own account",
                "Families see who stands for it that somebody listens and answers",
            ),
        )

    @property
    def were_numbers_changed(self) -> bool:
        """Whether other numbers hold now than those that somebody rang."""
        rung = self.setup.numbers_tried
        return bool(self.setup.numbers_tried_by) and any(
            line != rung.get(time, "") for time, line in self.duty_numbers.items()
        )

    @property
    def are_numbers_tried(self) -> bool:
        """Whether somebody rang the numbers that hold now."""
        setup = self.setup
        return bool(setup.numbers_tried_by and setup.numbers_tried_on) and (
            not self.were_numbers_changed
        )

    @property
    def days_without(self) -> tuple[date, ...]:
        """The next working days that must have somebody and have nobody."""
        return tuple(day for day, names in self.days[:DAYS_NEEDED] if not names)

    @property
    def shown_days(self) -> tuple[tuple[date, tuple[str, ...]], ...]:
        """What the calendar of cover shows."""
        return self.days[:DAYS_SHOWN]

    @property
    def is_read_at_all(self) -> bool:
        """Whether somebody is down to read on a day after today, as the form asks."""
        return any(names for day, names in self.days if day > self.today)

    @property
    def missing(self) -> tuple[Need, ...]:
        """What does not stand yet."""
        return tuple(need for need in self.needs if not need.is_met)

    @property
    def is_open(self) -> bool:
        """Whether the form takes words."""
        return self.setup.opened_at is not None


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
    same = (name for name in SetupView.__slots__ if name not in {"promised_by", "opened_by"})
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
        today,
        setup_of(actor),
        slug,
        tuple(found),
        {"day": "", "night": "", **numbers},
        tuple(spans),
        tuple(days),
    )
