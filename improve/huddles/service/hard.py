"""What made the right thing hard this week."""

from __future__ import annotations

from improve.accounts.actor import Actor
from improve.huddles.conditions import CONDITION_WORDS
from improve.huddles.models import HardThing
from improve.huddles.queries import door
from improve.huddles.service.rules import TOKEN_MOST, open_huddle, touch, words_faults
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import Reason, RuleBroken


def note_hard_thing(
    actor: Actor, *, huddle_id: int, condition: str, words: str = "", form_token: str
) -> None:
    """Note one of the 14 conditions (``shared.conditions``), with a line of words or none.

    Who said it is kept nowhere, not in the log either. A form sent twice notes it once. Refuses
    an unknown condition (condition), words over their limit (words), and a huddle that is over.
    """
    huddle = open_huddle(actor, huddle_id)
    form_token, words = form_token[:TOKEN_MOST], words.strip()
    if door.is_hard_thing_noted(form_token):
        return
    faults = words_faults(words, limit="hard_thing", field="words")
    if condition not in CONDITION_WORDS:
        faults.append(Reason("Choose what comes nearest.", "condition"))
    if faults:
        raise RuleBroken(faults)
    db.session.add(
        HardThing(
            organisation_id=huddle.organisation_id,
            team_id=huddle.team_id,
            huddle_id=huddle.id,
            condition=condition,
            words=words,
            at=clock.now(),
            form_token=form_token,
        )
    )
    touch(huddle)
