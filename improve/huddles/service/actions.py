"""Actions: something a person does by a day. Added in a huddle, ended whenever it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from improve.accounts.actor import Actor
from improve.accounts.queries import PersonName
from improve.huddles import rights
from improve.huddles.due import due_fault
from improve.huddles.models import Action, Huddle
from improve.huddles.queries import action_rows, door
from improve.huddles.queries.gathered import DONE_WORDS, DROPPED_WORDS
from improve.huddles.service.rules import (
    NOT_THERE,
    TOKEN_MOST,
    active_person,
    mark_settled,
    open_huddle,
    settle_by_words,
    touch,
    words_faults,
)
from improve.ideas.queries import is_stranger_to
from improve.notifications.service import NoticeKind, take_back, tell
from improve.shared import audit, clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, Reason, RuleBroken, Stale
from improve.shared.formatting import day

NOT_INVITED = "They are a guest of other ideas, not of this one."


@dataclass(frozen=True, slots=True)
class Added:
    """An action; ``is_new`` is False when the same form had made it before.

    ``words`` reads “Added for Kofi, Fri 27 Nov”.
    """

    action_id: int
    is_new: bool
    words: str


def add_action(
    actor: Actor,
    *,
    huddle_id: int,
    what: str,
    owner_id: int,
    due_on: date,
    item_id: int | None = None,
    form_token: str,
) -> Added:
    """Note who does what by when. The owner is anybody active in the council.

    It settles the item, but not a suggestion that waits for its answer. A form sent twice makes
    one. Refuses with ``RuleBroken``, all at once: no words or too many (what), an owner who is not
    there (owner_id), a day before today or more than a year ahead (due_on); and a huddle that is
    over.
    """
    form_token = form_token[:TOKEN_MOST]
    made = made_before(actor, form_token)
    if made is not None:
        return made
    huddle = open_huddle(actor, huddle_id)
    # Two of the same form wait here for each other; the second then finds what the first made.
    made = made_before(actor, form_token)
    if made is not None:
        return made
    what = " ".join(what.split())
    owner = active_person(actor, owner_id)
    faults = words_faults(what, limit="action", field="what", missing="Write what will be done.")
    if owner is None:
        faults.append(Reason(NOT_THERE, "owner_id"))
    faults += _due_faults(due_on)
    item = None if item_id is None else door.item_of(huddle, item_id)
    if owner is not None and is_stranger_to(owner.id, item.idea_id if item else None):
        faults.append(Reason(NOT_INVITED, "owner_id"))
    if faults or owner is None:
        raise RuleBroken(faults)
    row = write_action(
        actor,
        huddle,
        what=what,
        owner=owner,
        due_on=due_on,
        idea_id=item.idea_id if item else None,
        form_token=form_token,
    )
    if item is not None and item.action_id is None:
        settle_by_words(item, f"{what}. {owner.first_name}, {day(due_on)}")
        touch(huddle)
    return Added(row.id, is_new=True, words=added_words(owner.first_name, due_on))


def write_action(
    actor: Actor,
    huddle: Huddle,
    *,
    what: str,
    owner: PersonName,
    due_on: date,
    idea_id: int | None,
    form_token: str,
) -> Action:
    """Write a checked action of a locked huddle."""
    row = Action(
        organisation_id=huddle.organisation_id,
        team_id=huddle.team_id,
        huddle_id=huddle.id,
        idea_id=idea_id,
        what=what,
        owner_id=owner.id,
        due_on=due_on,
        first_due_on=due_on,
        added_by_id=actor.person_id,
        created_at=clock.now(),
        form_token=form_token,
    )
    db.session.add(row)
    touch(huddle)
    audit.record(
        actor, "action_added", "action", row.id, huddle=huddle.id, owner=owner.id, idea=idea_id
    )
    tell_owner(actor, row)
    return row


def tell_owner(actor: Actor, row: Action) -> None:
    """Let whoever is to do it know; where they said so themselves they know."""
    if row.owner_id == actor.person_id:
        return
    title, hides_name = action_rows.idea_of(row)
    tell(
        actor,
        [row.owner_id],
        NoticeKind.ACTION_GIVEN,
        subject_id=row.id,
        # Beside an idea that hides its author, nobody is named who could be.
        facts={
            "title": title or "Something to do",
            "by": "A colleague" if hides_name else actor.first_name,
        },
    )
    db.session.flush()


def made_before(actor: Actor, form_token: str) -> Added | None:
    """Return the action that the same form has made before, or None."""
    row = action_rows.added_with(actor, form_token)
    if row is None:
        return None
    owner = active_person(actor, row.owner_id)
    name = owner.first_name if owner else ""
    return Added(row.id, is_new=False, words=added_words(name, row.first_due_on))


def added_words(name: str, due_on: date) -> str:
    """Return “Added for Kofi, Fri 27 Nov”."""
    return f"Added for {name}, {day(due_on)}" if name else f"Added, {day(due_on)}"


def _due_faults(due_on: date) -> list[Reason]:
    fault = due_fault(due_on, clock.today())
    return [Reason(fault, "due_on")] if fault else []


def _action(actor: Actor, action_id: int) -> Action:
    row = action_rows.action_for_change(actor, action_id)
    if row.owner_id != actor.person_id and not rights.may_run(actor, row.team_id):
        raise Forbidden(rights.WHO_ENDS)
    return row


def _stale(row: Action) -> Stale:
    return Stale(what="action", action_id=row.id, version=row.version)


def end_action(
    actor: Actor, *, action_id: int, is_done: bool, why: str = "", seen_version: int
) -> None:
    """End an action: done, or dropped with a reason (field why). After its huddle as well.

    Its owner may, and whoever may run huddles of its team. Ended the same way twice is harmless.
    Done is done, though somebody moved the day meanwhile; dropping what was changed meanwhile, and
    ending what has ended otherwise, raises ``Stale`` (facts what, action_id, version).
    """
    row = _action(actor, action_id)
    why = why.strip()
    if row.ended_at is not None:
        if (row.done_on is not None) == is_done:
            return
        raise _stale(row)
    if not is_done:
        if row.version != seen_version:
            raise _stale(row)
        faults = words_faults(why, limit="reason", field="why", missing="Say in one line why.")
        if faults:
            raise RuleBroken(faults)
    row.ended_at = clock.now()
    row.done_on = clock.today() if is_done else None
    row.done_by_id = actor.person_id
    row.dropped_why = "" if is_done else why
    row.version += 1
    db.session.flush()
    # What has ended is no news.
    take_back([row.owner_id], NoticeKind.ACTION_GIVEN, subject_id=row.id)
    _follow(actor, row)
    audit.record(actor, "action_ended", "action", row.id, done=is_done)


def reopen_action(actor: Actor, *, action_id: int, seen_version: int) -> None:
    """Take back that an action has ended. Twice is harmless; otherwise as ``end_action``."""
    row = _action(actor, action_id)
    if row.ended_at is None:
        return
    if row.version != seen_version:
        raise _stale(row)
    row.ended_at = row.done_on = row.done_by_id = None
    row.dropped_why = ""
    row.version += 1
    db.session.flush()
    _follow(actor, row)
    audit.record(actor, "action_reopened", "action", row.id)


def move_action(
    actor: Actor,
    *,
    action_id: int,
    due_on: date,
    owner_id: int | None = None,
    seen_version: int,
) -> str | None:
    """Move an open action to another day, or to another person. The day named first stays known.

    The new person gets a notice, and the one before keeps none; return the first name of whoever
    has it now, None where it stayed with whom it was.

    Refuses days and owners as ``add_action``, and an action that has ended. ``Stale`` where it was
    changed meanwhile; the same move sent twice is harmless.
    """
    row = _action(actor, action_id)
    owner_id = owner_id or row.owner_id
    if (row.due_on, row.owner_id, row.ended_at) == (due_on, owner_id, None):
        return None
    if row.version != seen_version:
        raise _stale(row)
    if row.ended_at is not None:
        raise RuleBroken("This action has ended. Take that back first.")
    before, owner = row.owner_id, None
    faults = _due_faults(due_on)
    if owner_id != before:
        owner = active_person(actor, owner_id)
        faults += [] if owner else [Reason(NOT_THERE, "owner_id")]
        if owner is not None and is_stranger_to(owner.id, row.idea_id):
            faults.append(Reason(NOT_INVITED, "owner_id"))
    if faults:
        raise RuleBroken(faults)
    row.due_on, row.owner_id = due_on, owner_id
    row.version += 1
    db.session.flush()
    if owner is not None:
        # It is theirs no more; what they would open says another name.
        take_back([before], NoticeKind.ACTION_GIVEN, subject_id=row.id)
        tell_owner(actor, row)
    _follow(actor, row, moved=True)
    audit.record(actor, "action_moved", "action", row.id, due_on=due_on.isoformat(), owner=owner_id)
    return owner.first_name if owner else None


def _follow(actor: Actor, row: Action, *, moved: bool = False) -> None:
    """Let the huddle of the team that goes on know, where one does and has the action on a list."""
    huddle = door.running_for_change(actor, row.team_id)
    if huddle is None:
        return
    item = action_rows.item_of_action(huddle, row.id)
    if item is None and row.huddle_id != huddle.id:
        return
    if item is not None and row.ended_at is None and not moved:
        item.settled_at, item.settled_words = None, ""
    elif item is not None and moved:
        item.settled_at = None
        mark_settled(item, f"Now {day(row.due_on)}")
    elif item is not None:
        item.settled_at = None
        mark_settled(item, DONE_WORDS if row.done_on else f"{DROPPED_WORDS}: {row.dropped_why}")
    touch(huddle)
