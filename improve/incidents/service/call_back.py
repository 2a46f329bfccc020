"""Calling back whoever left a way: opening it is recorded, and that words were read out."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from improve.accounts.actor import Actor
from improve.incidents.approval import GUESSES, with_guess
from improve.incidents.kinds import StepKind
from improve.incidents.queries.call_back import has_way, opened_by
from improve.incidents.queries.one import Loaded
from improve.incidents.queries.together import Part, parts_of
from improve.incidents.service.one import check_seen, keep_work, record, report_for_review
from improve.incidents.service.words import for_words
from improve.shared.errors import Reason, RuleBroken

NO_WAY = "They left no way to be called back."
OPEN_FIRST = "Open how to call back first: opening it is recorded."


class Outcome(StrEnum):
    """What came of it; the words of a reporter who was not reached are judged without them."""

    DONE = "done"
    NOT_REACHED = "not_reached"
    NOT_ASKED = "not_asked"


def open_contact(actor: Actor, *, key: str) -> None:
    """Open how the reporter may be called back, of each report of an event. Twice is harmless.

    Recorded with each of which it was not open to this reviewer.
    """
    # Before anything else, where a child may be in danger: that they can be reached helps then.
    loaded = report_for_review(actor, key, for_change=True)
    parts = _ways(loaded)
    known = opened_by(actor, parts)
    for part in parts:
        if part.incident.key not in known:
            record(part.incident, actor, StepKind.CONTACT_OPENED)


def keep_call_back(
    actor: Actor, *, key: str, outcome: str, guess: str, seen_version: int | None
) -> None:
    """Keep what came of calling back, and whether someone could guess. Twice is harmless.

    “Done” means that the words others may read were read out: it takes words, and the answer to
    the question. “Yes, someone could guess” ends what was agreed of them, and stands until the
    words are others, whoever said it. Refused where they left no way, and, unless nobody called,
    where this reviewer has not opened it.
    """
    loaded = for_words(actor, key)
    ways = _ways(loaded)
    if outcome not in set(Outcome):
        raise RuleBroken([Reason("Choose what came of it.", "outcome")])
    if outcome != Outcome.NOT_ASKED and not opened_by(actor, ways):
        raise RuleBroken([Reason(OPEN_FIRST, "outcome")])
    guess = guess if outcome == Outcome.DONE and guess in GUESSES else ""
    if outcome == Outcome.DONE:
        if not (loaded.work.shareable or loaded.incident.is_strict):
            raise RuleBroken([Reason("Write what others may read first.", "outcome")])
        if not guess:
            raise RuleBroken([Reason("Say what they answered.", "guess")])
    work = with_guess(
        replace(loaded.work, call_back=outcome),
        guess or loaded.work.guess,
        is_strict=loaded.incident.is_strict,
    )
    if work == loaded.work:
        return
    check_seen(loaded, seen_version)
    if work.guess != loaded.work.guess:
        work = replace(work, approved_by=())
    keep_work(loaded, work)
    if outcome == Outcome.DONE:
        record(loaded, actor, StepKind.CALLED_BACK)


def _ways(loaded: Loaded) -> list[Part]:
    """Return the reports of an event whose reporters left a way. Raises ``RuleBroken``: none."""
    found = [part for part in parts_of(loaded) if has_way(part)]
    if not found:
        raise RuleBroken(NO_WAY)
    return found
