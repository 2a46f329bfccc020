"""What a board is narrowed to, as conditions of a statement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, false, or_, select

from improve.ideas.board import BoardFilter
from improve.ideas.kinds import Stage
from improve.ideas.models import Driver, Idea, IdeaMember
from improve.ideas.usual_days import StageClock
from improve.shared import clock

_idea = Idea.__table__.c
#: The values that every statement of a board is run with.
ME: Any = bindparam("me")
TODAY: Any = bindparam("today")
#: Words looked for at once; the rest of a long sentence is left out.
MOST_WORDS = 8


def is_member() -> ColumnElement[bool]:
    """Return whether the person who asks is a member of the idea."""
    member = IdeaMember.__table__.c
    return exists().where(member.idea_id == _idea.id, member.person_id == ME)


def kept_by(
    wanted: BoardFilter, clocks: Iterable[tuple[int, StageClock]]
) -> list[ColumnElement[bool]]:
    """Return the conditions of a filter; ``clocks`` are of the teams asked about, by their id."""
    kept: list[ColumnElement[bool]] = []
    if wanted.is_mine:
        kept.append(or_(_idea.author_id == ME, _idea.lead_id == ME, is_member()))
    if wanted.needs_reply:
        kept.append(_idea.waiting_since.is_not(None))
    if wanted.is_blocked:
        kept.append(and_(_idea.blocked_at.is_not(None), _idea.finished_at.is_(None)))
    if wanted.is_ready_to_study:
        kept.append(_idea.due_to_study_on <= TODAY)
    if wanted.is_stuck:
        kept.append(or_(false(), *_stuck(clocks)))
    if wanted.driver_id is not None:
        kept.append(_idea.driver_id.in_(_under(wanted.driver_id)))
    if wanted.aim_id is not None:
        drivers = Driver.__table__.c
        kept.append(_idea.driver_id.in_(select(drivers.id).where(drivers.aim_id == wanted.aim_id)))
    if wanted.source is not None:
        kept.append(_idea.source == wanted.source.value)
    for word in wanted.text.split()[:MOST_WORDS]:
        kept.append(
            or_(
                _idea.title.icontains(word, autoescape=True),
                _idea.suggestion.icontains(word, autoescape=True),
            )
        )
    return kept


def _under(driver_id: int) -> Select[Any]:
    """Return a driver and those that hang under it. Ideas show whose they are: no more is told."""
    drivers = Driver.__table__.c
    return select(drivers.id).where(or_(drivers.id == driver_id, drivers.parent_id == driver_id))


def _stuck(clocks: Iterable[tuple[int, StageClock]]) -> Iterator[ColumnElement[bool]]:
    """Yield what is longer in its stage than usual, one condition for teams that count alike."""
    today = clock.today()
    alike: dict[tuple[Stage, date], list[int]] = {}
    for team_id, stage_clock in clocks:
        for stage, day in stage_clock.stuck_since(today).items():
            alike.setdefault((stage, day), []).append(team_id)
    for (stage, day), team_ids in alike.items():
        since = _idea.waiting_since if stage is Stage.SUGGESTED else _idea.stage_entered_at
        yield and_(
            _idea.team_id.in_(team_ids),
            _idea.stage == stage.value,
            since < clock.at_local(day + timedelta(days=1), 0),
        )
