"""Two reports of one event, read as one: who may read them together, and that they part again."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.incidents.approval import with_words
from improve.incidents.confidentiality import offered_to
from improve.incidents.contents import Head, head_of
from improve.incidents.kinds import State, StepKind
from improve.incidents.models import Incident, IncidentReading
from improve.incidents.queries.one import Loaded
from improve.incidents.queries.reviewers import group_teams, reviewers
from improve.incidents.queries.together import MOST_JOINED
from improve.incidents.queries.words import is_asked_or_kept, readers_of
from improve.incidents.service.danger import check_read_safe
from improve.incidents.service.one import check_seen, keep_work, record, report_for_review
from improve.incidents.service.words import changes_of, for_words
from improve.shared.db import db
from improve.shared.errors import NotFound, Reason, RuleBroken


def join(actor: Actor, *, key: str, other_key: str, seen_version: int | None) -> None:
    """Read another report with this one, as one event. Twice is harmless.

    This reviewer reads both, and looked for danger in both; nobody who reads this one may be barred
    from the other. Whoever must not read the other is offered neither from now on. What was agreed
    of the words ends; a hold ends, too.
    """
    loaded, other = _both(actor, key, other_key)
    if other.incident.joined_into == key:
        return
    check_seen(loaded, seen_version)
    _check(actor, loaded, other)
    barred = _barred_from(other)
    if barred & set(readers_of(loaded)):
        raise _no("Another who reads this one may not read that: they cannot be joined.")
    before = changes_of(loaded)
    other.incident.joined_into = loaded.incident.key
    other.incident.state = State.READING.value
    loaded.joined = (*loaded.joined, other.incident)
    _bar(loaded, barred)
    loaded.incident.is_held = False
    loaded.incident.is_strict |= other.incident.is_strict
    keep_work(
        loaded,
        with_words(loaded.work, loaded.work.shareable, before=before, after=changes_of(loaded)),
    )
    record(other, actor, StepKind.JOINED)
    record(loaded, actor, StepKind.JOINED)


def part(actor: Actor, *, key: str, other_key: str, seen_version: int | None) -> None:
    """Read two reports apart again. Twice is harmless. Who was barred meanwhile stays so."""
    loaded = for_words(actor, key)
    other = next((one for one in loaded.joined if one.key == other_key), None)
    if other is None:
        return
    check_seen(loaded, seen_version)
    before = changes_of(loaded)
    other.joined_into = None
    loaded.joined = tuple(one for one in loaded.joined if one is not other)
    keep_work(
        loaded,
        with_words(loaded.work, loaded.work.shareable, before=before, after=changes_of(loaded)),
    )
    record(other, actor, StepKind.JOINED)
    record(loaded, actor, StepKind.JOINED)


def _both(actor: Actor, key: str, other_key: str) -> tuple[Loaded, Loaded]:
    """Return both reports, held by order of key: two who join them crosswise stop each other."""
    found = {}
    for one in sorted({key, other_key}):
        found[one] = (
            for_words(actor, one) if one == key else report_for_review(actor, one, for_change=True)
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


def _barred_from(other: Loaded) -> set[int]:
    """Return which reviewers of the council may not read another report."""
    everybody = reviewers(other.incident.organisation_id)
    may = offered_to(
        everybody,
        group_teams=group_teams(other.incident.group_id),
        not_readers=other.head.not_readers,
        may_know=_knowing(other),
    )
    return {one.person_id for one in everybody} - {one.person_id for one in may}


def _knowing(other: Loaded) -> list[int]:
    return list(
        db.session.scalars(
            select(IncidentReading.reviewer_id)
            .where(
                IncidentReading.incident_key == other.incident.key,
                IncidentReading.organisation_id == other.incident.organisation_id,
                IncidentReading.may_know,
            )
            .order_by(IncidentReading.reviewer_id)
        )
    )


def _bar(loaded: Loaded, barred: set[int]) -> None:
    """Offer a report to these no more: they must not read what was joined to it."""
    head: Head = replace(loaded.head, not_readers=sorted({*loaded.head.not_readers, *barred}))
    incident: Incident = loaded.incident
    incident.sealed_head = loaded.key.seal(head.facts(), about=head_of(incident.key))
    loaded.head = head
