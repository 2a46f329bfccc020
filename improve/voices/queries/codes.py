"""Addresses of the form: what a code leads to, and those of one council."""

from __future__ import annotations

from calendar import day_name
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select

from improve.accounts.actor import Actor
from improve.accounts.queries import organisation_slugs, team_names
from improve.shared.db import db
from improve.shared.errors import NotFound
from improve.voices.models import VoiceCode, VoiceSetup


@dataclass(frozen=True, slots=True)
class Place:
    """Where a code leads. ``has_ended``: it is the council's general form now, and says so."""

    organisation_id: int
    slug: str
    code_id: int | None = None
    team_id: int | None = None
    has_ended: bool = False


@dataclass(frozen=True, slots=True)
class CodeView:
    """One address as its council sees it. ``ended_on``: the day it was ended, None while open."""

    id: int
    code: str
    label: str
    team_id: int | None
    team_name: str
    ended_on: date | None
    is_open: bool


def place_of(code: str, today: date) -> Place | None:
    """Return where ``code`` leads, or None. A council's own name is its general form."""
    code = code.strip().lower()
    slugs = organisation_slugs()
    own = db.session.execute(
        select(VoiceCode, slugs.c.slug)
        .join(slugs, slugs.c.id == VoiceCode.organisation_id)
        .where(VoiceCode.code == code)
    ).first()
    if own is not None:
        row, slug = own
        if row.ends_on is not None and row.ends_on < today:
            return Place(row.organisation_id, slug, has_ended=True)
        return Place(row.organisation_id, slug, row.id, row.team_id)
    council = db.session.execute(
        select(slugs.c.id, slugs.c.slug).where(slugs.c.slug == code)
    ).first()
    return Place(council.id, council.slug) if council else None


def codes(actor: Actor, today: date) -> list[CodeView]:
    """Return a council's addresses by what they are for, A to Z."""
    return [_view(row, name, today) for row, name in db.session.execute(_of(actor))]


def code(actor: Actor, code_id: int, today: date) -> CodeView:
    """Return one address. Raises ``NotFound``."""
    found = db.session.execute(_of(actor).where(VoiceCode.id == code_id)).first()
    if found is None:
        raise NotFound
    return _view(found[0], found[1], today)


def is_taken(word: str) -> bool:
    """Return whether a word leads somewhere already, in any council."""
    slugs = organisation_slugs()
    return bool(
        db.session.scalar(
            select(
                or_(
                    select(VoiceCode.id).where(VoiceCode.code == word).exists(),
                    select(slugs.c.id).where(slugs.c.slug == word).exists(),
                )
            )
        )
    )


def council_slug(actor: Actor) -> str:
    """Return the word of the council's general form."""
    slugs = organisation_slugs()
    return str(
        db.session.scalars(select(slugs.c.slug).where(slugs.c.id == actor.organisation_id)).one()
    )


def staffed_hours(actor: Actor) -> list[str]:
    """Return when the duty team sits there: “Monday to Friday 09:00 to 17:00”; none where unset."""
    hours = db.session.scalar(
        select(VoiceSetup.duty_hours).where(VoiceSetup.organisation_id == actor.organisation_id)
    )
    spans: list[tuple[int, int, list[str]]] = []
    for day, times in sorted((int(day), times) for day, times in (hours or {}).items()):
        if len(times) < 2:
            continue
        if spans and spans[-1][1] == day - 1 and spans[-1][2] == times:
            spans[-1] = (spans[-1][0], day, times)
        else:
            spans.append((day, day, times))
    return [
        f"{day_name[first]}{f' to {day_name[last]}' if last > first else ''} "
        f"{times[0]} to {times[1]}"
        for first, last, times in spans
    ]


def _of(actor: Actor) -> Any:
    teams = team_names()
    return (
        select(VoiceCode, teams.c.name)
        .outerjoin(teams, teams.c.id == VoiceCode.team_id)
        .where(VoiceCode.organisation_id == actor.organisation_id)
        .order_by(VoiceCode.label, VoiceCode.id)
    )


def _view(row: VoiceCode, team_name: str | None, today: date) -> CodeView:
    is_open = row.ends_on is None or row.ends_on >= today
    return CodeView(
        id=row.id,
        code=row.code,
        label=row.label,
        team_id=row.team_id,
        team_name=team_name or "",
        # The row keeps the last day on which it was good.
        ended_on=None if is_open or row.ends_on is None else row.ends_on + timedelta(days=1),
        is_open=is_open,
    )
