"""One voice for the page that a month asks of leaders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from sqlalchemy import Integer, Select, extract, func, literal

from improve.accounts.actor import Actor
from improve.ideas.month_views import ToldOfMonth, VoiceOfMonth, first_day_after
from improve.ideas.queries.month import month_part
from improve.ideas.queries.places import placed_ideas
from improve.shared import clock
from improve.shared.suppression import FEWEST, count_alone
from improve.voices.kinds import SPEAKER_WORDS, MayShow, Speaker
from improve.voices.models import Voice
from improve.voices.queries.how_it_goes import waits_for_long
from improve.voices.queries.shared import heard_in_month, may_be_read, of_team_and_month

#: Characters of a voice that is read in full on one sheet of paper, with six more lines on it.
WHOLE_MOST: Final = 600


def voice_of_month(
    actor: Actor, month: date
) -> tuple[Select[Any], Callable[[ToldOfMonth], VoiceOfMonth]]:
    """Return a part of the statement that reads the month, and what makes a voice of its row."""
    return _part(actor, month), _shaped


def _part(actor: Actor, month: date) -> Select[Any]:
    """Return a voice of that month or before, and how many wait.

    What led to an idea comes before what did not, then a draw: the key is random. Only who said yes
    is quoted. The month stands beside it and the idea tells the team, so one whose team heard fewer
    than five in that month is left out.
    """
    idea, heard = placed_ideas(), heard_in_month(actor.organisation_id)
    waits = waits_for_long(actor, clock.today()).scalar_subquery()
    return (
        month_part(
            "told",
            literal(0, Integer()),
            words=Voice.shareable,
            kind=Voice.speaker_kind,
            on=Voice.came_on,
            n=waits,
            idea_id=idea.c.id,
            team_id=idea.c.team_id,
        )
        .select_from(Voice)
        .outerjoin(idea, idea.c.id == Voice.idea_id)
        .outerjoin(heard, of_team_and_month(heard, idea.c.team_id))
        .where(
            Voice.organisation_id == actor.organisation_id,
            Voice.came_on < first_day_after(month),
            Voice.may_show == MayShow.YES.value,
            func.length(Voice.shareable) <= WHOLE_MOST,
            idea.c.id.is_(None) | (heard.c.heard >= FEWEST),
            *may_be_read(),
        )
        .order_by(
            (extract("year", Voice.came_on) * 12 + extract("month", Voice.came_on)).desc(),
            idea.c.id.is_(None),
            Voice.key,
        )
        .limit(1)
    )


def _shaped(told: ToldOfMonth) -> VoiceOfMonth:
    said = str(count_alone(told.waiting))
    return VoiceOfMonth(
        words=told.words,
        whose=SPEAKER_WORDS[Speaker(told.kind)],
        month=told.on.replace(day=1),
        answers_waiting=(
            f"{said[:1].upper()}{said[1:]} voices have waited past 28 days for an answer."
            if told.waiting
            else ""
        ),
        idea_id=told.idea_id,
        team_id=told.team_id,
        team_name=told.team_name,
    )
