"""What a council decides: how long it keeps what, and what its documents are filled with."""

from __future__ import annotations

from collections.abc import Mapping

from improve.accounts.actor import Actor
from improve.accounts.service import keep_document_facts, keep_retention
from improve.privacy.document_facts import FACTS
from improve.privacy.service.rights import check
from improve.shared import audit, limits
from improve.shared.errors import Reason, RuleBroken
from improve.shared.keeping_times import CHANGEABLE


def set_times(actor: Actor, *, months: Mapping[str, int | None], seen: Mapping[str, int]) -> bool:
    """Keep for how many months each class is kept; False where nothing changes.

    ``seen``: as they stood when the form was opened; raises ``Stale`` where others hold now.
    Refuses times out of bounds (fields by class).
    """
    check(actor)
    reasons = []
    for code, bounds in CHANGEABLE.items():
        wanted = months.get(code)
        if wanted is None or not bounds.least <= wanted <= bounds.most:
            words = f"Use a whole number of months from {bounds.least} to {bounds.most}."
            reasons.append(Reason(words, code))
    if reasons:
        raise RuleBroken(reasons)
    wanted_all = {code: months[code] or 0 for code in CHANGEABLE}
    changed = keep_retention(actor, months=wanted_all, seen=seen)
    if changed:
        audit.record(
            actor, "retention_set", "organisation", actor.organisation_id, months=wanted_all
        )
    return changed


def set_facts(actor: Actor, *, words: Mapping[str, str], seen: Mapping[str, str]) -> bool:
    """Keep what the documents are filled with; False where nothing changes.

    ``seen``: as they stood when the form was opened; raises ``Stale`` where others hold now.
    """
    check(actor)
    most = limits.length("document_fact")
    wanted = {key: words.get(key, "").strip() for key in FACTS}
    reasons = [
        Reason(f"Use {most:,} characters or fewer.", key)
        for key, line in wanted.items()
        if len(line) > most
    ]
    if reasons:
        raise RuleBroken(reasons)
    changed = keep_document_facts(actor, words=wanted, seen=seen)
    if changed:
        audit.record(
            actor,
            "document_facts_set",
            "organisation",
            actor.organisation_id,
            filled=sum(bool(line) for line in wanted.values()),
        )
    return changed
