"""Two reports of one event, read as one: who may read them together, and that they part again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from improve.accounts.actor import Actor
from improve.incidents.approval import with_words
from improve.incidents.kinds import State, StepKind
from improve.incidents.queries.keeping import is_asked_or_kept
from improve.incidents.queries.one import Loaded
from improve.incidents.queries.together import MOST_JOINED
from improve.incidents.queries.words import readers_of
from improve.incidents.service.danger import check_read_safe
from improve.incidents.service.one import (
    check_seen,
    keep_work,
    record,
    record_of,
    report_for_review,
)
from improve.incidents.service.words import changes_of, for_words
from improve.shared.errors import NotFound, Reason, RuleBroken
from improve.shared.marked_changes import Change


def join(actor: Actor, *, key: str, other_key: str, seen_version: int | None) -> None:
    """Read another report with this one, as one event. Twice is harmless.

    This reviewer reads both, and looked for danger in both; nobody who reads this one may be barred
    from the other. As long as they are one, whoever may not read either reads neither. What was
    agreed of the words ends; a hold ends, too.
    """
    loaded, other = _both(actor, key, other_key)
    if other.incident.joined_into == key:
        return
    check_seen(loaded, seen_version)
    _check(actor, loaded, other)
    if not set(readers_of(loaded)) <= {one.person_id for one in other.offered}:
        raise _no("Another who reads this one may not read that: they cannot be joined.")
    before = changes_of(loaded)
    other.incident.joined_into = loaded.incident.key
    other.incident.state = State.READING.value
    loaded.joined = (*loaded.joined, other.incident)
    loaded.incident.is_held = False
    loaded.incident.is_strict |= other.incident.is_strict
    if other.head.contact:
        # Whoever left this way was not called about these words.
        loaded.work = replace(loaded.work, call_back="")
    _keep_words(loaded, before)
    record(other, actor, StepKind.JOINED)
    record(loaded, actor, StepKind.JOINED)
    _say_who_reads_both(loaded, other)


def _say_who_reads_both(loaded: Loaded, other: Loaded) -> None:
    """Keep with the one that was joined who may read it from now on, and never opened it."""
    for person_id in sorted(set(readers_of(loaded)) - set(readers_of(other))):
        record_of(other.incident, person_id, StepKind.READS_WITH)


def part(actor: Actor, *, key: str, other_key: str, seen_version: int | None) -> None:
    """Read two reports apart again. Twice is harmless. What was agreed of the words ends."""
    loaded = for_words(actor, key)
    other = next((one for one in loaded.joined if one.key == other_key), None)
    if other is None:
        return
    check_seen(loaded, seen_version)
    before = changes_of(loaded)
    other.joined_into = None
    loaded.joined = tuple(one for one in loaded.joined if one is not other)
    _keep_words(loaded, before)
    record(other, actor, StepKind.JOINED)
    record(loaded, actor, StepKind.JOINED)


def _keep_words(loaded: Loaded, before: Sequence[Change]) -> None:
    """Keep the words as they stand, compared with all that is read as one now."""
    work = with_words(
        loaded.work,
        loaded.work.shareable,
        before=before,
        after=changes_of(loaded),
        is_strict=loaded.incident.is_strict,
    )
    keep_work(loaded, work)


def _both(actor: Actor, key: str, other_key: str) -> tuple[Loaded, Loaded]:
    """Return both reports, held by order of key: two who join them crosswise stop each other."""
    found = {}
    for one in sorted({key, other_key}):
        found[one] = (
            for_words(actor, one)
            if one == key
            else report_for_review(actor, one, for_change=True, may_be_joined=True)
        )
    if len(found) == 1:
        raise NotFound
    return found[key], found[other_key]


def _check(actor: Actor, loaded: Loaded, other: Loaded) -> None:
    if other.incident.joined_into is not None or other.joined:
        raise _no("That one is read with another already: part them first.")
    if len(loaded.joined) >= MOST_JOINED:
        raise _no("No more can be joined to this one.")
    if is_asked_or_kept(other.incident) or is_asked_or_kept(loaded.incident):
        raise _no("A lawful order keeps one of them as it is.")
    try:
        check_read_safe(actor, other)
    except RuleBroken:
        raise _no("Look for danger in that one first, and say that there is none.") from None


def _no(words: str) -> RuleBroken:
    return RuleBroken([Reason(words, "other")])
