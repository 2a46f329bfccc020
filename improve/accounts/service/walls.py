"""Walls: a screen in a team's room that shows its board and its huddle, and nothing else.

Somebody who plans the team's huddles makes one and types its code on the screen. The code works
once and for 30 minutes. From then on the screen reads and no more, until somebody ends it.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, select, update

from improve.accounts import queries, roles
from improve.accounts.actor import Actor
from improve.accounts.models import AttemptCounter, WallDevice
from improve.accounts.queries import TeamView
from improve.accounts.roles import Permission
from improve.accounts.service.attempts import (
    CLIENT_ALLOWANCE,
    LONGEST_CLIENT_WAIT,
    counter_key,
    wait_of,
)
from improve.accounts.service.huddles import lock_team
from improve.accounts.service.tokens import token_hash
from improve.shared import audit, clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, Reason, RuleBroken

#: No vowels, so no words; and nothing that looks like another: 0 O, 1 I L, 2 Z, 5 S, 6 G, 8 B,
#: or VV like W.
CODE_LETTERS: Final = "CDFGHJKMNPQRTWXY3479"
CODE_LENGTH: Final = 8
CODE_LASTS: Final = timedelta(minutes=30)
#: More screens than any team has.
WALLS_MOST: Final = 10
WRONG: Final = "This code is not right, was used before, or its time has run out."
NOT_YOURS: Final = "Only this team’s manager or a coach can tend its wall screens."


@dataclass(frozen=True)
class MadeWall:
    """A fresh wall and the code that begins it, shown once."""

    id: int
    name: str
    code: str
    expires_at: datetime


@dataclass(frozen=True)
class BegunWall:
    """A wall that has begun: the id for the cookie of the screen."""

    id: int
    token: str


def make_wall(actor: Actor, *, secret: str, team_id: int, name: str) -> MadeWall:
    """Make a wall of a team and the code that begins it.

    A wall of this name whose code was not typed in yet gets a fresh code: the old one stops
    working. Refuses a closed team, a name that a standing wall of the team has, and an eleventh
    wall.
    """
    if _check_rights(actor, team_id).closed_on is not None:
        raise RuleBroken("This team is closed: a screen would show nothing.")
    # One after the other: two presses at once must not make two screens of one name.
    lock_team(team_id)
    at = clock.now()
    others = queries.walls_of_team(actor, team_id, at)
    same = next((wall for wall in others if wall.name.casefold() == name.casefold()), None)
    if same is not None and same.started_at is not None:
        raise RuleBroken([Reason(f"There is a screen called {same.name} already.", "name")])
    if same is None and len(others) >= WALLS_MOST:
        raise RuleBroken(f"The team has {WALLS_MOST} screens. End one of them first.")
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    if same is not None:
        wall_id = same.id
        changed = db.session.execute(
            update(WallDevice)
            .where(
                WallDevice.id == wall_id,
                WallDevice.started_at.is_(None),
                WallDevice.ended_at.is_(None),
            )
            .values(code_hash=_code_hash(secret, code), code_expires_at=at + CODE_LASTS)
            .execution_options(synchronize_session=False)
        )
        if changed.rowcount != 1:  # type: ignore[attr-defined]
            # Its old code was typed in this very moment, or somebody ended it.
            raise RuleBroken([Reason(f"{same.name} changed just now. Look again.", "name")])
    else:
        made = WallDevice(
            organisation_id=actor.organisation_id,
            team_id=team_id,
            name=name,
            code_hash=_code_hash(secret, code),
            code_expires_at=at + CODE_LASTS,
            csrf_token=secrets.token_hex(20),
            made_by_id=actor.person_id,
            created_at=at,
        )
        db.session.add(made)
        db.session.flush()
        wall_id = made.id
    audit.record(actor, "wall_made", "wall", wall_id, team=team_id)
    return MadeWall(wall_id, name, code, at + CODE_LASTS)


def code_wait_seconds(*, secret: str, client: str) -> int:
    """Return how many seconds a client must wait before it may try another code; 0 if none."""
    row = db.session.execute(
        select(AttemptCounter.failures, AttemptCounter.last_failed_at).where(
            AttemptCounter.key == counter_key(secret, "wall code", client)
        )
    ).one_or_none()
    if row is None:
        return 0
    return math.ceil(
        wait_of(
            row.failures - CLIENT_ALLOWANCE, row.last_failed_at, clock.now(), LONGEST_CLIENT_WAIT
        )
    )


def begin_wall(*, secret: str, code: str, replaces: str = "") -> BegunWall:
    """Make a screen the wall that this code was made for. Of two who type it, one gets in.

    ``replaces`` is the id of the wall that this screen was before: that one ends. Refuses a code
    that is wrong, used or outlived, in the same words; the caller counts it with
    ``note_wrong_code``.
    """
    at, token = clock.now(), secrets.token_urlsafe(32)
    is_good = and_(
        WallDevice.code_hash == _code_hash(secret, tidy_code(code)),
        WallDevice.code_expires_at > at,
        WallDevice.started_at.is_(None),
        WallDevice.ended_at.is_(None),
    )
    found = db.session.execute(
        select(WallDevice.id, WallDevice.organisation_id).where(is_good)
    ).one_or_none()
    if found is None:
        raise RuleBroken([Reason(WRONG, "code")])
    # Asked again: meanwhile another screen may have used it, or a fresh code have taken its place.
    changed = db.session.execute(
        update(WallDevice)
        .where(WallDevice.id == found.id, is_good)
        .values(token_hash=token_hash(token), started_at=at, code_hash=None, code_expires_at=None)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise RuleBroken([Reason(WRONG, "code")])
    audit.record(None, "wall_begun", "wall", found.id, organisation_id=found.organisation_id)
    before = queries.wall_by_token_hash(token_hash(replaces)) if replaces else None
    if before is not None and _end(before.id):
        audit.record(
            None, "wall_ended", "wall", before.id, organisation_id=before.actor.organisation_id
        )
    return BegunWall(found.id, token)


def end_wall(actor: Actor, *, team_id: int, wall_id: int) -> None:
    """Sign a wall of a team out, at once; nothing happens if it has ended."""
    _check_rights(actor, team_id)
    queries.wall(actor, team_id, wall_id)
    if _end(wall_id):
        audit.record(actor, "wall_ended", "wall", wall_id, team=team_id)


def choose_wall_theme(*, wall_id: int, is_dark: bool) -> None:
    """Have a wall in dark or light colours. All that a wall can change, and only of itself."""
    db.session.execute(
        update(WallDevice)
        .where(WallDevice.id == wall_id, WallDevice.ended_at.is_(None))
        .values(is_dark=is_dark)
        .execution_options(synchronize_session=False)
    )


def tidy_code(typed: str) -> str:
    """Return a code as it was made: people type spaces, hyphens and small letters."""
    return "".join(typed.split()).replace("-", "").upper()


def _check_rights(actor: Actor, team_id: int) -> TeamView:
    team = queries.team_by_id(actor, team_id)
    if not roles.may(actor, Permission.PLAN_HUDDLES, team_id=team_id):
        raise Forbidden(NOT_YOURS)
    return team


def _code_hash(secret: str, code: str) -> str:
    # Keyed: whoever reads the table could try every short code against a plain hash.
    return hmac.new(secret.encode(), f"wall code:{code}".encode(), hashlib.sha256).hexdigest()


def _end(wall_id: int) -> int:
    ended = db.session.execute(
        update(WallDevice)
        .where(WallDevice.id == wall_id, WallDevice.ended_at.is_(None))
        .values(ended_at=clock.now(), code_hash=None)
        .execution_options(synchronize_session=False)
    )
    return int(ended.rowcount)  # type: ignore[attr-defined]
