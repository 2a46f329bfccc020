"""What the reviewers' desk lists of reports that were destroyed: to use, and to answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, exists, or_, select, true
from sqlalchemy.orm import aliased

from improve.accounts.actor import Actor
from improve.accounts.days.working_calendar import WorkingCalendar
from improve.incidents.barred import barred_in
from improve.incidents.confidentiality import ANSWERED_WITHIN, USED_WITHIN
from improve.incidents.kinds import ENDED, KIND_WORDS, ROUTE_WORDS, Kind, Route, State, StepKind
from improve.incidents.models import (
    Incident,
    IncidentAnswer,
    IncidentGroup,
    IncidentLearning,
    IncidentStep,
)
from improve.incidents.queries.desk import ON_A_PAGE, Desk, DeskRow, Offer, Part, Show, cover_of
from improve.incidents.reading import STEP_NAMES, Step, is_used
from improve.shared.db import db
from improve.shared.sealing import CannotOpen

_SAYS: Final = {
    State.SIGNED_OFF: "Signed off and destroyed",
    State.PASSED_ON: "Sent to another route, and destroyed here",
    State.LAPSED: "Destroyed by the schedule, before it was signed off",
}


def desk_ended(actor: Actor, page: int) -> Desk:
    """Return a page of what was destroyed and this reviewer may go on with.

    What is to be answered first, then the latest week; see ``incidents.reading.may_follow``, which
    this is the twin of. Who is barred is sealed, so each list is opened. Six statements.
    """
    offer = Offer.to(actor)
    if offer is None:
        return Desk(Show.ENDED, (), 0, 1, 1, cover_of(actor), is_trained=False)
    is_due, joined = _is_due(), aliased(Incident)
    shown = (
        Incident.organisation_id == actor.organisation_id,
        Incident.state.in_([state.value for state in ENDED]),
        Incident.joined_into.is_(None),
        Incident.group_id.in_(offer.groups),
        ~exists(joined.key).where(
            joined.joined_into == Incident.key, joined.group_id.not_in(offer.groups)
        ),
        _may_follow(actor, offer.everybody),
    )
    keys = [
        key
        for key, sealed in db.session.execute(
            select(Incident.key, Incident.sealed_barred)
            .where(*shown)
            .order_by(is_due.desc(), Incident.week.desc(), Incident.key)
        )
        if not _is_barred(actor, key, sealed)
    ]
    count = len(keys)
    pages = max(1, -(-count // ON_A_PAGE))
    page = min(max(page, 1), pages)
    rows = db.session.execute(
        select(
            Incident.key,
            Incident.state,
            Incident.week,
            Incident.ended_week,
            Incident.route,
            IncidentGroup.name.label("group"),
            IncidentLearning.kind,
            is_due.label("is_due"),
            _answer(drafted=False).label("is_answered"),
            _answer(drafted=True).label("has_draft"),
            IncidentLearning.note,
            IncidentLearning.propose_after,
            IncidentLearning.idea_id,
            IncidentLearning.shown_month,
        )
        .join(IncidentGroup, IncidentGroup.id == Incident.group_id)
        .outerjoin(IncidentLearning, IncidentLearning.key == Incident.learning_key)
        .where(Incident.key.in_(keys[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]))
        .order_by(is_due.desc(), Incident.week.desc(), Incident.key)
    ).all()
    cover = cover_of(actor, offer.everybody)
    calendar = WorkingCalendar(closing_days=actor.closing_days)
    listed = tuple(_row(row, calendar) for row in rows)
    return Desk(Show.ENDED, listed, count, page, pages, cover, is_trained=True)


def _is_barred(actor: Actor, key: str, sealed: bytes | None) -> bool:
    try:
        return actor.person_id in barred_in(sealed, key=key)
    except CannotOpen:
        return True


def _answer(*, drafted: bool) -> ColumnElement[bool]:
    given = IncidentAnswer.given_week
    return exists(IncidentAnswer.key).where(
        IncidentAnswer.incident_key == Incident.key,
        given.is_(None) if drafted else given.is_not(None),
    )


def _is_due() -> ColumnElement[bool]:
    """Return what holds for a report that somebody owes an answer: none yet, or a draft waits."""
    is_signed = Incident.state == State.SIGNED_OFF.value
    return or_(and_(is_signed, ~_answer(drafted=False)), _answer(drafted=True))


def _may_follow(actor: Actor, everybody: Iterable[int]) -> ColumnElement[bool]:
    others = [person for person in everybody if person != actor.person_id]
    own = [actor.person_id]
    is_read_by_others = _read_by(others) if others else ~true()
    return and_(~_did(own, StepKind.MAY_KNOW), or_(_did(own, StepKind.OPENED), ~is_read_by_others))


def _did(people: Iterable[int], kind: StepKind) -> ColumnElement[bool]:
    return exists(IncidentStep.id).where(
        IncidentStep.incident_key == Incident.key,
        IncidentStep.kind == kind.value,
        IncidentStep.person_id.in_(people),
    )


def _read_by(people: Iterable[int]) -> ColumnElement[bool]:
    """Return what holds where one of them opened it, and never said that they may know it."""
    opened, knew = aliased(IncidentStep), aliased(IncidentStep)
    knows = (
        exists(knew.id)
        .where(
            knew.incident_key == opened.incident_key,
            knew.person_id == opened.person_id,
            knew.kind == StepKind.MAY_KNOW.value,
        )
        .correlate(opened)
    )
    return (
        exists(opened.id)
        .where(
            opened.incident_key == Incident.key,
            opened.kind == StepKind.OPENED.value,
            opened.person_id.in_(people),
            ~knows,
        )
        .correlate(Incident)
    )


def _row(row: Any, calendar: WorkingCalendar) -> DeskRow:
    state = State(row.state)
    next_words, path, by = "", "", None
    used = is_used(row.note, row.propose_after, row.idea_id, row.shown_month)
    if state is State.SIGNED_OFF and not used:
        next_words, path = STEP_NAMES[Step.USE], "/use"
        # Of its day nothing is known any more: the first day of its week is the safe one.
        by = calendar.add_working_days(row.week, USED_WITHIN)
    if row.is_due:
        next_words, path = STEP_NAMES[Step.ANSWER], "/answer"
        by = None if row.is_answered else row.week + timedelta(days=ANSWERED_WITHIN)
    return DeskRow(
        key=row.key,
        part=Part.ENDED,
        title=KIND_WORDS[Kind(row.kind)]
        if row.kind
        else ROUTE_WORDS[Route(row.route)]
        if row.route
        else "A report that was destroyed",
        kind=row.kind or "",
        group=row.group,
        week=row.week,
        days=None,
        is_mine=True,
        with_whom=(),
        says=tuple(
            words
            for words, is_so in (
                (f"{_SAYS[state]}", True),
                ("An answer waits to be looked at", row.has_draft),
                ("Answered", row.is_answered and not row.has_draft),
            )
            if is_so
        ),
        next_words=next_words,
        by=by,
        path=path,
        ended_week=row.ended_week,
    )
