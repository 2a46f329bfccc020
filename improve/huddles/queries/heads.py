"""How a huddle begins on every page: its team, driver, clock and how many are here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, func, select

from improve.accounts.actor import Actor
from improve.accounts.queries import person_names, team_names
from improve.huddles import rights
from improve.huddles.kinds import Part
from improve.huddles.models import Huddle, HuddlePerson
from improve.huddles.pace import pace_of
from improve.huddles.views import HuddleHead, TeamRef
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound

#: Whether an actor may look, by team.
May = Callable[[Actor, int], bool]


def huddle_head(actor: Actor, slug: str, huddle_id: int) -> HuddleHead:
    """Return a huddle of a team by its address, in one statement.

    Raises ``NotFound`` (also for another team's address) and ``Forbidden`` for whoever may not
    read the team's huddles.
    """
    return head_of(actor, slug, huddle_id, may=rights.may_read)


def wall_head(actor: Actor, slug: str, huddle_id: int) -> HuddleHead:
    """Return the same for whoever may see the team's wall, such as the wall itself."""
    return head_of(actor, slug, huddle_id, may=rights.may_see_wall)


def head_of(actor: Actor, slug: str, huddle_id: int, *, may: May) -> HuddleHead:
    """Return a huddle of a team by its address for whoever ``may`` look. One statement."""
    teams = team_names()
    row = _row(actor, teams, Huddle.id == huddle_id, teams.c.slug == slug)
    if row is None:
        raise NotFound
    if not may(actor, row.Huddle.team_id):
        raise Forbidden(rights.WHO_READS)
    return _head(actor, row)


def going_on(actor: Actor, team_id: int) -> HuddleHead | None:
    """Return the huddle of a team that is not finished, in one statement, or None.

    None as well for whoever may see neither the team's huddles nor its wall.
    """
    if not rights.may_see_wall(actor, team_id):
        return None
    row = _row(actor, team_names(), Huddle.team_id == team_id, Huddle.finished_at.is_(None))
    return None if row is None else _head(actor, row)


def _row(actor: Actor, teams: Any, *conditions: ColumnElement[bool]) -> Any:
    driver, earlier = person_names().alias("driver"), Huddle.__table__.alias("earlier")
    here = (
        select(func.count())
        .select_from(HuddlePerson)
        .where(HuddlePerson.huddle_id == Huddle.id)
        .correlate(Huddle)
        .scalar_subquery()
    )
    has_finished = (
        select(earlier.c.id)
        .where(earlier.c.team_id == Huddle.team_id, earlier.c.first_finished_at.is_not(None))
        .correlate(Huddle)
        .exists()
    )
    return db.session.execute(
        select(
            Huddle,
            teams.c.slug,
            teams.c.name,
            driver.c.name.label("driver_name"),
            here.label("here"),
            has_finished.label("has_finished"),
        )
        .join(teams, teams.c.id == Huddle.team_id)
        .join(driver, driver.c.id == Huddle.driver_id)
        .where(Huddle.organisation_id == actor.organisation_id, *conditions)
        .execution_options(populate_existing=True)
    ).one_or_none()


def _head(actor: Actor, row: Any) -> HuddleHead:
    huddle: Huddle = row.Huddle
    return HuddleHead(
        id=huddle.id,
        version=huddle.version,
        team=TeamRef(huddle.team_id, row.slug, row.name),
        name=f"{clock.local(huddle.started_at):%A} huddle",
        started_at=huddle.started_at,
        acted_at=huddle.acted_at,
        planned_minutes=huddle.planned_minutes,
        pace=pace_of(
            started_at=huddle.started_at,
            paused_at=huddle.paused_at,
            paused_seconds=huddle.paused_seconds,
            finished_at=huddle.finished_at,
            planned_minutes=huddle.planned_minutes,
            now=clock.now(),
        ),
        is_short=huddle.is_short,
        is_first=not row.has_finished,
        parts=tuple(Part(part) for part in huddle.parts),
        part=Part(huddle.part),
        item_id=huddle.item_id,
        driver_id=huddle.driver_id,
        driver=row.driver_name.split(" ", 1)[0],
        is_driver=huddle.driver_id == actor.person_id,
        may_run=rights.may_run(actor, huddle.team_id),
        here_count=row.here + huddle.others_here,
        others_here=huddle.others_here,
        next_at=huddle.next_at,
        next_driver_id=huddle.next_driver_id,
        finished_at=huddle.finished_at,
        first_finished_at=huddle.first_finished_at,
        good_news=huddle.good_news,
        help_needed=huddle.help_needed,
    )
