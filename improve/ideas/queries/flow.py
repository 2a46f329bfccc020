"""What ideas have gone through, counted by day in the database.

Each function is one statement and returns few rows, however many ideas there are. Only ideas on
the board count: what an author and a coach keep between them shows in no number either.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.types import Date, DateTime

from improve.accounts.actor import Actor
from improve.accounts.queries import teams_of_service
from improve.ideas.flow import (
    TRIED_WITHIN_DAYS,
    Arrivals,
    DecisionRow,
    ReplyRow,
    StayRow,
    arrivals_of,
    stays_of,
)
from improve.ideas.kinds import Outcome, Stage
from improve.ideas.models import Cycle, Idea, StageMove
from improve.shared import clock
from improve.shared.db import db

_UNIX_EPOCH = date(1970, 1, 1).toordinal()
#: How far back clock changes are looked up; older moments take the oldest known offset.
_YEARS_OF_CHANGES = 4
#: Not brought in with a list, whose days were counted elsewhere.
_LOGGED_HERE = Idea.log_import_id.is_(None)
_IS_OVER_UNANSWERED = and_(Idea.first_reply_at.is_(None), Idea.finished_at.is_not(None))
#: Further conditions on the ideas that are asked about, such as when they were finished.
Among = Sequence[ColumnElement[bool]]


def arrivals(
    actor: Actor,
    *,
    since: datetime,
    team_id: int | None = None,
    service_id: int | None = None,
    among: Among = (),
) -> Arrivals:
    """Return ideas logged since then: when they were answered, and whether they were tried in time.

    An idea that is joined to another counts as that one: it was neither tried nor stopped itself,
    and yet its author waited for an answer.
    """
    of = _of(actor, team_id, service_id, *among, Idea.created_at >= since, _LOGGED_HERE)
    first_do = (
        select(StageMove.idea_id, func.min(StageMove.at).label("at"))
        .join(Idea, Idea.id == StageMove.idea_id)
        .where(StageMove.to_stage == Stage.DO.value, StageMove.undone_at.is_(None), *of)
        .group_by(StageMove.idea_id)
        .subquery("first_do")
    )
    logged_on = _day(Idea.created_at)
    rows = _counted(
        [
            logged_on,
            _day(Idea.first_reply_at),
            _IS_OVER_UNANSWERED,
            or_(Idea.outcome.is_(None), Idea.outcome != Outcome.JOINED.value),
            Idea.source,
            func.coalesce(_day(first_do.c.at) - logged_on <= TRIED_WITHIN_DAYS, false()),
            func.coalesce(Idea.outcome == Outcome.QUICK_FIX.value, false()),
            Idea.family_in_team != "",
        ],
        of,
        joined=lambda found: found.outerjoin(first_do, first_do.c.idea_id == Idea.id),
    )
    return arrivals_of(rows)


def replies(
    actor: Actor,
    *,
    since: datetime,
    team_id: int | None = None,
    service_id: int | None = None,
    among: Among = (),
) -> tuple[ReplyRow, ...]:
    """Return the replies of :func:`arrivals` alone: no move is read for them."""
    of = _of(actor, team_id, service_id, *among, Idea.created_at >= since, _LOGGED_HERE)
    rows = _counted(
        [_day(Idea.created_at), _day(Idea.first_reply_at), _IS_OVER_UNANSWERED],
        of,
        joined=lambda found: found,
    )
    return tuple(ReplyRow(logged_on, on, bool(is_over), n) for logged_on, on, is_over, n in rows)


def decisions(
    actor: Actor,
    *,
    since: datetime,
    team_id: int | None = None,
    service_id: int | None = None,
    among: Among = (),
) -> list[DecisionRow]:
    """Return cycles decided since then by day, decision, and days from Plan to leaving Act."""
    # What a list from elsewhere says had ended was not tried here; what is tried later counts.
    is_ours = or_(_LOGGED_HERE, Cycle.started_on.is_not(None))
    is_decided = Cycle.decision.is_not(None)
    of = _of(actor, team_id, service_id, *among, is_decided, Cycle.decided_at >= since, is_ours)
    # The decision and the move that carried it were written with one and the same moment.
    from_act = (
        select(StageMove.id)
        .where(
            StageMove.idea_id == Cycle.idea_id,
            StageMove.at == Cycle.decided_at,
            StageMove.from_stage == Stage.ACT.value,
            StageMove.undone_at.is_(None),
        )
        .exists()
    )
    decided_on = _day(Cycle.decided_at)
    days = case((from_act, decided_on - _day(Cycle.created_at)))
    rows = _counted(
        [decided_on, Cycle.decision, days],
        of,
        joined=lambda found: found.join(Cycle, Cycle.idea_id == Idea.id),
    )
    return [DecisionRow(*row) for row in rows]


def stays(
    actor: Actor,
    *,
    since: datetime,
    team_id: int | None = None,
    service_id: int | None = None,
    among: Among = (),
) -> list[StayRow]:
    """Return stays in Plan, Do, Study and Act that go on, or ended since then.

    Moves are read in their order and paired here: grouping them in the database takes three
    times as long, since nearly every stay is one of its own.
    """
    moves = _read(
        select(
            StageMove.idea_id,
            StageMove.to_stage,
            _day(StageMove.at),
            Idea.finished_at.is_not(None),
        )
        .select_from(Idea)
        .join(StageMove, StageMove.idea_id == Idea.id)
        .where(StageMove.undone_at.is_(None), *_of(actor, team_id, service_id, *among))
        .order_by(StageMove.idea_id, StageMove.id)
    )
    return stays_of(moves, since_on=clock.local(since).toordinal())


def _read(statement: Any) -> Any:
    """Plain rows: the same transaction, without the work that entities would need."""
    return db.session.connection().execute(statement)


def counts_as_logged() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions by which an idea counts as logged here, and as one of its own."""
    is_itself = or_(Idea.outcome.is_(None), Idea.outcome != Outcome.JOINED.value)
    return is_itself, _LOGGED_HERE


