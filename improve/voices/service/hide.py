"""“This may identify someone”: any member of staff hides shareable words at once."""

from __future__ import annotations

from improve.accounts import roles
from improve.accounts.actor import Actor
from improve.accounts.roles import Permission
from improve.shared import clock
from improve.shared.errors import Forbidden, NotFound
from improve.voices.kinds import State, StepKind
from improve.voices.queries.desk import voice_for_change
from improve.voices.service.one import keep_step
from improve.voices.service.withdraw import withdraw_public_answers


def hide_words(actor: Actor, *, key: str) -> None:
    """Hide words from all but readers until a reader has looked again. Twice is harmless."""
    if not roles.may(actor, Permission.SEE_VOICES):
        raise Forbidden("Only staff who read voices can do this.")
    voice = voice_for_change(actor, key)
    if voice.hidden_at is not None:
        return
    if voice.shared_at is None or voice.locked_at is not None:
        raise NotFound
    voice.hidden_at, voice.hidden_by_id = clock.now(), actor.person_id
    # The words stay for readers, who settle them anew.
    voice.shared_at, voice.shared_by_id, voice.given_to_team_id = None, None, None
    voice.state = State.READING.value
    withdraw_public_answers(voice)
    keep_step(actor, voice, StepKind.HIDDEN)
