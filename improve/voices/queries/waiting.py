"""What waits to be read in each council, and who reads there today. For jobs of the night."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from improve.accounts.queries import holders_of
from improve.accounts.roles import Role
from improve.shared import clock
from improve.shared.db import db
from improve.voices.kinds import State
from improve.voices.models import Voice, VoiceCover, VoiceSetup


@dataclass(frozen=True, slots=True)
class Waiting:
    """One council. ``untold`` may speak of danger, and no reader was told of them yet."""

    setup: VoiceSetup
    unopened: int
    untold: tuple[Voice, ...]
    #: Readers on cover today, and all who read.
    readers: tuple[int, ...]
    all_readers: tuple[int, ...]


def waiting_by_council() -> list[Waiting]:
    """Return each council that set up its form, by id; what is told is changed on the rows."""
    today = clock.today()
    found = []
    for setup in db.session.scalars(select(VoiceSetup).order_by(VoiceSetup.organisation_id)).all():
        here = Voice.organisation_id == setup.organisation_id
        waits = Voice.state == State.WAITING.value
        holders = holders_of([Role.VOICES_READER])
        everybody = db.session.scalars(
            select(holders.c.id)
            .where(holders.c.organisation_id == setup.organisation_id)
            .order_by(holders.c.id)
        ).all()
        on_cover = db.session.scalars(
            select(VoiceCover.person_id).where(
                VoiceCover.organisation_id == setup.organisation_id,
                VoiceCover.from_on <= today,
                VoiceCover.to_on >= today,
            )
        ).all()
        found.append(
            Waiting(
                setup,
                db.session.scalar(select(func.count()).select_from(Voice).where(here, waits)) or 0,
                tuple(
                    db.session.scalars(
                        select(Voice)
                        .where(here, waits, Voice.may_be_danger, Voice.is_told.is_(False))
                        .order_by(Voice.key)
                    )
                ),
                tuple(person for person in everybody if person in set(on_cover)),
                tuple(everybody),
            )
        )
    return found