def _of(
    actor: Actor, team_id: int | None, service_id: int | None, *more: ColumnElement[bool]
) -> tuple[ColumnElement[bool], ...]:
    kept = [*more, Idea.organisation_id == actor.organisation_id, Idea.is_on_board.is_(True)]
    return (*kept, *of_teams(actor, team_id, service_id))


def of_teams(
    actor: Actor, team_id: int | None, service_id: int | None
) -> list[ColumnElement[bool]]:
    """Return the condition that an idea is a team's, else one of a service's teams, else none."""
    if team_id is not None:
        return [Idea.team_id == team_id]
    if service_id is not None:
        return [Idea.team_id.in_(teams_of_service(actor, service_id))]
    return []


def _places(keys: Sequence[Any]) -> list[ColumnElement[Any]]:
    """Columns of the answer by their place, so that long expressions are not written twice."""
    return [literal_column(str(number)) for number in range(1, len(keys) + 1)]


def _counted(
    keys: Sequence[Any], where: Sequence[ColumnElement[bool]], joined: Callable[[Any], Any]
) -> Any:
    found = joined(select(*keys, func.count()).select_from(Idea))
    return _read(found.where(*where).group_by(*_places(keys)))


def _day(moment: Any) -> ColumnElement[int]:
    """The day of a moment by the council's clocks, as an ordinal, computed in the database."""
    changes = _clock_changes(_zone_name(), clock.today().year)
    if db.engine.dialect.name == "postgresql":
        # Kept without a zone, in UTC. A zone looked up by its name for each row takes longer than
        # all else of these statements, so that is done for what is older than the changes only.
        bare: Any = type_coerce(moment, DateTime())
        ways = [(moment >= at, bare + timedelta(seconds=ahead)) for at, ahead in changes]
        older = func.timezone(_zone_name(), func.timezone("UTC", moment))
        day: Any = cast(case(*ways, else_=older), Date)
        return day - cast(literal("0001-01-01"), Date) + 1
    ahead = case(*((moment >= at, seconds) for at, seconds in changes[:-1]), else_=changes[-1][1])
    return (cast(func.strftime("%s", moment), Integer) + ahead) // 86_400 + _UNIX_EPOCH


def _zone_name() -> str:
    return str(clock.local(clock.now()).tzinfo)


@lru_cache(maxsize=8)
def _clock_changes(zone: str, year: int) -> tuple[tuple[datetime, int], ...]:
    """Moments at which the clocks changed and seconds ahead of UTC from then on, newest first."""
    del zone  # names the clock that `local` shows, so that the answer is kept by it
    first = clock.at_local(date(year - _YEARS_OF_CHANGES, 1, 1), 0)
    found = [(first, _offset(first))]
    moment, end = first, clock.at_local(date(year + 2, 1, 1), 0)
    while moment < end:
        following = moment + timedelta(days=1)
        if _offset(following) != found[-1][1]:
            at = moment
            while _offset(at) == found[-1][1]:
                at += timedelta(minutes=15)
            found.append((at, _offset(at)))
        moment = following
    return tuple(reversed(found))


def _offset(moment: datetime) -> int:
    ahead = clock.local(moment).utcoffset() or timedelta()
    return int(ahead.total_seconds())
