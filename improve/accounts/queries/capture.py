"""Reads about capture passes: phones that may log and tap without a sign-in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.accounts.models import CapturePass, Person
from improve.accounts.queries.actors import (
    ACTOR_COLUMNS,
    DIRECTORY_ASKED_AT,
    actor_without_session,
    with_places,
)
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
    held = (
        select(
            CapturePass.id,
            CapturePass.csrf_token,
            CapturePass.expires_at,
            CapturePass.ended_at,
            Person.is_active,
            Person.ends_on,
            DIRECTORY_ASKED_AT,
            *ACTOR_COLUMNS,
        )
        .join(Person, Person.id == CapturePass.person_id)
        .where(CapturePass.token_hash == token_hash)
    )
    rows = db.session.execute(with_places(held)).all()
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
        actor=actor_without_session(rows).with_pass(),
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
