"""Calling back whoever left a way: opening it is recorded, and that words were read out."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from improve.accounts.actor import Actor
from improve.incidents.approval import GUESSES
from improve.incidents.kinds import StepKind
from improve.incidents.queries.call_back import has_opened, has_way
from improve.incidents.queries.together import parts_of
from improve.incidents.service.one import check_seen, keep_work, record, report_for_review
from improve.incidents.service.words import for_words
from improve.shared.errors import Reason, RuleBroken


class Outcome(StrEnum):
    """What came of it; the words of a reporter who was not reached are judged without them."""

    DONE = "done"
    NOT_REACHED = "not_reached"
    NOT_ASKED = "not_asked"


def open_contact(actor: Actor, *, key: str) -> None:
    """Open how the reporter may be called back. Recorded each time it was not open to this one."""
    # Before anything else, where a child may be in danger: that they can be reached helps then.
    loaded = report_for_review(actor, key, for_change=True)
    if not any(has_way(part) for part in parts_of(loaded)):
        raise RuleBroken("They left no way to be called back.")
    if has_opened(actor, key):
        return
    record(loaded, actor, StepKind.CONTACT_OPENED)


def keep_call_back(
    actor: Actor, *, key: str, outcome: str, guess: str, seen_version: int | None
) -> None:
    """Keep what came of calling back, and whether someone could guess. Twice is harmless.

    “Done” means that the words others may read were read out: it takes words, and the answer to
    the question. “Yes, someone could guess” ends what was agreed of them.
    """
    loaded = for_words(actor, key)
    if outcome not in set(Outcome):
        raise RuleBroken([Reason("Choose what came of it.", "outcome")])
    guess = guess if outcome == Outcome.DONE and guess in GUESSES else ""
    if outcome == Outcome.DONE:
        if not (loaded.work.shareable or loaded.incident.is_strict):
            raise RuleBroken([Reason("Write what others may read first.", "outcome")])
        if not guess:
            raise RuleBroken([Reason("Say what they answered.", "guess")])
    work = replace(loaded.work, call_back=outcome, guess=guess or loaded.work.guess)
    if work == loaded.work:
        return
    check_seen(loaded, seen_version)
    if work.guess != loaded.work.guess:
        work = replace(work, approved_by=())
    keep_work(loaded, work)
    if outcome == Outcome.DONE:
        record(loaded, actor, StepKind.CALLED_BACK)
