"""Every idea that cannot go on, for those who can help: the longest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, or_, select

from improve.accounts.actor import Actor
from improve.accounts.queries import TeamView, person_names, services, team_names, teams
from improve.ideas import rights
from improve.ideas.kinds import STAGE_WORDS, Stage, Unblocker, unblocker_words
from improve.ideas.models import Idea
from improve.ideas.page import PersonRef, TeamRef
from improve.ideas.page_shaping import person
from improve.ideas.queries import door
from improve.ideas.rights import STANDING_COLUMNS, standing_of
from improve.shared import clock
from improve.shared.db import db
from improve.shared.formatting import plural

BLOCKED_A_PAGE: Final = 30


@dataclass(frozen=True, slots=True)
class BlockedFilter:
    """Which to show; nothing chosen shows all."""

    level: Unblocker | None = None
    service_id: int | None = None
    team_id: int | None = None

    @property
    def is_on(self) -> bool:
        """Whether anything is left out."""
        return self != BlockedFilter()


@dataclass(frozen=True, slots=True)
class BlockedIdea:
    """One idea that cannot go on, in its team's words.

    ``since_words`` is “today”, “since yesterday” or “for 22 days”, days on which the team was busy
    left out as everywhere.
    """

    id: int
    title: str
    team: TeamRef
    service_name: str
    stage: Stage
    stage_words: str
    cycle_number: int
    reason: str
    who: str
    level: str
    level_words: str
    since: datetime
    since_words: str
    by: PersonRef
    may_unblock: bool


@dataclass(frozen=True, slots=True)
class BlockedPage:
    """A page of blocked ideas. ``found`` of ``total`` are shown over all pages."""

    ideas: tuple[BlockedIdea, ...]
    found: int
    total: int
    page: int
    pages: int
    teams: tuple[TeamView, ...]
    services: tuple[tuple[int, str], ...]


def blocked_page(
    actor: Actor, chosen: BlockedFilter | None = None, *, page: int = 1
) -> BlockedPage:
    """Return the open ideas that are blocked, thirty a page, in four statements."""
    chosen = chosen or BlockedFilter()
    all_teams, all_services = teams(actor), services(actor)
    conditions = _conditions(chosen)
    total, found = db.session.execute(
        _blocked(
            actor, func.count(), func.count().filter(*conditions) if conditions else func.count()
        )
    ).one()
    pages = max(1, -(-found // BLOCKED_A_PAGE))
    page = min(max(1, page), pages)
    rows = db.session.execute(
        _rows(actor).where(*conditions).limit(BLOCKED_A_PAGE).offset((page - 1) * BLOCKED_A_PAGE)
    ).mappings()
    by_id, named = {team.id: team for team in all_teams}, dict(all_services)
    return BlockedPage(
        ideas=tuple(_shape(row, actor, by_id, named) for row in rows),
        found=found,
        total=total,
        page=page,
        pages=pages,
        teams=tuple(all_teams),
        services=tuple(all_services),
    )


def _blocked(actor: Actor, *columns: Any) -> Select[Any]:
    team = team_names().alias("team")
    return (
        select(*columns)
        .select_from(Idea)
        .join(team, team.c.id == Idea.team_id)
        .where(door.visible(actor), Idea.blocked_at.is_not(None), Idea.finished_at.is_(None))
    )


def _conditions(chosen: BlockedFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if chosen.level is Unblocker.TEAM:
        # Nothing said means the team's own manager.
        conditions.append(or_(Idea.blocked_from == "", Idea.blocked_from == chosen.level.value))
    elif chosen.level is not None:
        conditions.append(Idea.blocked_from == chosen.level.value)
    if chosen.team_id is not None:
        conditions.append(Idea.team_id == chosen.team_id)
    if chosen.service_id is not None:
        team = team_names()
        conditions.append(
            Idea.team_id.in_(select(team.c.id).where(team.c.service_id == chosen.service_id))
        )
    return conditions


def _rows(actor: Actor) -> Select[Any]:
    team, by = team_names().alias("team"), person_names().alias("by")
    return (
        select(
            Idea.id,
            Idea.title,
            Idea.cycle_number,
            Idea.blocked_reason,
            Idea.blocked_who,
            Idea.blocked_from,
            Idea.blocked_at,
            Idea.blocked_by_id,
            *(getattr(Idea, name) for name in STANDING_COLUMNS),
            door.is_member(actor).label("is_member"),
            team.c.slug.label("team_slug"),
            team.c.name.label("team_name"),
            team.c.service_id,
            by.c.name.label("blocked_name"),
        )
        .join(team, team.c.id == Idea.team_id)
        .outerjoin(by, by.c.id == Idea.blocked_by_id)
        .where(door.visible(actor), Idea.blocked_at.is_not(None), Idea.finished_at.is_(None))
        .order_by(Idea.blocked_at, Idea.id)
    )


def _shape(
    row: Any, actor: Actor, teams_by_id: dict[int, TeamView], named: dict[int, str]
) -> BlockedIdea:
    team = teams_by_id.get(row["team_id"])
    since, today = clock.local(row["blocked_at"]).date(), clock.today()
    count = (
        team.calendar.days_between(since, today)
        if team is not None
        else max(0, (today - since).days)
    )
    stage = Stage(row["stage"])
    return BlockedIdea(
        id=row["id"],
        title=row["title"],
        team=TeamRef(row["team_id"], row["team_slug"], row["team_name"]),
        service_name=named.get(row["service_id"], ""),
        stage=stage,
        stage_words=STAGE_WORDS[stage],
        cycle_number=row["cycle_number"],
        reason=row["blocked_reason"],
        who=row["blocked_who"],
        level=row["blocked_from"] or Unblocker.TEAM.value,
        level_words=unblocker_words(row["blocked_from"] or Unblocker.TEAM.value),
        since=row["blocked_at"],
        since_words=_since_words(since, today, count),
        by=person(row, actor, row["blocked_by_id"], row["blocked_name"]),
        may_unblock=rights.may_edit(actor, standing_of(row)),
    )


def _since_words(since: date, today: date, count: int) -> str:
    if since >= today:
        return "since today"
    return f"for {plural(max(1, count), 'day')}"
