"""Reads about capture passes: phones that may log and tap without a sign-in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.accounts.models import CapturePass, Membership, Person, Team
from improve.accounts.queries.people import places_of
from improve.shared.db import db


@dataclass(frozen=True)
class HeldPass:
    """A pass that a phone holds, and whose it is. ``actor`` has a pass's rights only."""

    id: int
    csrf_token: str
    expires_at: datetime
    ended_at: datetime | None
    is_active: bool
    ends_on: date | None
    actor: Actor


def capture_pass_by_token_hash(token_hash: str) -> HeldPass | None:
    """Return the pass, standing or not, with its person and their teams, in one statement."""
    rows = db.session.execute(
        select(
            CapturePass.id,
            CapturePass.csrf_token,
            CapturePass.expires_at,
            CapturePass.ended_at,
            Person.id.label("person_id"),
            Person.organisation_id,
            Person.name,
            Person.job_title,
            Person.is_active,
            Person.ends_on,
            Person.rights_version,
            Membership.role,
            Membership.team_id,
            Membership.service_id,
            Membership.is_home,
            Team.slug,
            Team.name.label("team_name"),
        )
        .join(Person, Person.id == CapturePass.person_id)
        .outerjoin(Membership, Membership.person_id == Person.id)
        .outerjoin(Team, Team.id == Membership.team_id)
        .where(CapturePass.token_hash == token_hash)
        .order_by(Membership.id)
    ).all()
    if not rows:
        return None
    first = rows[0]
    return HeldPass(
        id=first.id,
        csrf_token=first.csrf_token,
        expires_at=first.expires_at,
        ended_at=first.ended_at,
        is_active=first.is_active,
        ends_on=first.ends_on,
        actor=Actor(
            person_id=first.person_id,
            organisation_id=first.organisation_id,
            name=first.name,
            job_title=first.job_title,
            places=places_of(rows),
            rights_version=first.rights_version,
        ).with_pass(),
    )


@dataclass(frozen=True)
class PassView:
    """One of a person's passes, as its owner sees it."""

    id: int
    device: str
    created_at: datetime
    expires_at: datetime


def capture_passes(actor: Actor, at: datetime) -> list[PassView]:
    """Return the actor's own passes that stand at this moment, the newest first."""
    rows = db.session.execute(
        select(CapturePass.id, CapturePass.device, CapturePass.created_at, CapturePass.expires_at)
        .where(
            CapturePass.person_id == actor.person_id,
            CapturePass.ended_at.is_(None),
            CapturePass.expires_at > at,
        )
        .order_by(CapturePass.created_at.desc(), CapturePass.id.desc())
        .limit(50)
    )
    return [PassView(*row) for row in rows]
