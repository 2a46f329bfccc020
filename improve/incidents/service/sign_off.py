"""Signing off: what others may read and learn is kept, and all that could lead to anybody goes."""

from __future__ import annotations

from improve.accounts.actor import Actor
from improve.incidents.approval import stops_sign_off
from improve.incidents.kinds import State, StepKind
from improve.incidents.queries.one import Loaded
from improve.incidents.queries.together import parts_of
from improve.incidents.queries.words import readers_of, standing_of
from improve.incidents.service.destroy import destroy
from improve.incidents.service.one import check_seen, ended_for_review, record
from improve.incidents.service.settle import learn_from
from improve.incidents.service.words import for_words
from improve.shared.errors import NotFound, Reason, RuleBroken


def sign_off(actor: Actor, *, key: str, is_sure: bool, seen_version: int | None) -> None:
    """Keep what two agreed on, and destroy a report with all that was joined to it.

    Refuses whatever is missing, in words: both readers agreed to exactly these words, nothing is
    held, and no lawful order keeps it. Twice is harmless.
    """
    try:
        loaded = for_words(actor, key)
    except NotFound:
        if ended_for_review(actor, key).incident.state == State.SIGNED_OFF:
            return
        raise
    check_seen(loaded, seen_version)
    if reasons := stops_sign_off(standing_of(loaded), readers_of(loaded)):
        raise RuleBroken(reasons)
    if not is_sure:
        raise RuleBroken([Reason("Say that you have read what will be destroyed.", "sure")])
    incidents = [part.incident for part in parts_of(loaded)]
    learn_from(
        incidents,
        work=loaded.work,
        changes=[{"n": n, "rule": rule} for n, rule in rules_of(loaded)],
        agreement=loaded.agreement,
    )
    for incident in incidents:
        record(incident, actor, StepKind.SIGNED_OFF)
    destroy(incidents, state=State.SIGNED_OFF)


def rules_of(loaded: Loaded) -> list[tuple[int, str]]:
    """Return number and rule of each change, in order."""
    return sorted((int(n), rule) for n, rule in loaded.work.rules.items())
