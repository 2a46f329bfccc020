"""Making a record, adding to it, taking it away. Everything is its owner's alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from improve.accounts.actor import Actor
from improve.cpd.asked import still_open_until
from improve.cpd.drafting import DraftPiece, piece_of
from improve.cpd.models import CpdPiece, CpdRecord
from improve.cpd.queries import own as queries
from improve.ideas.queries import cycles_for_record
from improve.shared import audit, clock
from improve.shared.db import db
from improve.shared.errors import Reason, RuleBroken

TOKEN_MOST = 64
#: A record looks back over a year of registration and its neighbours.
LONGEST_DAYS = 3 * 366


def make_record(
    actor: Actor, *, from_on: date, to_on: date, cycle_ids: Iterable[int], form_token: str
) -> int:
    """Make a record with a piece drafted from each of these cycles; return its id.

    A form sent twice makes one record. Cycles that are not the actor's own, or lie outside of the
    days, are left out. Refuses days that end before they begin, and more than three years.
    """
    form_token = form_token[:TOKEN_MOST]
    made = queries.made_with(actor, form_token)
    if made is not None:
        return made
    if to_on < from_on:
        raise RuleBroken([Reason("This is before the first day.", "to_on")])
    if to_on - from_on > timedelta(days=LONGEST_DAYS):
        raise RuleBroken([Reason("A record covers three years at most.", "to_on")])
    record = CpdRecord(
        organisation_id=actor.organisation_id,
        person_id=actor.person_id,
        from_on=from_on,
        to_on=to_on,
        form_token=form_token,
        created_at=clock.now(),
        version=1,
    )
    try:
        with db.session.begin_nested():
            db.session.add(record)
    except IntegrityError:
        # The same form arrived twice at the same moment, and the other one was first.
        made = queries.made_with(actor, form_token)
        if made is None:
            raise
        return made
    _draft(actor, record, cycle_ids, until=to_on)
    return record.id


def add_cycles(actor: Actor, *, record_id: int, cycle_ids: Iterable[int]) -> int:
    """Draft a piece from each of these cycles that the record does not hold; return how many.

    Those finished since are taken as well, up to the end of the record's year of registration.
    """
    record = queries.record_for_change(actor, record_id)
    until = still_open_until(record.to_on, clock.today())
    added = _draft(actor, record, cycle_ids, until=until)
    if added:
        record.version += 1
        db.session.flush()
    return added


def _draft(actor: Actor, record: CpdRecord, cycle_ids: Iterable[int], *, until: date) -> int:
    """Draft pieces of cycles up to ``until``; the record's days grow to hold them."""
    wanted = set(cycle_ids)
    if not wanted:
        return 0
    there = queries.tokens_of(record.id)
    found = cycles_for_record(actor, record.from_on, until, only=wanted)
    drafts = [piece_of(cycle) for cycle in found]
    added = [draft for draft in drafts if cycle_token(draft.cycle_id) not in there]
    for draft in added:
        db.session.add(_piece(record.id, draft))
        record.to_on = max(record.to_on, draft.done_on)
    db.session.flush()
    return len(added)


def cycle_token(cycle_id: int) -> str:
    """Return the mark of a piece that came from a cycle."""
    return f"cycle {cycle_id}"


def _piece(record_id: int, draft: DraftPiece) -> CpdPiece:
    return CpdPiece(
        record_id=record_id,
        cycle_id=draft.cycle_id,
        idea_id=draft.idea_id,
        kind=draft.kind.value,
        activity=draft.activity,
        done_on=draft.done_on,
        why=draft.why,
        learned=draft.learned,
        effect=draft.effect,
        evidence=draft.evidence,
        form_token=cycle_token(draft.cycle_id),
    )


def delete_record(actor: Actor, *, record_id: int) -> None:
    """Take a record away with all its pieces. Nothing is left of its words."""
    record = queries.record_for_change(actor, record_id)
    db.session.execute(
        delete(CpdPiece)
        .where(CpdPiece.record_id == record.id)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        delete(CpdRecord)
        .where(CpdRecord.id == record.id)
        .execution_options(synchronize_session=False)
    )


def note_export(actor: Actor, *, record_id: int, how: str) -> None:
    """Note that the actor took a record out, as a file of this kind; never what is in it."""
    queries.record(actor, record_id)
    audit.record(actor, "cpd.exported", "cpd_record", record_id, how=how)
