"""Lines under “What we decided”, and what is done about one thing on a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from improve.accounts.actor import Actor
from improve.huddles import rights
from improve.huddles.due import DUE_MOST
from improve.huddles.kinds import DecisionKind, Part
from improve.huddles.models import Decision, Huddle, HuddleItem
from improve.huddles.queries import door
from improve.huddles.service.rules import (
    TOKEN_MOST,
    check_open,
    mark_settled,
    open_huddle,
    settle_by_words,
    touch,
    words_faults,
)
from improve.ideas import queries as ideas_queries
from improve.ideas import service as ideas
from improve.shared import audit, clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, Reason, RuleBroken
from improve.shared.formatting import day


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision; ``is_new`` is False when the same form had made it before."""

    decision_id: int
    is_new: bool


def decide(
    actor: Actor, *, huddle_id: int, words: str, item_id: int | None = None, form_token: str
) -> Decided:
    """Write down what was decided, about an item of this huddle or about none.

    It settles the item, but not a suggestion that waits for its answer. A form sent twice makes
    one. Refuses no words, words over their limit (field words), and a huddle that is over.
    """
    words = words.strip()
    made = door.decided_with(actor, form_token[:TOKEN_MOST])
    if made is not None:
        return Decided(made, is_new=False)
    huddle = open_huddle(actor, huddle_id)
    # Two of the same form wait here for each other; the second then finds what the first made.
    made = door.decided_with(actor, form_token[:TOKEN_MOST])
    if made is not None:
        return Decided(made, is_new=False)
    faults = words_faults(
        words, limit="decision", field="words", missing="Write what was decided, in one line."
    )
    if faults:
        raise RuleBroken(faults)
    item = None if item_id is None else door.item_of(huddle, item_id)
    return _write(actor, huddle, item, kind=DecisionKind.SAID, words=words, form_token=form_token)


def _write(
    actor: Actor,
    huddle: Huddle,
    item: HuddleItem | None,
    *,
    kind: DecisionKind,
    words: str,
    form_token: str,
) -> Decided:
    line = line_of(
        actor,
        huddle,
        kind=kind,
        words=words,
        form_token=form_token[:TOKEN_MOST],
        idea_id=item.idea_id if item else None,
        measure_id=item.measure_id if item else None,
    )
    if item is not None:
        settle_by_words(item, words)
    touch(huddle)
    audit.record(actor, "huddle_decided", "huddle", huddle.id, decision=line.id, idea=line.idea_id)
    return Decided(line.id, is_new=True)


def line_of(
    actor: Actor,
    huddle: Huddle,
    *,
    kind: DecisionKind,
    words: str,
    form_token: str,
    idea_id: int | None,
    measure_id: int | None = None,
) -> Decision:
    """Write one line of a locked huddle."""
    line = Decision(
        organisation_id=huddle.organisation_id,
        team_id=huddle.team_id,
        huddle_id=huddle.id,
        idea_id=idea_id,
        measure_id=measure_id,
        kind=kind.value,
        words=words,
        by_id=actor.person_id,
        at=clock.now(),
        form_token=form_token,
    )
    db.session.add(line)
    db.session.flush()
    return line


def remove_decision(actor: Actor, *, huddle_id: int, decision_id: int) -> None:
    """Take a line out again: whoever wrote it, or the driver. Twice is harmless.

    What was done to the idea stands; only the line goes. Refuses a huddle that is over.
    """
    huddle = open_huddle(actor, huddle_id)
    line = door.decision_of(huddle, decision_id)
    if actor.person_id not in {line.by_id, huddle.driver_id}:
        raise Forbidden(rights.WHO_REMOVES)
    if line.removed_at is not None:
        return
    line.removed_at, line.removed_by_id = clock.now(), actor.person_id
    touch(huddle)
    audit.record(actor, "huddle_decision_removed", "huddle", huddle.id, decision=line.id)


def keep_testing(
    actor: Actor,
    *,
    huddle_id: int,
    item_id: int,
    study_on: date,
    words: str = "",
    form_token: str,
) -> Decided:
    """Go on with a test until ``study_on``: the idea's study-by day, and a line of the notes.

    The line reads “Go on. Study on Tue 8 Dec.” with ``words`` after it. Refuses a day that is not
    after today or more than a year ahead (study_on), whoever may not edit the idea, and an item
    that is no idea with a plan.
    """
    made = door.decided_with(actor, form_token[:TOKEN_MOST])
    if made is not None:
        return Decided(made, is_new=False)
    seen = door.huddle_seen(actor, huddle_id)
    check_open(actor, seen)
    idea_id = door.item_of(seen, item_id).idea_id
    words = words.strip()
    faults = words_faults(words, limit="decision", field="words")
    today = clock.today()
    if study_on <= today or study_on > today + DUE_MOST:
        faults.append(Reason("Choose a day after today, within a year.", "study_on"))
    if idea_id is None:
        faults.append(Reason("This is not an idea."))
    if faults or idea_id is None:
        raise RuleBroken(faults)
    # The idea first, the huddle after it: whoever moves an idea locks them in this order.
    idea = ideas_queries.huddle_idea(actor, idea_id)
    ideas.save_answers(
        actor, idea_id=idea_id, seen_version=idea.version, answers={"study_by_on": study_on}
    )
    huddle = open_huddle(actor, huddle_id)
    made = door.decided_with(actor, form_token[:TOKEN_MOST])
    if made is not None:
        return Decided(made, is_new=False)
    line = f"Go on. Study on {day(study_on)}. {words}".strip()
    item = door.item_of(huddle, item_id)
    return _write(actor, huddle, item, kind=DecisionKind.GO_ON, words=line, form_token=form_token)


def settle(actor: Actor, *, huddle_id: int, item_id: int, words: str = "Looked at") -> None:
    """Note that an item was looked at. Twice is harmless; the first words stand."""
    huddle = open_huddle(actor, huddle_id)
    item = door.item_of(huddle, item_id)
    faults = words_faults(words, limit="decision", field="words")
    if faults:
        raise RuleBroken(faults)
    if item.settled_at is None:
        mark_settled(item, words)
        touch(huddle)


def put_off(actor: Actor, *, huddle_id: int, item_id: int) -> None:
    """Come back to this one: it goes to the end of its part.

    Where the wall shows it and the driver asks, the wall moves to the next. Twice is harmless.
    """
    huddle = open_huddle(actor, huddle_id)
    item = door.item_of(huddle, item_id)
    others = [
        other
        for other in door.items_of_part(huddle, Part(item.part))
        if other.id != item.id and other.settled_at is None
    ]
    if not others or (item.put_off_at is not None and huddle.item_id != item.id):
        return
    item.put_off_at = clock.now()
    if huddle.item_id == item.id and huddle.driver_id == actor.person_id:
        huddle.item_id = others[0].id
    touch(huddle)
