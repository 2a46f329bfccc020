"""One voice for the page that a month asks of leaders."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from sqlalchemy import extract, func, select

from improve.accounts.actor import Actor
from improve.ideas.month_views import VoiceOfMonth, first_day_after
from improve.ideas.queries.places import placed_ideas
from improve.shared import clock
from improve.shared.db import db
from improve.shared.suppression import count_alone
from improve.voices.counting import WAIT_DAYS
from improve.voices.kinds import SPEAKER_WORDS, MayShow, Speaker, State
from improve.voices.models import Voice
from improve.voices.queries.shared import may_be_read

#: Characters of a voice that is read in full on one sheet of paper, with six more lines on it.
WHOLE_MOST: Final = 600


def voice_of_month(actor: Actor, month: date) -> VoiceOfMonth | None:
    """Return a voice of that month or before, and how many wait; None while there is none.

    One statement. What led to an idea comes before what did not, then a draw: the key is random.
    Only who said yes is quoted.
    """
    idea = placed_ideas()
    waits = (
        select(func.count())
        .select_from(Voice)
        .where(
            Voice.organisation_id == actor.organisation_id,
            Voice.state != State.SET_ASIDE.value,
            Voice.locked_at.is_(None),
            Voice.answered_on.is_(None),
            Voice.came_on < clock.today() - timedelta(days=WAIT_DAYS),
        )
        .scalar_subquery()
    )
    row = db.session.execute(
        select(
            Voice.shareable,
            Voice.speaker_kind,
            Voice.came_on,
            idea.c.id,
            idea.c.team_id,
            idea.c.team_name,
            waits.label("waits"),
        )
        .outerjoin(idea, idea.c.id == Voice.idea_id)
        .where(
            Voice.organisation_id == actor.organisation_id,
            Voice.came_on < first_day_after(month),
            Voice.may_show == MayShow.YES.value,
            func.length(Voice.shareable) <= WHOLE_MOST,
            *may_be_read(),
        )
        .order_by(
            (extract("year", Voice.came_on) * 12 + extract("month", Voice.came_on)).desc(),
            idea.c.id.is_(None),
            Voice.key,
        )
        .limit(1)
    ).first()
    if row is None:
        return None
    said = str(count_alone(row.waits))
    return VoiceOfMonth(
        words=row.shareable,
        whose=SPEAKER_WORDS[Speaker(row.speaker_kind)],
        month=row.came_on.replace(day=1),
        answers_waiting=(
            f"{said[:1].upper()}{said[1:]} voices have waited past 28 days for an answer."
            if row.waits
            else ""
        ),
        idea_id=row.id,
        team_id=row.team_id,
        team_name=row.team_name or "",
    )
