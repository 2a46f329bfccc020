"""A day on which far more came by one address than ever: a flood of many different texts.

Which of them a machine wrote nobody can say without reading. So nothing is hidden and no possible
danger goes down: a crowd stands after what came on other days, and the unlike first within it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, distinct, false, func, or_, select

from improve.accounts.actor import Actor
from improve.shared.db import db
from improve.voices.kinds import State, WayIn
from improve.voices.models import Voice, VoiceCode
from improve.voices.queries.same_words import group_of_words

#: Different texts of one day by one address, unopened: a council asks fewer people in a day.
CROWD: Final = 100
#: So many days are looked for; a flood of a year would stand among the rest.
_DAYS: Final = 40


@dataclass(frozen=True, slots=True)
class Crowd:
    """A day and the address by which many came; ``label`` is empty for the general form."""

    came_on: date
    code_id: int | None
    label: str
    count: int


def crowds(actor: Actor) -> tuple[Crowd, ...]:
    """Return the crowds that wait unopened in the reader's council, the first day first."""
    count = func.count()
    rows = db.session.execute(
        select(Voice.came_on, Voice.code_id, VoiceCode.label, count)
        .outerjoin(VoiceCode, VoiceCode.id == Voice.code_id)
        .where(Voice.organisation_id == actor.organisation_id, *_MAY_BE)
        .group_by(Voice.came_on, Voice.code_id, VoiceCode.label)
        .having(func.count(distinct(group_of_words())) > CROWD)
        .order_by(Voice.came_on, count.desc(), VoiceCode.label)
        .limit(_DAYS)
    )
    return tuple(Crowd(day, code, label or "", many) for day, code, label, many in rows)


def is_of(found: Sequence[Crowd]) -> ColumnElement[bool]:
    """Return what holds for a voice that came in one of these crowds and is unopened."""
    if not found:
        return false()
    return and_(
        *_MAY_BE,
        or_(
            *(
                (Voice.came_on == one.came_on)
                & (Voice.code_id.is_(None) if one.code_id is None else Voice.code_id == one.code_id)
                for one in found
            )
        ),
    )


def how_alike(found: Sequence[Crowd]) -> ColumnElement[Any]:
    """Return how many of a crowd say the same of who, what and how; 0 outside of any.

    A machine that sends one kind of answer a thousand times comes after a child that differs.
    """
    if not found:
        return case((false(), 1), else_=0)
    same = (
        Voice.came_on,
        Voice.code_id,
        Voice.speaker_kind,
        Voice.age_band,
        Voice.topic,
        Voice.rating,
        Voice.may_show,
        Voice.language,
        Voice.by_helper,
    )
    return case((is_of(found), func.count().over(partition_by=same)), else_=0)


#: Only what the open form brought: paper and a survey's codes come from people who were asked.
_MAY_BE: Final = (
    Voice.state == State.WAITING.value,
    Voice.opened_on.is_(None),
    Voice.way_in == WayIn.WEB.value,
)
