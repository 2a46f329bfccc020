"""What people said of the answers: counted from replies once, and read as it was written then."""

from __future__ import annotations

from datetime import date

from sqlalchemy import case, func, select

from improve.shared.db import db
from improve.voices.counting import MONTHS_SHOWN, Share, next_month
from improve.voices.models import VoiceMonth, VoiceReply


def written_months(organisation_id: int) -> tuple[tuple[date, Share | None], ...]:
    """Return the newest months that were written, oldest first; None is a gap. One statement."""
    rows = db.session.execute(
        select(VoiceMonth.month, VoiceMonth.put_right, VoiceMonth.said)
        .where(VoiceMonth.organisation_id == organisation_id)
        .order_by(VoiceMonth.month.desc(), VoiceMonth.id.desc())
        .limit(MONTHS_SHOWN)
    ).all()
    return tuple(
        (month, None if good is None or said is None else Share(good, said))
        for month, good, said in reversed(rows)
    )


def first_replies() -> list[tuple[int, date, date | None]]:
    """Return (council, day of its first reply, last month written or None), by council."""
    written = (
        select(VoiceMonth.organisation_id, func.max(VoiceMonth.month).label("month"))
        .group_by(VoiceMonth.organisation_id)
        .subquery()
    )
    query = (
        select(VoiceReply.organisation_id, func.min(VoiceReply.came_on), func.min(written.c.month))
        .outerjoin(written, written.c.organisation_id == VoiceReply.organisation_id)
        .group_by(VoiceReply.organisation_id)
        .order_by(VoiceReply.organisation_id)
    )
    return [tuple(row) for row in db.session.execute(query)]


def said_in(organisation_id: int, month: date) -> tuple[int, int]:
    """Return (yes, partly or no) of a month."""
    yes, said = db.session.execute(
        select(
            func.coalesce(func.sum(case((VoiceReply.said == "yes", 1), else_=0)), 0), func.count()
        ).where(
            VoiceReply.organisation_id == organisation_id,
            VoiceReply.came_on >= month,
            VoiceReply.came_on < next_month(month),
        )
    ).one()
    return int(yes), said - int(yes)
