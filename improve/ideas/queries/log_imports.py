"""Improvement logs between their preview and the board, and what was brought in from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select

from improve.accounts.actor import Actor
from improve.ideas.models import (
    CoachRequest,
    Comment,
    Idea,
    IdeaEdit,
    IdeaFollower,
    IdeaGuest,
    IdeaJoin,
    IdeaMeasure,
    IdeaMember,
    LogImport,
    StageMove,
    Thanks,
)
from improve.ideas.queries.door import visible
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import NotFound

#: A list waits this long for its confirmation; taken back within a day.
DRAFT_LIFE = timedelta(days=7)
TAKE_BACK = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class LogImportView:
    """A list: waiting for its confirmation while ``done_at`` is None."""

    id: int
    team_id: int
    by_id: int
    file_name: str
    rows: dict[str, Any]
    count: int
    created_at: datetime
    done_at: datetime | None

    @property
    def said_from(self) -> str:
        """Where it comes from, in words."""
        return f"“{self.file_name}”" if self.file_name else "a pasted list"


_COLUMNS = (
    LogImport.id,
    LogImport.team_id,
    LogImport.by_id,
    LogImport.file_name,
    LogImport.rows,
    LogImport.count,
    LogImport.created_at,
    LogImport.done_at,
)


def log_import(actor: Actor, team_id: int, import_id: int) -> LogImportView:
    """Return a list that the actor looks through. Raises ``NotFound`` when its week is over.

    One that was brought in is there for whoever may bring lists in.
    """
    row = db.session.execute(
        select(*_COLUMNS).where(
            LogImport.id == import_id,
            LogImport.team_id == team_id,
            LogImport.organisation_id == actor.organisation_id,
            or_(
                LogImport.done_at.is_not(None),
                (LogImport.by_id == actor.person_id) & (LogImport.expires_at > clock.now()),
            ),
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return _view(row)


def log_imports_of_team(actor: Actor, team_id: int) -> list[LogImportView]:
    """Return what waits for the actor, and what was brought in within a day; the newest first."""
    rows = db.session.execute(
        select(*_COLUMNS)
        .where(
            LogImport.team_id == team_id,
            LogImport.organisation_id == actor.organisation_id,
            or_(
                LogImport.done_at > clock.now() - TAKE_BACK,
                LogImport.done_at.is_(None)
                & (LogImport.by_id == actor.person_id)
                & (LogImport.expires_at > clock.now()),
            ),
        )
        .order_by(LogImport.id.desc())
    )
    return [_view(row) for row in rows]


def _view(row: Any) -> LogImportView:
    values = list(row)
    values[4] = values[4] or {}
    return LogImportView(*values)


def log_import_for_change(actor: Actor, team_id: int, import_id: int) -> LogImport:
    """Return a list, locked. Raises ``NotFound`` as ``log_import`` does."""
    log_import(actor, team_id, import_id)
    found = db.session.execute(
        select(LogImport)
        .where(LogImport.id == import_id, LogImport.organisation_id == actor.organisation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def brought_in_before(actor: Actor, team_id: int, fingerprint: str) -> datetime | None:
    """Return when the same list was brought into the team, None for never."""
    rows = db.session.execute(
        select(LogImport.rows, LogImport.done_at)
        .where(
            LogImport.team_id == team_id,
            LogImport.organisation_id == actor.organisation_id,
            LogImport.done_at.is_not(None),
        )
        .order_by(LogImport.id.desc())
    )
    for row in rows:
        if (row.rows or {}).get("fingerprint") == fingerprint:
            when: datetime = row.done_at
            return when
    return None


def titles_of_team(actor: Actor, team_id: int) -> list[str]:
    """Return the titles of a team's ideas that the actor may see: to find what is there.

    Not of others: a list of guessed titles must not tell what somebody asks a coach alone.
    """
    return list(
        db.session.execute(
            select(Idea.title).where(visible(actor), Idea.team_id == team_id).order_by(Idea.id)
        ).scalars()
    )


def ids_of_import(actor: Actor, team_id: int, import_id: int) -> dict[str, int]:
    """Return the ideas that a list became, by the mark of their row."""
    rows = db.session.execute(
        select(Idea.form_token, Idea.id)
        .where(
            Idea.organisation_id == actor.organisation_id,
            Idea.team_id == team_id,
            Idea.log_import_id == import_id,
        )
        .order_by(Idea.id)
    )
    return {row.form_token: row.id for row in rows}


def count_touched(actor: Actor, team_id: int, import_id: int) -> int:
    """Return how many ideas of a list somebody has done anything with since. In one statement."""
    mine = (
        select(Idea.id)
        .where(
            Idea.organisation_id == actor.organisation_id,
            Idea.team_id == team_id,
            Idea.log_import_id == import_id,
        )
        .subquery("mine")
    )
    touched = [
        Idea.version > 1,
        Idea.pinned_at.is_not(None),
        Idea.blocked_at.is_not(None),
        _any(Comment),
        _any(Thanks),
        _any(StageMove),
        _any(IdeaMember),
        _any(IdeaMeasure),
        _any(IdeaGuest),
        _any(CoachRequest),
        select(IdeaEdit.id)
        .where(IdeaEdit.idea_id == Idea.id, IdeaEdit.kind != "brought_in")
        .exists(),
        select(IdeaFollower.idea_id)
        .where(IdeaFollower.idea_id == Idea.id, IdeaFollower.person_id != Idea.author_id)
        .exists(),
        select(IdeaJoin.id)
        .where(or_(IdeaJoin.idea_id == Idea.id, IdeaJoin.into_id == Idea.id))
        .exists(),
    ]
    return db.session.execute(
        select(func.count()).select_from(Idea).join(mine, mine.c.id == Idea.id).where(or_(*touched))
    ).scalar_one()


def _any(model: Any) -> Any:
    return select(model.idea_id).where(model.idea_id == Idea.id).exists()
