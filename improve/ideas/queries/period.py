"""Counts of some days in some teams, as columns of another statement: what stands beside a list."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from improve.accounts.actor import Actor
from improve.accounts.queries.staff import few_in_small_teams, staff_select
from improve.ideas.flow import FAMILY_SOURCES
from improve.ideas.kinds import Unblocker
from improve.ideas.listing import PeriodCounts
from improve.ideas.models import Idea
from improve.ideas.queries import door
from improve.ideas.queries.flow import counts_as_logged, of_teams
from improve.ideas.queries.taking_part import AlsoPart, had_part
from improve.shared import clock

#: Before anything was kept here.
_EARLIEST = date(1990, 1, 1)
_FAMILY = [source.value for source in FAMILY_SOURCES]


def period_columns(
    actor: Actor,
    *,
    team_id: int | None,
    service_id: int | None,
    first: date | None,
    last: date | None,
    fewest: int,
    also: AlsoPart,
) -> list[Any]:
    """Return seven columns for ``period_counts``, of a team, a service or everywhere.

    ``also`` says who took part by what a capability above keeps. Who took part is counted as by
    the measures of the system itself, of the people who are there now.
    """
    begins = clock.at_local(first or _EARLIEST, 0)
    ends = clock.at_local((last or clock.today()) + timedelta(days=1), 0)
    whose = of_teams(actor, team_id, service_id)
    ours = (Idea.organisation_id == actor.organisation_id, Idea.is_on_board, *whose)
    is_family = Idea.source.in_(_FAMILY)
    blocked = (
        door.visible(actor),
        *whose,
        Idea.blocked_at.is_not(None),
        Idea.finished_at.is_(None),
    )
    staff = staff_select(actor, team_id, service_id=service_id).subquery("staff")
    there = select(staff.c.id).where(staff.c.created_at < ends)
    took_part = had_part(actor, staff, begins, ends, also=[also])
    few: Any = select(func.count()).where(staff.c.id < 0)
    if team_id is None and service_id is not None:
        few = few_in_small_teams(actor, service_id, fewest=fewest)
    logged = (Idea.created_at >= begins, Idea.created_at < ends, *counts_as_logged())
    counts = (
        select(func.count(Idea.id)).where(*ours, is_family, *logged),
        select(func.count(Idea.id)).where(*ours, is_family, Idea.waiting_since.is_not(None)),
        _blocked_at(Unblocker.SERVICE, blocked),
        _blocked_at(Unblocker.DIRECTOR, blocked),
        select(func.count()).select_from(there.subquery("there")),
        select(func.count()).select_from(staff).where(staff.c.created_at < ends, took_part),
        few,
    )
    return [count.correlate(None).scalar_subquery() for count in counts]


def period_counts(found: tuple[Any, ...], *, fewest: int) -> PeriodCounts:
    """Return the values of these columns by name; people only where there are enough of them."""
    family, waiting, service, director, staff, took_part, few = found
    is_shown = staff >= fewest and not 0 < few < fewest
    return PeriodCounts(
        family_ideas=family,
        family_waiting=waiting,
        blocked_service=service,
        blocked_director=director,
        staff=staff if is_shown else None,
        took_part=took_part if is_shown else None,
    )


def _blocked_at(level: Unblocker, blocked: tuple[Any, ...]) -> Select[Any]:
    return select(func.count(Idea.id)).where(*blocked, Idea.blocked_from == level.value)
