"""Reads about second factors: whether somebody has one, needs one, and what it is made of."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from improve.accounts.actor import Actor
from improve.accounts.models import Membership, Person, RecoveryCode, SecondFactor
from improve.accounts.roles import CLOSELY_HELD_ROLES
from improve.shared.db import db


@dataclass(frozen=True)
class FactorRow:
    """A person's authenticator app as it is kept: what is sealed, and for which row."""

    key: str
    sealed: bytes | None
    waiting: bytes | None
    last_step: int | None
    confirmed_at: datetime | None


def factor_of(person_id: int) -> FactorRow | None:
    """Return what is kept of a person's app, set up or being set up. For proving only."""
    row = db.session.execute(
        select(
            SecondFactor.key,
            SecondFactor.sealed,
            SecondFactor.waiting,
            SecondFactor.last_step,
            SecondFactor.confirmed_at,
        ).where(SecondFactor.person_id == person_id)
    ).one_or_none()
    return FactorRow(*row) if row else None


def has_factor(person_id: int) -> bool:
    """Return whether a person has an authenticator app that gives codes."""
    confirmed = select(SecondFactor.key).where(
        SecondFactor.person_id == person_id, SecondFactor.confirmed_at.is_not(None)
    )
    return db.session.execute(confirmed).first() is not None


def needs_factor(person_id: int) -> bool:
    """Return whether a password alone lets this person in only half.

    What a group of the directory gave opens nothing to whoever comes by password.
    """
    closely_held = select(Membership.id).where(
        Membership.person_id == person_id,
        Membership.role.in_([role.value for role in CLOSELY_HELD_ROLES]),
        Membership.came_by != "group",
    )
    return has_factor(person_id) or db.session.execute(closely_held).first() is not None


@dataclass(frozen=True)
class FactorView:
    """What a page says of somebody's second factor."""

    since: datetime | None
    codes_left: int
    #: Whether their role asks for one.
    is_compulsory: bool
    #: Nobody without a password is asked for it: the council's own sign-in proves them.
    has_password: bool
    #: Which recovery codes these are, so that a page knows whether others were made meanwhile.
    codes_mark: str


def codes_mark(person_id: int) -> str:
    """Return a mark of somebody's present recovery codes, used ones too; empty where none are."""
    first = select(func.min(RecoveryCode.code_hash)).where(RecoveryCode.person_id == person_id)
    return _mark(db.session.scalar(first))


def _mark(code_hash: str | None) -> str:
    return hashlib.sha256(code_hash.encode()).hexdigest()[:16] if code_hash else ""


def factor_view(actor: Actor) -> FactorView:
    """Return the actor's own second factor, in one statement."""
    left = (
        select(func.count(RecoveryCode.id))
        .where(RecoveryCode.person_id == Person.id, RecoveryCode.used_at.is_(None))
        .scalar_subquery()
    )
    first = (
        select(func.min(RecoveryCode.code_hash))
        .where(RecoveryCode.person_id == Person.id)
        .scalar_subquery()
    )
    row = db.session.execute(
        select(SecondFactor.confirmed_at, left, Person.password_hash.is_not(None), first)
        .select_from(Person)
        .outerjoin(SecondFactor, SecondFactor.person_id == Person.id)
        .where(Person.id == actor.person_id, Person.organisation_id == actor.organisation_id)
    ).one()
    return FactorView(
        since=row[0],
        codes_left=row[1],
        is_compulsory=bool(actor.roles & CLOSELY_HELD_ROLES),
        has_password=bool(row[2]),
        codes_mark=_mark(row[3]),
    )
