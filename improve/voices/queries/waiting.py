"""What waits to be read in each council, and who reads there today. For jobs of the night."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select

from improve.accounts.queries import holders_of
from improve.accounts.roles import Role
from improve.shared import clock
from improve.shared.db import db
from improve.voices.kinds import State
from improve.voices.models import Voice, VoiceCover, VoiceReply, VoiceSetup


@dataclass(frozen=True, slots=True)
class Waiting:
    """One council. ``untold`` may speak of danger, and no reader was told of them yet.

    Those are unopened ones, and such whose reply to an answer nobody has read.
    """

    setup: VoiceSetup
    unopened: int
    untold: int
    #: Readers on cover today, and all who read.
    readers: tuple[int, ...]
    all_readers: tuple[int, ...]


def is_untold() -> ColumnElement[bool]:
    """Return what holds for a voice that may speak of danger and was told to nobody.

    Either nobody opened it, or nobody has read what was said there of an answer.
    """
    replied = select(VoiceReply.voice_key).where(
        VoiceReply.may_be_danger, VoiceReply.read_at.is_(None)
    )
    is_new = (Voice.state == State.WAITING.value) | Voice.key.in_(replied)
    return is_new & Voice.may_be_danger & Voice.is_told.is_(False) & Voice.locked_at.is_(None)


def waiting_by_council() -> list[Waiting]:
    """Return each council that set up its form, by id. Four statements, and no voice is loaded."""
    today = clock.today()
    holders = holders_of([Role.VOICES_READER])
    setups = db.session.scalars(select(VoiceSetup).order_by(VoiceSetup.organisation_id)).all()
    everybody = _by_council(
        db.session.execute(select(holders.c.organisation_id, holders.c.id).order_by(holders.c.id))
    )
    on_cover = _by_council(
        db.session.execute(
            select(VoiceCover.organisation_id, VoiceCover.person_id)
            .where(VoiceCover.from_on <= today, VoiceCover.to_on >= today)
            .order_by(VoiceCover.person_id, VoiceCover.id)
        )
    )
    waits = {
        organisation_id: (unopened, untold)
        for organisation_id, unopened, untold in db.session.execute(
            select(
                Voice.organisation_id,
                func.count().filter(Voice.state == State.WAITING.value),
                func.count().filter(is_untold()),
            )
            .where((Voice.state == State.WAITING.value) | is_untold())
            .group_by(Voice.organisation_id)
            .order_by(Voice.organisation_id)
        )
    }
    found = []
    for setup in setups:
        here = setup.organisation_id
        readers = everybody.get(here, ())
        covered = set(on_cover.get(here, ()))
        today_reads = tuple(person for person in readers if person in covered)
        found.append(Waiting(setup, *waits.get(here, (0, 0)), today_reads, readers))
    return found


def _by_council(rows: Iterable[Any]) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    for organisation_id, person_id in rows:
        found[organisation_id] = (*found.get(organisation_id, ()), person_id)
    return found
