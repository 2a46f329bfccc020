"""Kind and factors: coded by two apart, then compared, then agreed.

What one coded is shown to the other only when both have; from then on neither can change it, so
that the agreement shown is honest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from improve.accounts.actor import Actor
from improve.incidents.contents import Coding, coding_of
from improve.incidents.factors import BY_CODE
from improve.incidents.kinds import Kind, StepKind
from improve.incidents.service.danger import check_read_safe
from improve.incidents.service.one import (
    Loaded,
    check_may_change,
    check_seen,
    keep_work,
    record,
    report_for_review,
)
from improve.shared.errors import NotFound, Reason, RuleBroken

BOTH_CODED = "Both have coded this, and it is compared. Choose what you agree on instead."
NOT_BOTH = "Both readers code it first, apart from each other."


def code(actor: Actor, *, key: str, kind: str, factors: Sequence[str]) -> None:
    """Keep what one reader makes of a report: its kind, and at least one factor.

    May be changed until both have coded; the same again is harmless.
    """
    loaded = report_for_review(actor, key, for_change=True)
    check_may_change(loaded)
    check_read_safe(actor, loaded)
    _check(kind, factors)
    own, chosen = loaded.reading, sorted(set(factors))
    if own is None:  # whoever has not opened it was refused before
        raise NotFound
    coding = Coding(kind=kind, factors=chosen)
    if own.is_coded and loaded.coding(own) == coding:
        return
    if loaded.agreement is not None:
        raise RuleBroken(BOTH_CODED)
    place = coding_of(own.incident_key, own.reviewer_id)
    own.is_coded, own.sealed_coding = True, loaded.key.seal(coding.facts(), about=place)
    record(loaded, actor, StepKind.CODED)


def agree(
    actor: Actor, *, key: str, kind: str, factors: Sequence[str], seen_version: int | None
) -> None:
    """Keep the kind and the factors that both readers agreed on. The same again is harmless.

    May be changed until it is signed off; then nobody has agreed to the words any more.
    """
    loaded = report_for_review(actor, key, for_change=True)
    check_may_change(loaded)
    check_read_safe(actor, loaded)
    if not may_agree(loaded):
        raise RuleBroken(NOT_BOTH)
    _check(kind, factors)
    chosen = sorted(set(factors))
    if (loaded.work.kind, list(loaded.work.factors)) == (kind, chosen):
        return
    check_seen(loaded, seen_version)
    keep_work(loaded, replace(loaded.work, kind=kind, factors=chosen, approved_by=[]))
    record(loaded, actor, StepKind.AGREED)


def may_agree(loaded: Loaded) -> bool:
    """Return whether two have coded it, or it was agreed before one of them left it."""
    return loaded.agreement is not None or bool(loaded.work.kind)


def _check(kind: str, factors: Sequence[str]) -> None:
    reasons = []
    if kind not in set(Kind):
        reasons.append(Reason("Choose what kind of thing it was.", "kind"))
    if not factors or not set(factors) <= set(BY_CODE):
        reasons.append(Reason("Choose at least one factor.", "factors"))
    if reasons:
        raise RuleBroken(reasons)
