"""Capture passes: a phone that logs ideas and taps tallies for a person without signing in.

A pass creates, reads nothing and changes nothing. It ends after 30 days however it is used, with
the account, with the password, and when its owner or an administrator ends it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from improve.accounts import queries
from improve.accounts.actor import Actor
from improve.accounts.models import CapturePass
from improve.accounts.service.tokens import token_hash
from improve.shared import audit, clock
from improve.shared.db import db
from improve.shared.errors import NotFound, RuleBroken

PASS_LASTS = timedelta(days=30)
#: More phones than anybody carries.
PASSES_MOST = 10
NO_TEAM = "A pass logs ideas to your home team. You are in no team yet."
TOO_MANY = f"You have {PASSES_MOST} passes. End one of them first."


@dataclass(frozen=True)
class MadePass:
    """A fresh pass: the id for the cookie of the phone, shown once, and when it ends."""

    id: int
    token: str
    expires_at: datetime


def make_capture_pass(actor: Actor, *, device: str, replaces: str = "") -> MadePass:
    """Make a pass of 30 days for the phone that the actor holds.

    ``replaces`` is the id of the pass that this phone has now, whoever made it: that one ends.
    Refuses somebody without a team, and an eleventh pass.
    """
    if actor.home_team_id is None:
        raise RuleBroken(NO_TEAM)
    at = clock.now()
    old = queries.capture_pass_by_token_hash(token_hash(replaces)) if replaces else None
    others = [p for p in queries.capture_passes(actor, at) if old is None or p.id != old.id]
    if len(others) >= PASSES_MOST:
        raise RuleBroken(TOO_MANY)
    if old is not None and _end(CapturePass.id == old.id):
        audit.record(actor, "capture_pass_ended", "capture_pass", old.id)
    token = secrets.token_urlsafe(32)
    made = CapturePass(
        token_hash=token_hash(token),
        person_id=actor.person_id,
        csrf_token=secrets.token_hex(20),
        device=device,
        created_at=at,
        expires_at=at + PASS_LASTS,
    )
    db.session.add(made)
    db.session.flush()
    audit.record(actor, "capture_pass_made", "capture_pass", made.id)
    return MadePass(made.id, token, made.expires_at)


def end_capture_pass(actor: Actor, *, pass_id: int) -> None:
    """End one of the actor's own passes; nothing happens if it has ended.

    Raises ``NotFound`` for one that is nobody's or somebody else's.
    """
    is_mine = select(CapturePass.id).where(
        CapturePass.id == pass_id, CapturePass.person_id == actor.person_id
    )
    if db.session.execute(is_mine).first() is None:
        raise NotFound
    if _end(CapturePass.id == pass_id):
        audit.record(actor, "capture_pass_ended", "capture_pass", pass_id)


def leave_capture_pass(*, token: str) -> None:
    """End the pass of this id, whoever made it: its phone is nobody's from now on."""
    held = queries.capture_pass_by_token_hash(token_hash(token)) if token else None
    if held is not None and _end(CapturePass.id == held.id):
        audit.record(
            None,
            "capture_pass_ended",
            "capture_pass",
            held.id,
            organisation_id=held.actor.organisation_id,
        )


def end_capture_passes(person_id: int, *, but_id: int | None = None) -> None:
    """End every pass of a person, but perhaps one. The act that calls for it stands in the log."""
    _end(CapturePass.person_id == person_id, CapturePass.id != (but_id or 0))


def _end(*conditions: object) -> int:
    ended = db.session.execute(
        update(CapturePass)
        .where(CapturePass.ended_at.is_(None), *conditions)  # type: ignore[arg-type]
        .values(ended_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    return int(ended.rowcount)  # type: ignore[attr-defined]
