"""Reads about the hour that teams protect: of one team, and of all for those who owe it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.accounts.queries import teams
from improve.huddles import fortnights
from improve.huddles.kinds import Kept
from improve.huddles.models import ProtectedHour
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import NotFound


@dataclass(frozen=True, slots=True)
class HourView:
    """The time stated for one fortnight. ``kept`` is None until the team says how it went."""

    from_on: date
    minutes: int
    when_words: str
    kept: Kept | None
    in_the_way: str
    version: int

    @property
    def fortnight(self) -> str:
        """“16 to 27 Nov”."""
        return fortnights.words(self.from_on)

    @property
    def length(self) -> str:
        """“1 hour”."""
        return fortnights.minutes_words(self.minutes)


@dataclass(frozen=True, slots=True)
class TeamHours:
    """What one team stated, fortnight by fortnight, the newest first; () where it stated none."""

    name: str
    slug: str
    hours: tuple[HourView, ...]


_COLUMNS = (
    ProtectedHour.from_on,
    ProtectedHour.minutes,
    ProtectedHour.when_words,
    ProtectedHour.kept,
    ProtectedHour.in_the_way,
    ProtectedHour.version,
)


def view_of(hour: ProtectedHour) -> HourView:
    """Return a stated hour as pages show it."""
    return HourView(
        hour.from_on,
        hour.minutes,
        hour.when_words,
        Kept(hour.kept) if hour.kept else None,
        hour.in_the_way,
        hour.version,
    )


def hour_for_change(actor: Actor, team_id: int, monday: date) -> ProtectedHour | None:
    """Return what the team stated for this fortnight, its row locked; None for nothing yet."""
    return db.session.execute(
        select(ProtectedHour)
        .where(
            ProtectedHour.organisation_id == actor.organisation_id,
            ProtectedHour.team_id == team_id,
            ProtectedHour.from_on == monday,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()


def stated_hour(actor: Actor, team_id: int, monday: date) -> ProtectedHour:
    """Return what the team stated for a fortnight that can still be answered; ``NotFound``."""
    hour = hour_for_change(actor, team_id, monday)
    if hour is None or monday not in fortnights.shown(clock.today()):
        raise NotFound
    return hour


def hours_of_team(actor: Actor, team_id: int) -> list[HourView]:
    """Return what a team stated for the fortnights that are looked at, the newest first."""
    rows = db.session.execute(
        select(*_COLUMNS)
        .where(
            ProtectedHour.organisation_id == actor.organisation_id,
            ProtectedHour.team_id == team_id,
            ProtectedHour.from_on >= fortnights.shown(clock.today())[-1],
        )
        .order_by(ProtectedHour.from_on.desc(), ProtectedHour.id)
    )
    return [_view(row) for row in rows]


def hours_promised(actor: Actor) -> list[TeamHours]:
    """Return the open teams of the organisation, A to Z, with what each stated. Two statements."""
    found: dict[int, list[HourView]] = {}
    rows = db.session.execute(
        select(ProtectedHour.team_id, *_COLUMNS)
        .where(
            ProtectedHour.organisation_id == actor.organisation_id,
            ProtectedHour.from_on >= fortnights.shown(clock.today())[-1],
        )
        .order_by(ProtectedHour.from_on.desc(), ProtectedHour.team_id)
    )
    for row in rows:
        found.setdefault(row.team_id, []).append(_view(row[1:]))
    return [TeamHours(team.name, team.slug, tuple(found.get(team.id, ()))) for team in teams(actor)]


def hours_between(actor: Actor, first: date, last: date) -> list[HourView]:
    """Return what all teams stated for fortnights that begin in these days, oldest first."""
    rows = db.session.execute(
        select(*_COLUMNS)
        .where(
            ProtectedHour.organisation_id == actor.organisation_id,
            ProtectedHour.from_on >= first,
            ProtectedHour.from_on <= last,
        )
        .order_by(ProtectedHour.from_on, ProtectedHour.id)
    )
    return [_view(row) for row in rows]


def _view(row: Any) -> HourView:
    from_on, minutes, when_words, kept, in_the_way, version = row
    return HourView(from_on, minutes, when_words, Kept(kept) if kept else None, in_the_way, version)
