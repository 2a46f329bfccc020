"""Driving a huddle: moving what the wall shows, the clock, who drives and who is here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from improve.accounts.actor import Actor
from improve.accounts.queries import active_people
from improve.huddles import pace as paces
from improve.huddles.kinds import Part
from improve.huddles.models import Huddle, HuddlePerson
from improve.huddles.queries import door
from improve.huddles.service.rules import NOT_THERE, open_huddle, others_faults, touch
from improve.shared import audit, clock
from improve.shared.db import db
from improve.shared.errors import NotFound, Reason, RuleBroken


def go_to(actor: Actor, *, huddle_id: int, part: Part, item_id: int | None = None) -> None:
    """Stand at a part, and at one of its items: what the wall shows. Only the driver may.

    Without an item it is the first that nothing was done about yet. Refuses with ``RuleBroken``
    (in words, who drives) everybody else, and a huddle that is over. Raises ``NotFound`` for a
    part or an item that this huddle has not. Twice is harmless.
    """
    huddle = open_huddle(actor, huddle_id)
    if huddle.driver_id != actor.person_id:
        name = door.driver_name(actor, huddle).split(" ", 1)[0]
        raise RuleBroken(f"{name} is driving. Take over driving to move what the wall shows.")
    if part.value not in huddle.parts:
        raise NotFound
    items = door.items_of_part(huddle, part)
    if item_id is None:
        left = [item.id for item in items if item.settled_at is None]
        item_id = next(iter([*left, *(item.id for item in items)]), None)
    elif item_id not in {item.id for item in items}:
        raise NotFound
    if (huddle.part, huddle.item_id) == (part.value, item_id):
        return
    if huddle.part != part.value:
        settle_part_time(huddle, clock.now())
        huddle.part = part.value
    huddle.item_id = item_id
    touch(huddle)


def settle_part_time(huddle: Huddle, now: datetime) -> None:
    """Count the time of the present part of a locked huddle up to ``now``, and begin anew there."""
    seconds = paces.part_seconds(huddle.part_opened_at, huddle.paused_at, now)
    door.add_part_seconds(huddle.id, huddle.part, seconds)
    huddle.part_opened_at = now


def pause(actor: Actor, *, huddle_id: int) -> None:
    """Stop the clock. Anybody who may run huddles of the team may. Twice is harmless."""
    huddle = open_huddle(actor, huddle_id)
    if huddle.paused_at is not None:
        return
    now = clock.now()
    settle_part_time(huddle, now)
    huddle.paused_at = now
    touch(huddle)


def go_on(actor: Actor, *, huddle_id: int) -> None:
    """Let the clock go on after a pause. Twice is harmless."""
    huddle = open_huddle(actor, huddle_id)
    if huddle.paused_at is None:
        return
    end_pause(huddle, clock.now())
    touch(huddle)


def end_pause(huddle: Huddle, now: datetime) -> None:
    """Count a pause of a locked huddle as over at ``now``, where there is one."""
    if huddle.paused_at is not None:
        huddle.paused_seconds += paces.seconds_between(huddle.paused_at, now)
        huddle.paused_at = None
        huddle.part_opened_at = now


def take_over_driving(actor: Actor, *, huddle_id: int) -> None:
    """Become the driver. Anybody who may run huddles of the team may. Twice is harmless."""
    huddle = open_huddle(actor, huddle_id)
    if huddle.driver_id == actor.person_id:
        return
    before = huddle.driver_id
    huddle.driver_id = actor.person_id
    touch(huddle)
    audit.record(actor, "huddle_driver_changed", "huddle", huddle.id, before=before)


def tick_here(
    actor: Actor, *, huddle_id: int, here_ids: Iterable[int], others_here: int = 0
) -> None:
    """Say who is here, all at once; it is left to the team, and nobody is noted as away.

    Refuses people who are not active in the council, and a number of others below 0 or over 200
    (field others_here).
    """
    huddle = open_huddle(actor, huddle_id)
    wanted = set(here_ids)
    ticked = {row.person_id: row for row in door.people_here(huddle)}
    # Somebody who was here and has left the council since was here all the same.
    check_here(actor, wanted - set(ticked), others_here)
    if set(ticked) == wanted and huddle.others_here == others_here:
        return
    for person_id in sorted(set(ticked) - wanted):
        db.session.delete(ticked[person_id])
    note_here(huddle, wanted - set(ticked), others_here)
    touch(huddle)


def check_here(actor: Actor, here_ids: set[int], others_here: int) -> None:
    """Raise ``RuleBroken`` where somebody ticked is not there, or others are too many."""
    faults = others_faults(others_here)
    if here_ids and set(active_people(actor, here_ids)) != here_ids:
        faults.append(Reason(NOT_THERE, "here"))
    if faults:
        raise RuleBroken(faults)


def note_here(huddle: Huddle, person_ids: Iterable[int], others_here: int) -> None:
    """Tick these people, who were checked and are not ticked yet."""
    huddle.others_here = others_here
    db.session.add_all(
        HuddlePerson(huddle_id=huddle.id, person_id=person_id) for person_id in sorted(person_ids)
    )
