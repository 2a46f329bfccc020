"""“To do after”: a missing item of an idea becomes an action."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from improve.accounts.actor import Actor
from improve.accounts.queries import PersonName
from improve.huddles.due import due_fault, usual_due
from improve.huddles.models import Huddle
from improve.huddles.queries import action_rows, door
from improve.huddles.service.actions import write_action
from improve.huddles.service.rules import NOT_THERE, TOKEN_MOST, active_person, open_huddle
from improve.ideas import queries as ideas_queries
from improve.ideas.huddle_views import HuddleIdeaDetail, MissingItem
from improve.shared import clock, limits
from improve.shared.errors import NotFound, Reason, RuleBroken
from improve.shared.formatting import NBSP, day


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
    A hard need stays one: the action is made and the idea does not move. A need that is met
    meanwhile is refused in words (field key).
    """
    form_token = form_token[:TOKEN_MOST]
    huddle = open_huddle(actor, huddle_id)
    idea_id = door.item_of(huddle, item_id).idea_id
    if idea_id is None:
        raise NotFound
    idea = ideas_queries.huddle_idea(actor, idea_id)
    missing = next((need for need in idea.missing if need.key == key), None)
    made = action_rows.added_with(actor, form_token)
    if made is not None:
        owner = active_person(actor, made.owner_id)
        note = note_words(missing, owner, made.first_due_on) if missing else ""
        is_hard = bool(missing and missing.is_hard)
        return ToDoAfter(made.id, is_new=False, idea_id=idea_id, is_hard=is_hard, note=note)
    if missing is None:
        raise RuleBroken([Reason("This is there meanwhile. Nothing is left to do for it.", "key")])
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
    note = note_words(missing, owner, due_on)
    return ToDoAfter(row.id, is_new=True, idea_id=idea_id, is_hard=missing.is_hard, note=note)


def what_words(missing: MissingItem, title: str) -> str:
    """Return the action: “Choose who leads it: Text families a photo”."""
    words = f"{missing.words[:1].upper()}{missing.words[1:]}: {title}"
    most = limits.length("action")
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def note_words(missing: MissingItem, owner: PersonName | None, due_on: date) -> str:
    """Return the words that pass a soft need, as a move form keeps them.

    “To do after the huddle: choose how you will know. Kofi, Fri 27 Nov”.
    """
    who = f"{owner.first_name}, " if owner else ""
    return f"To do after the huddle: {missing.words}. {who}{day(due_on)}".replace(NBSP, " ")


def _next_on(huddle: Huddle) -> date | None:
    return clock.local(huddle.next_at).date() if huddle.next_at else None


def _owner(actor: Actor, idea: HuddleIdeaDetail, owner_id: int | None) -> PersonName | None:
    """Return who was chosen, where they are here; without a choice the lead, else who asks."""
    if owner_id is not None:
        return active_person(actor, owner_id)
    lead = active_person(actor, idea.lead_id) if idea.lead_id is not None else None
    return lead or active_person(actor, actor.person_id)
