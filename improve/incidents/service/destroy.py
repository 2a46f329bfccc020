"""Destroying a report: its own key goes, and with it all that was sealed under it.

A copy in an old backup or log of the database holds what nobody can open without that key; and the
key itself lies there only sealed under ``SEALING_KEY``. Both age out, see ``docs/reports.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from sqlalchemy import ColumnElement, delete, select

from improve.incidents.approval import with_words
from improve.incidents.barred import barred_in, sealed_barred
from improve.incidents.contents import Head, Work, head_of, work_of
from improve.incidents.kinds import ENDED, State
from improve.incidents.learning_days import week_of
from improve.incidents.models import (
    Incident,
    IncidentAnswer,
    IncidentContact,
    IncidentDraft,
    IncidentLearning,
    IncidentMessage,
    IncidentReading,
    IncidentStep,
)
from improve.incidents.queries.destroyed import joined_to
from improve.incidents.queries.keeping import is_asked_or_kept, keeping_of
from improve.incidents.queries.reviewers import parts_in_group
from improve.incidents.sealing import ReportKey
from improve.shared import clock
from improve.shared.db import db, forget_deleted_words
from improve.shared.errors import Reason, RuleBroken
from improve.shared.rewriting import write_anew_after_commit
from improve.shared.sealing import CannotOpen

FROZEN: Final = "A lawful order keeps it. Two people must end that before it can be destroyed."
#: What was sealed lies in these: written anew as it is destroyed, and each night.
_SEALED: Final = (Incident, IncidentContact, IncidentMessage, IncidentReading)
#: Beside them: whose order of coming, or numbers of transactions, would tell what came together.
_BESIDE: Final = (IncidentDraft, IncidentAnswer, IncidentLearning, IncidentStep)


def tables_of_reports() -> list[str]:
    """Return the tables whose order of coming and deleted words nobody may read from the files."""
    return [table.__tablename__ for table in (*_SEALED, *_BESIDE)]


def destroy(incidents: Iterable[Incident], *, state: State) -> int:
    """Destroy reports and those joined to them, and return how many were; the caller commits.

    ``state``: of ``kinds.ENDED``, what they are from now on. What stays is their week, group and
    receipt, the answers that were given, and that something was done. What was destroyed before is
    left as it is. Refuses all where a lawful order keeps one. The files are written anew as soon as
    the transaction has committed.
    """
    whole = joined_to(incidents)
    if any(keeping_of(one).is_kept for one in whole):
        raise RuleBroken([Reason(FROZEN)])
    return destroy_these(whole, state=state)


def destroy_these(incidents: Iterable[Incident], *, state: State) -> int:
    """Destroy just these, whatever they are joined to, and return how many; see ``destroy``."""
    if state not in ENDED:
        raise ValueError(f"nothing is destroyed by being {state}")
    these = [one for one in incidents if one.wrapped_key is not None]
    if not these:
        return 0
    heads = {one.key: _head(one) for one in these}
    contacts = [head.contact for head in heads.values() if head is not None and head.contact]
    keys = [one.key for one in these]
    barred = _barred(these, heads)
    _delete(IncidentContact, IncidentContact.token.in_(contacts))
    _delete(IncidentMessage, IncidentMessage.incident_key.in_(keys))
    _delete(IncidentReading, IncidentReading.incident_key.in_(keys))
    for one in these:
        one.wrapped_key = one.sealed_head = one.sealed_words = one.sealed_work = None
        one.sealed_barred = sealed_barred(barred[one.joined_into or one.key], key=one.key)
        one.state = state.value
        one.is_held = one.is_strict = False
        one.frozen_by_id = one.frozen_also_by_id = None
        one.ended_week = week_of(clock.today())
        one.version += 1
    for event, people in barred.items():
        main = db.session.get_one(Incident, event)
        if main.wrapped_key is not None:
            _bar_from_main(main, people, [one for one in these if one.joined_into == event])
    db.session.flush()
    forget_deleted_words()
    write_anew_after_commit(table.__tablename__ for table in _SEALED)
    return len(these)


def _barred(these: Iterable[Incident], heads: Mapping[str, Head | None]) -> dict[str, set[int]]:
    """Return who never goes on with each event, by the key of the report it is read as.

    What held for one of its reports holds for all of them.
    """
    event_of = {one.key: one.joined_into or one.key for one in these}
    found: dict[str, set[int]] = {event: set() for event in event_of.values()}
    for one in these:
        found[event_of[one.key]] |= _barred_before(one)
    for key, head in heads.items():
        if head is not None:
            found[event_of[key]] |= head.barred
    knowing = select(IncidentReading.incident_key, IncidentReading.reviewer_id).where(
        IncidentReading.incident_key.in_(event_of), IncidentReading.may_know
    )
    for key, person_id in db.session.execute(knowing):
        found[event_of[key]].add(person_id)
    return found


def _bar_from_main(main: Incident, people: set[int], gone: Iterable[Incident]) -> None:
    """Bar people from a report that stands, whose words were made of ``gone`` as well.

    What was agreed of these words ends: they were compared with what is no longer there.
    """
    for one in gone:
        people |= set(parts_in_group(one.organisation_id, one.group_id))
    main.sealed_barred = sealed_barred(people | _barred_before(main), key=main.key)
    if main.sealed_work is None or is_asked_or_kept(main):
        return
    try:
        key = ReportKey.unwrap(main.wrapped_key, about=main.key)
        work = Work.of(key.open(main.sealed_work, about=work_of(main.key)))
    except CannotOpen:
        return
    work = with_words(work, work.shareable, before=(), after=(), is_strict=main.is_strict)
    main.sealed_work = key.seal(work.facts(), about=work_of(main.key))
    main.version += 1


def _barred_before(incident: Incident) -> frozenset[int]:
    """Return who was barred from it as one that was read with it ended."""
    try:
        return barred_in(incident.sealed_barred, key=incident.key)
    except CannotOpen:
        return frozenset()


def _head(incident: Incident) -> Head | None:
    """Return what its head says; None where its key cannot be opened.

    Then how to call its reporter back cannot be either, and the nightly run takes what belongs to
    no report.
    """
    try:
        key = ReportKey.unwrap(incident.wrapped_key, about=incident.key)
        return Head.of(key.open(incident.sealed_head, about=head_of(incident.key)))
    except CannotOpen:
        return None


def _delete(
    table: type[IncidentContact] | type[IncidentMessage] | type[IncidentReading],
    which: ColumnElement[bool],
) -> None:
    statement = delete(table).where(which)
    db.session.execute(statement.execution_options(synchronize_session="fetch"))
