"""Somebody leaves: what they lead is handed over in the act that closes their account."""

from __future__ import annotations

from collections.abc import Mapping

from improve.accounts import queries, roles
from improve.accounts.actor import Actor
from improve.accounts.held import HeldThing
from improve.accounts.roles import Permission
from improve.accounts.service.people import disable_person
from improve.shared import audit, contributions
from improve.shared.errors import Forbidden, Reason, RuleBroken


def held_by(actor: Actor, person_id: int) -> list[HeldThing]:
    """Return all that a person leads or has open, in the order of the capabilities."""
    if not roles.may(actor, Permission.MANAGE_PEOPLE):
        raise Forbidden("Only an administrator can do this.")
    return [thing for offer in contributions.gather("led-by") for thing in offer(actor, person_id)]


def close_and_hand_over(actor: Actor, *, person_id: int, to: Mapping[str, int | None]) -> int:
    """Close an account and hand over what it holds; return how many things found somebody.

    ``to`` gives for each key of ``held_by`` who takes it on; None, or a key that is not there,
    leaves it to nobody, and the next huddle asks who leads it. What may not be nobody's has to be
    given to somebody. All or nothing. An account that is closed already is left as it is, so twice
    is harmless. Refuses people who are not there (fields by key).
    """
    person = queries.person_view(actor, person_id)
    if not person.is_active:
        return 0
    held = held_by(actor, person_id)
    wanted = {thing.key: to.get(thing.key) for thing in held}
    known = queries.active_people(actor, [i for i in wanted.values() if i is not None])
    reasons = []
    for thing in held:
        taker = wanted[thing.key]
        if taker is None and not thing.may_be_nobodys:
            reasons.append(Reason(f"Choose who takes on “{thing.title}”.", thing.key))
        elif taker is not None and (taker not in known or taker == person_id):
            reasons.append(Reason("Choose somebody who is here.", thing.key))
    if reasons:
        raise RuleBroken(reasons)
    disable_person(actor, person_id=person_id)
    for offer in contributions.gather("hand-over"):
        offer(actor, person_id, wanted)
    given = sum(taker is not None for taker in wanted.values())
    if held:
        audit.record(actor, "handed_over", "person", person_id, things=len(held), given=given)
    return given
