"""What one month of ideas holds for a leader, in one statement."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Date, Integer, Select, String, cast, func, literal, null, select, union_all

from improve.accounts.actor import Actor
from improve.accounts.days.working_calendar import calendar_from
from improve.accounts.queries import leader_ids, person_names, team_names
from improve.ideas.kinds import Decision, Source, Unblocker
from improve.ideas.models import Cycle, Idea, Thanks
from improve.ideas.month_views import (
    EndedIdea,
    IdeasOfMonth,
    ToldOfMonth,
    WaitingIdea,
    first_day_after,
)
from improve.shared import clock
from improve.shared.db import UTCDateTime, db

#: So many are read, so that those with an answer can be passed over.
WAITING_MOST: Final = 30
LONG_DAYS: Final = 28
LEADERS_MOST: Final = 500
_LEVELS: Final = (Unblocker.SERVICE.value, Unblocker.DIRECTOR.value)
_VOICES: Final = (Source.CHILD.value, Source.PARENT_OR_CARER.value)
_COLUMNS: Final[dict[str, Any]] = {
    "idea_id": Integer(),
    "title": String(),
    "words": String(),
    "who": String(),
    "kind": String(),
    "at": UTCDateTime(),
    "on": Date(),
    "team_id": Integer(),
    "person_id": Integer(),
    "n": Integer(),
}


def ideas_of_month(
    actor: Actor, month: date, *, with_waiting: bool = True, told: Select[Any] | None = None
) -> IdeasOfMonth:
    """Return what waits now and what finished in the month that begins on ``month``.

    Only ideas on a board count, whoever asks. ``with_waiting`` False: only what finished. ``told``
    is a ``month_part`` named “told”, of what others of the system keep: it is read with the rest.
    """
    first = clock.at_local(month, 0)
    end = clock.at_local(first_day_after(month), 0)
    parts = [_decided(actor, first, end), _lesson(actor, first, end)]
    if with_waiting:
        parts += [
            _blocked(actor),
            _voices(actor),
            _voices_waiting(actor),
            _unthanked(actor, Decision.ABANDON),
            _unthanked(actor, Decision.ADOPT),
        ]
    if told is not None:
        parts.append(told)
    everything = union_all(*(select(part.subquery()) for part in parts)).subquery("everything")
    team, by = team_names().alias("team"), person_names().alias("by")
    rows = db.session.execute(
        select(
            everything,
            team.c.name.label("team_name"),
            team.c.working_days,
            team.c.pauses,
            by.c.name.label("by_name"),
        )
        .outerjoin(team, team.c.id == everything.c.team_id)
        .outerjoin(by, by.c.id == everything.c.person_id)
        .order_by(everything.c.what, everything.c.place, everything.c.idea_id)
    ).all()
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.what, []).append(row)
    blocked = found.get("blocked", [])
    return IdeasOfMonth(
        blocked=tuple(_waiting(row, actor) for row in blocked),
        blocked_count=blocked[0].n if blocked else 0,
        voices=tuple(_waiting(row, actor) for row in found.get("voice", [])),
        voices_waiting=sum(row.n for row in found.get("long", [])),
        decided={row.kind: row.n for row in found.get("decided", [])},
        lesson=_ended(found.get("lesson")),
        stopped=_ended(found.get(f"thank {Decision.ABANDON.value}")),
        kept=_ended(found.get(f"thank {Decision.ADOPT.value}")),
        told=next((_told(row) for row in found.get("told", [])), None),
    )


def waiting_for_leaders(actor: Actor) -> list[WaitingIdea]:
    """Return the open ideas that need a head of service or a director, the longest first.

    One statement, five hundred at most.
    """
    found = _blocked(actor).limit(LEADERS_MOST).subquery("found")
    team = team_names().alias("team")
    rows = db.session.execute(
        select(found, team.c.name.label("team_name"), team.c.working_days, team.c.pauses)
        .join(team, team.c.id == found.c.team_id)
        .order_by(found.c.place, found.c.idea_id)
    )
    return [_waiting(row, actor) for row in rows]


def month_part(what: str, place: Any, **columns: Any) -> Select[Any]:
    """Return a part of the month’s one statement; what it has no column of is empty.

    ``place`` is its order among those of the same name; ``columns`` are of ``_COLUMNS``.
    """
    return select(
        literal(what).label("what"),
        place.label("place"),
        *(
            (columns[name] if name in columns else cast(null(), kind)).label(name)
            for name, kind in _COLUMNS.items()
        ),
    )


def _on_board(actor: Actor) -> tuple[Any, ...]:
    return (Idea.organisation_id == actor.organisation_id, Idea.is_on_board.is_(True))


def _blocked(actor: Actor) -> Select[Any]:
    return (
        month_part(
            "blocked",
            func.row_number().over(order_by=(Idea.blocked_at, Idea.id)),
            idea_id=Idea.id,
            title=Idea.title,
            words=Idea.blocked_reason,
            who=Idea.blocked_who,
            kind=Idea.blocked_from,
            at=Idea.blocked_at,
            team_id=Idea.team_id,
            n=func.count().over(),
        )
        .where(
            *_on_board(actor),
            Idea.blocked_at.is_not(None),
            Idea.finished_at.is_(None),
            Idea.blocked_from.in_(_LEVELS),
        )
        .order_by(Idea.blocked_at, Idea.id)
        .limit(WAITING_MOST)
    )


def _voices(actor: Actor) -> Select[Any]:
    return (
        month_part(
            "voice",
            func.row_number().over(order_by=(Idea.created_at.desc(), Idea.id.desc())),
            idea_id=Idea.id,
            title=Idea.title,
            words=Idea.suggestion,
            kind=Idea.source,
            at=Idea.created_at,
            team_id=Idea.team_id,
        )
        .where(*_on_board(actor), Idea.source.in_(_VOICES), Idea.finished_at.is_(None))
        .order_by(Idea.created_at.desc(), Idea.id.desc())
        .limit(WAITING_MOST)
    )


def _voices_waiting(actor: Actor) -> Select[Any]:
    since = clock.now() - timedelta(days=LONG_DAYS)
    return month_part("long", cast(literal(0), Integer()), n=func.count(Idea.id)).where(
        *_on_board(actor), Idea.source.in_(_VOICES), Idea.waiting_since < since
    )


def _of_cycles(actor: Actor, first: datetime, end: datetime) -> tuple[Any, ...]:
    return (
        *_on_board(actor),
        Cycle.organisation_id == actor.organisation_id,
        Cycle.decided_at >= first,
        Cycle.decided_at < end,
        Cycle.decision.is_not(None),
    )


def _decided(actor: Actor, first: datetime, end: datetime) -> Select[Any]:
    return (
        month_part("decided", cast(literal(0), Integer()), kind=Cycle.decision, n=func.count())
        .select_from(Cycle)
        .join(Idea, Idea.id == Cycle.idea_id)
        .where(*_of_cycles(actor, first, end))
        .group_by(Cycle.decision)
    )


def _lesson(actor: Actor, first: datetime, end: datetime) -> Select[Any]:
    return (
        month_part(
            "lesson",
            cast(literal(0), Integer()),
            idea_id=Idea.id,
            title=Idea.title,
            words=Cycle.learned,
            kind=Cycle.decision,
            at=Cycle.decided_at,
            team_id=Idea.team_id,
        )
        .select_from(Cycle)
        .join(Idea, Idea.id == Cycle.idea_id)
        .where(*_of_cycles(actor, first, end), Cycle.learned != "")
        .order_by(Cycle.decided_at.desc(), Cycle.id.desc())
        .limit(1)
    )


def _unthanked(actor: Actor, decision: Decision) -> Select[Any]:
    """Return the newest finished idea of this ending that no leader thanked anybody for.

    Where a name is hidden nobody can be thanked by name. Nobody thanks themselves.
    """
    is_thanked = (
        select(Thanks.id)
        .where(
            Thanks.idea_id == Idea.id,
            Thanks.removed_at.is_(None),
            Thanks.from_id.in_(leader_ids(actor)),
        )
        .exists()
    )
    return (
        month_part(
            f"thank {decision.value}",
            cast(literal(0), Integer()),
            idea_id=Idea.id,
            title=Idea.title,
            words=Cycle.learned,
            kind=Cycle.decision,
            at=Cycle.decided_at,
            team_id=Idea.team_id,
            person_id=Idea.author_id,
        )
        .select_from(Cycle)
        .join(Idea, Idea.id == Cycle.idea_id)
        .where(
            *_of_cycles(actor, clock.now() - timedelta(days=92), clock.now() + timedelta(days=1)),
            Cycle.decision == decision.value,
            Idea.finished_at.is_not(None),
            Idea.hides_name.is_(False),
            Idea.author_id != actor.person_id,
            ~is_thanked,
        )
        .order_by(Cycle.decided_at.desc(), Cycle.id.desc())
        .limit(1)
    )


def _waiting(row: Any, actor: Actor) -> WaitingIdea:
    return WaitingIdea(
        id=row.idea_id,
        title=row.title,
        words=row.words,
        who=row.who or "",
        level=row.kind if row.what == "blocked" else "",
        source=row.kind if row.what == "voice" else "",
        since=row.at,
        team_id=row.team_id,
        team_name=row.team_name,
        calendar=calendar_from(row.working_days, actor.closing_days, row.pauses or ()),
    )


def _told(row: Any) -> ToldOfMonth:
    return ToldOfMonth(
        words=row.words,
        kind=row.kind,
        on=row.on,
        waiting=row.n,
        idea_id=row.idea_id,
        team_id=row.team_id,
        team_name=row.team_name or "",
    )


def _ended(rows: list[Any] | None) -> EndedIdea | None:
    if not rows:
        return None
    row = rows[0]
    return EndedIdea(
        row.idea_id, row.title, row.words or "", row.kind, row.by_name or "", row.team_name
    )
