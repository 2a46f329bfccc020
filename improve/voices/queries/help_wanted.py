"""Who asked for help, for the duty team alone. No voice leads here, nor back."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import func, select

from improve.accounts.actor import Actor
from improve.shared import clock
from improve.shared.db import db
from improve.shared.sealing import CannotOpen
from improve.voices.models import HelpRequest, VoiceSetup
from improve.voices.sealed import sealer

#: What a wish for help is sealed and its link is named under: never that of a voice.
PURPOSE: Final = "help wanted"
#: How long a link works and how they can be reached is kept, where nobody says they have it.
KEPT: Final = timedelta(days=28)
#: After how long the duty team is told again.
TOLD_AGAIN: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Contact:
    """Who wants help, in their own words, and how they can be reached without harm."""

    name: str
    reach: str
    when: str = ""
    keep_from: str = ""


@dataclass(frozen=True, slots=True)
class HelpWanted:
    """One wish for help as the link shows it: that it waits, or who has it. Never the contact."""

    came_on: date
    organisation_id: int
    opened_at: datetime | None
    picked_up_at: datetime | None
    by: str


def help_wanted(token: str) -> HelpWanted | None:
    """Return what the link of a mail leads to, None for none, or for one that has ended."""
    row = row_of(token)
    if row is None:
        return None
    return HelpWanted(
        row.came_on, row.organisation_id, row.opened_at, row.picked_up_at, row.picked_up_by
    )


def row_of(token: str, *, for_change: bool = False) -> HelpRequest | None:
    """Return the row of a link while it works; for a change it is locked."""
    found = select(HelpRequest).where(
        HelpRequest.token_hash.in_(sealer(PURPOSE).hashes(token)),
        HelpRequest.came_on > clock.today() - KEPT,
    )
    return db.session.scalars(found.with_for_update() if for_change else found).one_or_none()


def seal(row: HelpRequest, contact: Contact, token: str) -> bytes:
    """Return how they can be reached, and the link's own secret to mail it again, sealed."""
    words = json.dumps({"contact": asdict(contact), "token": token})
    return sealer(PURPOSE).seal(words, about=row.key)


def opened(row: HelpRequest) -> tuple[Contact, str] | None:
    """Return what is sealed in a row: the contact and the link's secret. None: it is gone."""
    if row.sealed is None:
        return None
    try:
        held = json.loads(sealer(PURPOSE).open(row.sealed, about=row.key))
    except CannotOpen:
        return None
    return Contact(**held["contact"]), str(held["token"])


def waits_for_duty(actor: Actor) -> int:
    """Return how many wishes for help nobody of the duty team has yet. One statement."""
    return int(
        db.session.execute(
            select(func.count())
            .select_from(HelpRequest)
            .where(
                HelpRequest.organisation_id == actor.organisation_id,
                HelpRequest.picked_up_at.is_(None),
                HelpRequest.sealed.is_not(None),
            )
        ).scalar_one()
    )


def is_kept(key: str) -> bool:
    """Return whether this very form was sent before."""
    return bool(
        db.session.scalar(select(select(HelpRequest.key).where(HelpRequest.key == key).exists()))
    )


def asked_on(organisation_id: int, day: date) -> int:
    """Return how many wishes for help came to a council on a day."""
    return int(
        db.session.execute(
            select(func.count())
            .select_from(HelpRequest)
            .where(HelpRequest.organisation_id == organisation_id, HelpRequest.came_on == day)
        ).scalar_one()
    )


def inbox_of(organisation_id: int) -> str:
    """Return the mail address of the staffed duty team; “” where none is set."""
    return (
        db.session.scalar(
            select(VoiceSetup.duty_inbox).where(VoiceSetup.organisation_id == organisation_id)
        )
        or ""
    )


def to_tell_again() -> list[tuple[HelpRequest, str]]:
    """Return what nobody has since an hour, with where it is mailed, oldest first; locked."""
    rows = db.session.execute(
        select(HelpRequest, VoiceSetup.duty_inbox)
        .join(VoiceSetup, VoiceSetup.organisation_id == HelpRequest.organisation_id)
        .where(
            HelpRequest.picked_up_at.is_(None),
            HelpRequest.sealed.is_not(None),
            HelpRequest.came_on > clock.today() - KEPT,
            HelpRequest.told_at <= clock.now() - TOLD_AGAIN,
            VoiceSetup.duty_inbox != "",
        )
        .order_by(HelpRequest.told_at, HelpRequest.key)
        .with_for_update(of=HelpRequest, skip_locked=True)
    )
    return [(row, inbox) for row, inbox in rows]


def past_their_days() -> list[HelpRequest]:
    """Return every wish for help whose link has ended, by key."""
    return list(
        db.session.scalars(
            select(HelpRequest)
            .where(HelpRequest.came_on <= clock.today() - KEPT)
            .order_by(HelpRequest.key)
        )
    )
