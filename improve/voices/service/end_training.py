"""A reader's training ends with the role: given anew, it opens nothing until it is entered anew."""

from __future__ import annotations

from sqlalchemy import delete

from improve.accounts.roles import Role
from improve.accounts.roles_changed import RolesChanged
from improve.shared import events
from improve.shared.db import db
from improve.voices.models import VoiceReader


def follow_roles() -> None:
    """Subscribe: forget somebody's training when the role of reader is taken, or given anew."""
    events.subscribe(RolesChanged, end_training)


def end_training(event: RolesChanged) -> None:
    """Forget the training that hung on the role, so that the readers hear of it who is one again.

    Whoever has got into somebody's account could otherwise be made a reader unseen: by the training
    that still stood. What stood from before the role was given counts as little.
    """
    if Role.VOICES_READER in event.roles:
        db.session.execute(
            delete(VoiceReader)
            .where(
                VoiceReader.organisation_id == event.organisation_id,
                VoiceReader.person_id == event.person_id,
            )
            .execution_options(synchronize_session=False)
        )
