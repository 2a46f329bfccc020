"""The monthly note to all staff, written by reviewers and sent out by one of them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from improve.accounts import roles
from improve.accounts.actor import Actor
from improve.accounts.queries.staff import active_staff
from improve.accounts.roles import Permission
from improve.incidents.models import IncidentNote
from improve.incidents.queries.notes import months_to_write
from improve.notifications.kinds import NoticeKind
from improve.notifications.service import tell
from improve.shared import audit, clock, limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, Reason, RuleBroken, Stale

_EMPTY = {
    "heard": "Write what we heard.",
    "trying": "Write what we are trying. If nothing yet, say so, and why.",
}


def write_note(
    actor: Actor,
    *,
    month: date,
    heard: str,
    trying: str,
    seen_version: int,
    is_to_publish: bool,
) -> bool:
    """Keep the note of a month, and with ``is_to_publish`` let all staff read it.

    Returns whether it was published now: then everybody on the staff is told, once. A note that
    is out can be put right, which tells nobody again. Only a reviewer writes. Refuses texts that
    are too long and, of a note that is or goes out, empty ones. Raises ``NotFound`` for a month to
    come or too long ago, and ``Stale``. The same words again are harmless.
    """
    if not roles.may(actor, Permission.REVIEW_REPORTS):
        raise Forbidden("Only a reviewer can write the monthly note.")
    if month not in months_to_write(clock.today()):
        raise NotFound
    row = _locked(actor, month)
    is_out = is_to_publish or (row is not None and row.published_at is not None)
    texts = {"heard": heard, "trying": trying}
    _check(texts, is_out=is_out)
    if row is None:
        if seen_version != 0:
            raise Stale(what="report_note", version=0)
        row = _new(actor, month)
    elif (row.heard, row.trying) == (heard, trying):
        # Sent twice, or nothing changed: what is left to do is publishing at most.
        if not is_to_publish or row.published_at is not None:
            return False
    elif row.version != seen_version:
        raise Stale(what="report_note", version=row.version)
    row.heard, row.trying, row.written_by_id = heard, trying, actor.person_id
    row.version += 1
    is_first = is_to_publish and row.published_at is None
    if is_first:
        row.published_at = clock.now()
    db.session.flush()
    if is_out:
        act = "report_note_published" if is_first else "report_note_changed"
        audit.record(actor, act, "report_note", row.id, month=f"{month:%Y-%m}")
    if is_first:
        tell(
            actor,
            [one.person_id for one in active_staff(actor)],
            NoticeKind.REPORT_NOTE,
            subject_id=row.id,
            facts={"title": f"{month:%B %Y}"},
        )
    return is_first


def _check(texts: dict[str, str], *, is_out: bool) -> None:
    most = limits.length("report_note")
    reasons = []
    for name, words in texts.items():
        if len(words) > most:
            reasons.append(Reason(f"Use {most:,} characters or fewer.", name))
        elif is_out and not words:
            reasons.append(Reason(_EMPTY[name], name))
    if not any(texts.values()) and not is_out:
        reasons.append(Reason("Write something to keep.", "heard"))
    if reasons:
        raise RuleBroken(reasons)


def _locked(actor: Actor, month: date) -> IncidentNote | None:
    return db.session.scalars(
        select(IncidentNote)
        .where(IncidentNote.organisation_id == actor.organisation_id, IncidentNote.month == month)
        .with_for_update()
    ).one_or_none()


def _new(actor: Actor, month: date) -> IncidentNote:
    row = IncidentNote(
        organisation_id=actor.organisation_id,
        month=month,
        written_by_id=actor.person_id,
        version=0,
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        # Another reviewer began the same month at this very moment.
        raise Stale(what="report_note", version=0) from None
    return row
