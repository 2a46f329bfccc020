"""“To do after”: a missing item of an idea becomes an action."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from improve.accounts.actor import Actor
from improve.accounts.queries import PersonName
from improve.huddles.due import due_fault, usual_due
from improve.huddles.models import Action, Huddle
from improve.huddles.promised import (
    hard_words,
    may_be_done_after,
    note_words,
    what_words,
    who_and_when,
)
from improve.huddles.queries import action_rows, door
from improve.huddles.service.actions import write_action
from improve.huddles.service.rules import NOT_THERE, TOKEN_MOST, active_person, open_huddle
from improve.ideas import queries as ideas_queries
from improve.ideas.huddle_views import HuddleIdeaDetail, MissingItem
from improve.shared import clock
from improve.shared.errors import NotFound, Reason, RuleBroken

#: A day cannot be done; the product offers no such button, an old page may.
NOTHING_TO_DO: Final = "That day comes by itself. Keep going until then, or say why not."


@dataclass(frozen=True, slots=True)
class ToDoAfter:
    """The action made. ``note`` fills the move form of soft items.

    It reads “To do after the huddle: choose how you will know. Kofi, Fri 27 Nov”.
    """

    action_id: int
    is_new: bool
    idea_id: int
    is_hard: bool
    note: str


def do_after(
    actor: Actor,
    *,
    huddle_id: int,
    item_id: int,
    key: str,
    owner_id: int | None = None,
    due_on: date | None = None,
    form_token: str,
) -> ToDoAfter:
    """Make an action of one missing need (``MissingItem.key``) of an item's idea.

    For its lead, else whoever asks, due at the next huddle, else in a week; both may be chosen.
    What is in hand already is not made twice. A hard need stays one: the action is made and the
    idea does not move. A need that is met meanwhile, and a day that has not come, are refused in
    words (field key).
    """
    form_token = form_token[:TOKEN_MOST]
    huddle = open_huddle(actor, huddle_id)
    idea_id = door.item_of(huddle, item_id).idea_id
    if idea_id is None:
        raise NotFound
    idea = ideas_queries.huddle_idea(actor, idea_id)
    missing = next((need for need in idea.missing if need.key == key), None)
    made = action_rows.added_with(actor, form_token)
    if made is not None and missing is None:
        return ToDoAfter(made.id, is_new=False, idea_id=idea_id, is_hard=False, note="")
    if missing is None:
        raise RuleBroken([Reason("This is there meanwhile. Nothing is left to do for it.", "key")])
    if not may_be_done_after(missing):
        raise RuleBroken([Reason(NOTHING_TO_DO, "key")])
    made = made or _in_hand(actor, idea).get(key)
    if made is not None:
        return _answer(actor, idea, missing, made, is_new=False)
    owner = _owner(actor, idea, owner_id)
    due_on = due_on or usual_due(clock.today(), _next_on(huddle))
    faults = []
    if owner is None:
        faults.append(Reason(NOT_THERE, "owner_id"))
    fault = due_fault(due_on, clock.today())
    if fault:
        faults.append(Reason(fault, "due_on"))
    if faults or owner is None:
        raise RuleBroken(faults)
    row = write_action(
        actor,
        huddle,
        what=what_words(missing, idea.card.title),
        owner=owner,
        due_on=due_on,
        idea_id=idea_id,
        form_token=form_token,
    )
    return _answer(actor, idea, missing, row, is_new=True)


def _in_hand(actor: Actor, idea: HuddleIdeaDetail) -> dict[str, Action]:
    """Return the open actions that were made of what an idea needs, by key of the need."""
    by_words = {row.what: row for row in action_rows.open_actions_of_idea(actor, idea.id)}
    named = {need.key: what_words(need, idea.card.title) for need in idea.missing}
    return {key: by_words[what] for key, what in named.items() if what in by_words}


def _answer(
    actor: Actor, idea: HuddleIdeaDetail, missing: MissingItem, row: Action, *, is_new: bool
) -> ToDoAfter:
    """Say what was made; the note holds all that is in hand for this idea, for one move."""
    rows = {**_in_hand(actor, idea), missing.key: row}
    said = {}
    for key, one in rows.items():
        owner = active_person(actor, one.owner_id)
        said[key] = who_and_when(owner.first_name if owner else "", one.due_on)
    note = (
        hard_words(missing, said[missing.key])
        if missing.is_hard
        else note_words(idea.missing, said)
    )
    return ToDoAfter(row.id, is_new=is_new, idea_id=idea.id, is_hard=missing.is_hard, note=note)


def _next_on(huddle: Huddle) -> date | None:
    return clock.local(huddle.next_at).date() if huddle.next_at else None


def _owner(actor: Actor, idea: HuddleIdeaDetail, owner_id: int | None) -> PersonName | None:
    """Return who was chosen, where they are here; without a choice the lead, else who asks."""
    if owner_id is not None:
        return active_person(actor, owner_id)
    lead = active_person(actor, idea.lead_id) if idea.lead_id is not None else None
    return lead or active_person(actor, actor.person_id)
