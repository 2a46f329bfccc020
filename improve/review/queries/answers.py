"""Reads of leaders' answers: of a month, of one thing asked, and all of them for all staff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from improve.accounts.actor import Actor
from improve.accounts.queries import person_names, team_names
from improve.review.models import LeaderAnswer, MonthLetter
from improve.review.month import ASKING, Answer, Asked, Line, Way
from improve.shared.db import db
from improve.shared.errors import NotFound

#: Answers on a page of *You asked, leaders did*.
ANSWERS_A_PAGE = 30
#: As many stand at the foot of the month.
NEWEST_MOST = 3

_ASKING = [line.value for line in ASKING]


def one_answer(actor: Actor, answer_id: int) -> Answer:
    """Return one answer of the organisation. Raises ``NotFound``."""
    row = db.session.execute(_answers(actor).where(LeaderAnswer.id == answer_id)).one_or_none()
    if row is None:
        raise NotFound
    return _view(row)


def answer_to(actor: Actor, asked: Asked) -> Answer | None:
    """Return the answer that this thing has; None while it waits."""
    row = db.session.execute(_answers(actor).where(_is_to(asked))).one_or_none()
    return None if row is None else _view(row)


def answers_of_month(
    actor: Actor, month: date, *, known: Mapping[Line, Sequence[int]]
) -> tuple[list[Answer], list[Answer]]:
    """Return (answers, newest): of the month, or to what waits now; and the newest for all staff.

    ``known`` are the ids of what stands in a line now, answered in whatever month.

    One statement. ``newest`` are the newest that stand on *You asked, leaders did*.
    """
    newest = (
        select(LeaderAnswer.id)
        .where(LeaderAnswer.organisation_id == actor.organisation_id, _is_asking())
        .order_by(LeaderAnswer.answered_at.desc(), LeaderAnswer.id.desc())
        .limit(NEWEST_MOST)
        .subquery("newest")
    )
    rows = db.session.execute(
        _answers(actor)
        .where(
            or_(
                LeaderAnswer.month == month,
                LeaderAnswer.id.in_(select(newest.c.id)),
                *(
                    and_(
                        LeaderAnswer.line == line.value,
                        LeaderAnswer.subject_id.in_(sorted(set(ids))),
                    )
                    for line, ids in known.items()
                    if ids
                ),
            )
        )
        .order_by(LeaderAnswer.answered_at.desc(), LeaderAnswer.id.desc())
    )
    found = [_view(row) for row in rows]
    asking = [answer for answer in found if answer.line in ASKING]
    return found, asking[:NEWEST_MOST]


def answers_page(actor: Actor, *, page: int) -> tuple[list[Answer], int]:
    """Return a page of what was asked and answered, the newest first, and how many there are."""
    conditions = [LeaderAnswer.organisation_id == actor.organisation_id, _is_asking()]
    total = db.session.execute(select(func.count()).where(*conditions)).scalar_one()
    rows = db.session.execute(
        _answers(actor)
        .where(_is_asking())
        .order_by(LeaderAnswer.answered_at.desc(), LeaderAnswer.id.desc())
        .limit(ANSWERS_A_PAGE)
        .offset((page - 1) * ANSWERS_A_PAGE)
    )
    return [_view(row) for row in rows], total


def answered_among(actor: Actor, asked: Sequence[Asked]) -> set[tuple[str, str, int, date]]:
    """Return the keys of those of these things that have an answer."""
    rows = db.session.execute(
        select(
            LeaderAnswer.line,
            LeaderAnswer.subject_kind,
            LeaderAnswer.subject_id,
            LeaderAnswer.asked_on,
        )
        .where(
            LeaderAnswer.organisation_id == actor.organisation_id,
            LeaderAnswer.line.in_(sorted({one.line.value for one in asked})),
            LeaderAnswer.subject_id.in_(sorted({one.subject_id for one in asked})),
        )
        .order_by(LeaderAnswer.id)
    )
    return {(row[0], row[1], row[2], row[3]) for row in rows}


def answered_days(actor: Actor, *, since: date) -> list[tuple[date, Any]]:
    """Return (asked on, answered at) of what was asked since a day and answered, oldest first."""
    rows = db.session.execute(
        select(LeaderAnswer.asked_on, LeaderAnswer.answered_at)
        .where(
            LeaderAnswer.organisation_id == actor.organisation_id,
            LeaderAnswer.asked_on >= since,
            LeaderAnswer.line == Line.BLOCKED.value,
        )
        .order_by(LeaderAnswer.asked_on, LeaderAnswer.id)
    )
    return [(row.asked_on, row.answered_at) for row in rows]


def answer_for_change(actor: Actor, answer_id: int) -> LeaderAnswer:
    """Return an answer of the organisation, its row locked. Raises ``NotFound``."""
    row = db.session.execute(
        select(LeaderAnswer)
        .where(LeaderAnswer.id == answer_id, LeaderAnswer.organisation_id == actor.organisation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


def has_letter(organisation_id: int, month: date) -> bool:
    """Return whether the leaders of a council were sent the letter of a month. For the night."""
    return (
        db.session.execute(
            select(MonthLetter.id).where(
                MonthLetter.organisation_id == organisation_id, MonthLetter.month == month
            )
        ).first()
        is not None
    )


def answers_of_team(actor: Actor, team_id: int) -> int:
    """Return how many answers went to a team."""
    return db.session.execute(
        select(func.count())
        .select_from(LeaderAnswer)
        .where(
            LeaderAnswer.organisation_id == actor.organisation_id, LeaderAnswer.team_id == team_id
        )
    ).scalar_one()


def asked_and_answered(actor: Actor) -> Any:
    """Return the statement of what stands on *You asked, leaders did*, for a table."""
    return _answers(actor).where(_is_asking())


def _is_asking() -> ColumnElement[bool]:
    return LeaderAnswer.line.in_(_ASKING)


def _is_to(asked: Asked) -> ColumnElement[bool]:
    line, subject_kind, subject_id, asked_on = asked.key
    return and_(
        LeaderAnswer.line == line,
        LeaderAnswer.subject_kind == subject_kind,
        LeaderAnswer.subject_id == subject_id,
        LeaderAnswer.asked_on == asked_on,
    )


def _answers(actor: Actor) -> Any:
    by, team = person_names().alias("by"), team_names().alias("team")
    return (
        select(
            LeaderAnswer.id,
            LeaderAnswer.month,
            LeaderAnswer.line,
            LeaderAnswer.subject_kind,
            LeaderAnswer.subject_id,
            LeaderAnswer.team_id,
            team.c.name.label("team_name"),
            LeaderAnswer.asked,
            LeaderAnswer.asked_on,
            LeaderAnswer.way,
            LeaderAnswer.words,
            LeaderAnswer.visit_on,
            LeaderAnswer.answered_by_id,
            by.c.name.label("by_name"),
            LeaderAnswer.answered_at,
            LeaderAnswer.outcome_words,
            LeaderAnswer.outcome_on,
            LeaderAnswer.version,
        )
        .join(by, by.c.id == LeaderAnswer.answered_by_id)
        .outerjoin(team, team.c.id == LeaderAnswer.team_id)
        .where(LeaderAnswer.organisation_id == actor.organisation_id)
    )


def _view(row: Any) -> Answer:
    return Answer(
        id=row.id,
        month=row.month,
        line=Line(row.line),
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        team_id=row.team_id,
        team_name=row.team_name or "",
        asked=row.asked,
        asked_on=row.asked_on,
        way=Way(row.way),
        words=row.words,
        visit_on=row.visit_on,
        by_id=row.answered_by_id,
        by=row.by_name,
        answered_at=row.answered_at,
        outcome=row.outcome_words,
        outcome_on=row.outcome_on,
        version=row.version,
    )
