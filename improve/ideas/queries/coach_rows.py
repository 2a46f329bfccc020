"""Parts of the feed of an idea's page: questions to coaches, guests, prompts that were put away.

Each returns the columns that ``one._feed_rows`` joins, in its order.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Integer, Text, bindparam, cast, null, select
from sqlalchemy import literal as lit

from improve.accounts.actor import Actor
from improve.ideas.models import CoachRequest, IdeaGuest, PromptPutAway
from improve.shared import clock
from improve.shared.db import UTCDateTime, db

_IDEA, _ME = (bindparam(n, type_=Integer) for n in ("idea", "me"))
_NO_TIME = cast(null(), UTCDateTime)
_NO_PERSON = cast(null(), Integer)


def coach_rows() -> Any:
    """Return who asked a coach: the question as a, the answer as b, by whom and when as other."""
    return select(
        lit("coach"),
        CoachRequest.id,
        CoachRequest.by_id,
        CoachRequest.at,
        lit(""),
        CoachRequest.words,
        CoachRequest.answer.label("b"),
        lit("").label("c"),
        _NO_TIME.label("edited_at"),
        CoachRequest.answered_at.label("other_at"),
        CoachRequest.answered_by_id.label("other_id"),
        lit(0).label("version"),
        lit(0).label("cycle"),
    ).where(CoachRequest.idea_id == _IDEA)


def guest_rows() -> Any:
    """Return guests, those of the past too: the last day as a, who invited as other."""
    return select(
        lit("guest"),
        IdeaGuest.person_id.label("id"),
        IdeaGuest.person_id.label("who_id"),
        IdeaGuest.at,
        lit(""),
        cast(IdeaGuest.ends_on, Text),
        lit("").label("b"),
        lit("").label("c"),
        _NO_TIME.label("edited_at"),
        IdeaGuest.ended_at.label("other_at"),
        IdeaGuest.invited_by_id.label("other_id"),
        lit(0).label("version"),
        lit(0).label("cycle"),
    ).where(IdeaGuest.idea_id == _IDEA)


def put_away_rows() -> Any:
    """Return the prompts that the actor put away: its key as kind."""
    return select(
        lit("prompt"),
        PromptPutAway.cycle_number.label("id"),
        PromptPutAway.person_id,
        PromptPutAway.at,
        PromptPutAway.key,
        lit(""),
        lit("").label("b"),
        lit("").label("c"),
        _NO_TIME.label("edited_at"),
        _NO_TIME.label("other_at"),
        _NO_PERSON.label("other_id"),
        lit(0).label("version"),
        PromptPutAway.cycle_number.label("cycle"),
    ).where(PromptPutAway.idea_id == _IDEA, PromptPutAway.person_id == _ME)


def prompts_put_away(actor: Actor, idea_id: int, cycle_number: int) -> dict[str, date]:
    """Return on which day the actor put each prompt away in a cycle, by its key."""
    rows = db.session.execute(
        select(PromptPutAway.key, PromptPutAway.at)
        .where(
            PromptPutAway.idea_id == idea_id,
            PromptPutAway.person_id == actor.person_id,
            PromptPutAway.cycle_number == cycle_number,
        )
        .order_by(PromptPutAway.key)
    )
    return {row.key: clock.local(row.at).date() for row in rows}
