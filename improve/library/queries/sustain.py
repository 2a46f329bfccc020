"""Looks at whether what was kept still holds: of one idea, of many, and those that are due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select

from improve.accounts.actor import Actor
from improve.accounts.queries import person_names
from improve.accounts.roles import Permission, has_any, may
from improve.ideas.queries.places import kept_ideas, seen_ideas
from improve.library.models import SustainCheck
from improve.library.sustaining import ASKED_FOR_DAYS, SUSTAIN_DAYS, Held, SustainedView
from improve.shared import clock
from improve.shared.db import db
from improve.shared.to_do import ROWS_MOST, ToDoKind, to_do_rows

WHO_CHECKS = "The people of this idea, a manager of its team or a coach can answer this."


def checks_of_ideas(actor: Actor, idea_ids: Iterable[int]) -> dict[int, list[SustainedView]]:
    """Return every look at these ideas, asked or answered, the newest first. One statement."""
    wanted = sorted(set(idea_ids))
    found: dict[int, list[SustainedView]] = defaultdict(list)
    if not wanted:
        return found
    by, seen = person_names(), seen_ideas(actor)
    rows = db.session.execute(
        select(SustainCheck, by.c.name)
        .join(seen, seen.c.id == SustainCheck.idea_id)
        .outerjoin(by, by.c.id == SustainCheck.answered_by_id)
        .where(
            SustainCheck.organisation_id == actor.organisation_id, SustainCheck.idea_id.in_(wanted)
        )
        .order_by(SustainCheck.due_on.desc(), SustainCheck.id.desc())
    )
    for check, name in rows:
        found[check.idea_id].append(view_of(check, name))
    return found


def view_of(check: SustainCheck, by_name: str | None) -> SustainedView:
    """Return a look as pages show it."""
    return SustainedView(
        idea_id=check.idea_id,
        due_on=check.due_on,
        answer=Held(check.answer) if check.answer else None,
        words=check.words,
        answered_at=check.answered_at,
        by_name=by_name or "",
        verdict_code=check.verdict_code,
        verdict_facts=check.verdict_facts,
        again_on=check.again_on,
        version=check.version,
        id=check.id,
    )


def may_check(actor: Actor, *, team_id: int, is_own: bool) -> bool:
    """Return whether the actor may say whether it still holds."""
    return may(actor, Permission.CHECK_SUSTAINED, team_id=team_id, is_own=is_own)


def due_kept_ideas(today: date) -> list[Any]:
    """Return the kept ideas of every council of which a look is due. For the night.

    Rows: the columns of ``kept_ideas`` and SustainCheck, None or the row that waits. Ideas of an
    earlier list are not asked about, nor what is due for longer than half a year and was never
    asked.
    """
    kept = kept_ideas()
    latest = clock.at_local(today - timedelta(days=SUSTAIN_DAYS - 1), 0)
    earliest = clock.at_local(today - timedelta(days=SUSTAIN_DAYS + ASKED_FOR_DAYS), 0)
    rows = db.session.execute(
        select(kept, SustainCheck)
        .outerjoin(SustainCheck, and_(SustainCheck.idea_id == kept.c.id, _waits(kept, today)))
        .where(
            ~kept.c.is_from_list,
            or_(
                SustainCheck.id.is_not(None),
                and_(kept.c.finished_at < latest, kept.c.finished_at >= earliest),
            ),
        )
        .order_by(kept.c.organisation_id, kept.c.id, SustainCheck.due_on)
    )
    return list(rows)


def _waits(kept: Any, today: date) -> Any:
    """Return whether a look waits: what was asked before it was kept again is asked no more."""
    return and_(
        SustainCheck.answered_at.is_(None),
        SustainCheck.due_on <= today,
        SustainCheck.due_on > func.date(kept.c.finished_at),
    )


def days_asked(idea_ids: Iterable[int]) -> dict[int, set[date]]:
    """Return the days for which each of these ideas has a look, answered or not."""
    found: dict[int, set[date]] = defaultdict(set)
    rows = db.session.execute(
        select(SustainCheck.idea_id, SustainCheck.due_on)
        .where(SustainCheck.idea_id.in_(sorted(set(idea_ids))))
        .order_by(SustainCheck.idea_id, SustainCheck.due_on)
    )
    for row in rows:
        found[row.idea_id].add(row.due_on)
    return found


def sustain_rows(actor: Actor) -> Any | None:
    """Return the looks that wait for the actor: of ideas they lead or wrote, and of their teams."""
    if not has_any(actor, Permission.CHECK_SUSTAINED):
        return None
    kept = kept_ideas()
    return (
        to_do_rows(
            ToDoKind.SUSTAIN,
            subject_id=kept.c.id,
            words=kept.c.title,
            about=kept.c.team_name,
            on=SustainCheck.due_on,
        )
        .join(SustainCheck, SustainCheck.idea_id == kept.c.id)
        .where(
            SustainCheck.organisation_id == actor.organisation_id,
            _waits(kept, clock.today()),
            SustainCheck.reminded_at.is_not(None),
            or_(
                kept.c.lead_id == actor.person_id,
                and_(kept.c.lead_id.is_(None), kept.c.author_id == actor.person_id),
                kept.c.team_id.in_(sorted(actor.managed_team_ids)),
            ),
        )
        .order_by(SustainCheck.due_on, kept.c.id)
        .limit(ROWS_MOST)
    )
