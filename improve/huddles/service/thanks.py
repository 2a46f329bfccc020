"""Saying thanks in a huddle."""

from __future__ import annotations

from improve.accounts.actor import Actor
from improve.huddles.models import Huddle, HuddleThanks
from improve.huddles.queries import door
from improve.huddles.service.rules import check_open, open_huddle, touch
from improve.ideas import service as ideas
from improve.shared.db import db
from improve.shared.errors import Reason, RuleBroken


def thank_in_huddle(
    actor: Actor,
    *,
    huddle_id: int,
    to_id: int,
    words: str,
    item_id: int | None = None,
    form_token: str,
) -> int:
    """Thank one person in a sentence; return the id of the thank-you, which stands in the notes.

    It lands on their page. Rules and fields (to_id, words) as ``ideas.service.say_thanks``. A form
    sent twice thanks once. Refuses a huddle that is over.
    """
    seen = door.huddle_seen(actor, huddle_id)
    check_open(actor, seen)
    if not to_id:
        # “Whoever logged it” would put a hidden name into the notes.
        raise RuleBroken([Reason("Choose who you want to thank.", "to_id")])
    item = None if item_id is None else door.item_of(seen, item_id)
    # The idea first, the huddle after it: whoever moves an idea locks them in this order.
    thanks_id = ideas.say_thanks(
        actor,
        to_id=to_id,
        words=words,
        team_id=seen.team_id,
        idea_id=item.idea_id if item else None,
        form_token=form_token,
        is_read_out=True,
    )
    huddle = open_huddle(actor, huddle_id)
    if keep_in_notes(huddle, thanks_id):
        touch(huddle)
    return thanks_id


def keep_in_notes(huddle: Huddle, thanks_id: int) -> bool:
    """Have a thank-you stand in the notes of a locked huddle; return whether it did not yet."""
    if door.is_thanked_in(huddle, thanks_id):
        return False
    db.session.add(HuddleThanks(huddle_id=huddle.id, thanks_id=thanks_id))
    db.session.flush()
    return True
