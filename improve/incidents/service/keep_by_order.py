"""A lawful order came before a report was destroyed: two people keep it, and two end that."""

from __future__ import annotations

from collections.abc import Callable

from improve.accounts.actor import Actor
from improve.incidents.keeping import Keeping, ended, kept
from improve.incidents.kinds import StepKind
from improve.incidents.queries.keeping import keeping_of
from improve.incidents.queries.one import Loaded
from improve.incidents.service.may_know import forget_who_left
from improve.incidents.service.one import check_seen, record, report_for_review

Rule = Callable[[Keeping, int], Keeping]


def keep_by_order(actor: Actor, *, key: str, seen_version: int | None) -> None:
    """Say that a lawful order came for this report; two who say so keep it as it is.

    With what was joined to it. Twice by the same person is once.
    """
    loaded = report_for_review(actor, key, for_change=True)
    _change(actor, loaded, kept, StepKind.FROZEN, seen_version)


def end_keeping(actor: Actor, *, key: str, seen_version: int | None) -> None:
    """Say that the order has ended; where two keep it, another has to agree. Twice is harmless."""
    loaded = report_for_review(actor, key, for_change=True)
    _change(actor, loaded, ended, StepKind.THAWED, seen_version)


def _change(
    actor: Actor, loaded: Loaded, rule: Rule, kind: StepKind, seen_version: int | None
) -> None:
    before = keeping_of(loaded.incident)
    after = rule(before, actor.person_id)
    if after == before:
        return
    check_seen(loaded, seen_version)
    for incident in (loaded.incident, *loaded.joined):
        incident.frozen_by_id, incident.frozen_also_by_id = after.by, after.also
        incident.thawed_by_id = after.ending
    if before.is_kept and not after.is_kept:
        # Who said meanwhile that they may know it left nothing but this.
        forget_who_left(loaded)
    record(loaded, actor, kind)
