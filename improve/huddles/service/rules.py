"""What every act in a huddle asks first, and what it leaves behind."""

from __future__ import annotations

from improve.accounts.actor import Actor
from improve.accounts.queries import PersonName, active_people
from improve.huddles import rights
from improve.huddles.kinds import Part
from improve.huddles.models import Huddle, HuddleItem
from improve.huddles.queries import door
from improve.shared import clock, limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, Reason, RuleBroken

#: Longest form token kept; ours are shorter.
TOKEN_MOST = 64
#: People here who are not ticked by name: a room, not a hall.
OTHERS_MOST = 200
NOT_THERE = "Choose somebody who works here now."


def open_huddle(actor: Actor, huddle_id: int) -> Huddle:
    """Return a huddle that goes on, locked, in which the actor may add. Raises as services do."""
    huddle = door.huddle_for_change(actor, huddle_id)
    check_open(actor, huddle)
    return huddle


def check_open(actor: Actor, huddle: Huddle) -> None:
    """Raise where the actor may not add to a huddle, or it is over."""
    if not rights.may_run(actor, huddle.team_id):
        raise Forbidden(rights.WHO_RUNS)
    if huddle.finished_at is not None:
        raise RuleBroken(rights.IS_OVER)


def touch(huddle: Huddle) -> None:
    """Note that something was said or done: the wall and the phones look again."""
    huddle.version += 1
    huddle.acted_at = clock.now()
    db.session.flush()


def mark_settled(item: HuddleItem, words: str) -> None:
    """Note that something was done about an item; the first words stand."""
    if item.settled_at is None:
        item.settled_at = clock.now()
        item.settled_words = words


def settle_by_words(item: HuddleItem, words: str) -> None:
    """Note that something was said about an item.

    A suggestion is settled by an answer to whoever made it, not by words in the room.
    """
    if item.part != Part.NEW.value:
        mark_settled(item, words)


def words_faults(words: str, *, limit: str, field: str, missing: str = "") -> list[Reason]:
    """Return what is wrong with words that a person wrote: none where some are needed, too many."""
    if missing and not words:
        return [Reason(missing, field)]
    most = limits.length(limit)
    return [Reason(f"Keep this to {most:,} characters.", field)] if len(words) > most else []


def others_faults(others_here: int) -> list[Reason]:
    """Return what is wrong with the number of others here."""
    if 0 <= others_here <= OTHERS_MOST:
        return []
    return [Reason(f"Use a number from 0 to {OTHERS_MOST}.", "others_here")]


def active_person(actor: Actor, person_id: int) -> PersonName | None:
    """Return an active person of the organisation, or None."""
    return active_people(actor, [person_id]).get(person_id)
