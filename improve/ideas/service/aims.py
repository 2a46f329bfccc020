"""Aims: setting them up, their order, closing them. An aim is closed, never deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, may
from improve.ideas.aim_views import AIMS_MOST
from improve.ideas.models import Aim
from improve.ideas.queries import aims as queries
from improve.measures.queries import measures_by_id
from improve.shared import audit, clock, limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, Reason, RuleBroken, Stale

Way = Literal["up", "down"]

WHO_PLANS_AIMS: Final = "A coach, a leader or an administrator can change aims."


@dataclass(frozen=True, slots=True)
class AimDetails:
    """What an aim says: what (``statement``), for whom, how much, by when; and its measure."""

    statement: str
    for_whom: str = ""
    how_much: str = ""
    by_when_on: date | None = None
    measure_id: int | None = None


def make_aim(actor: Actor, *, details: AimDetails) -> int:
    """Add an aim after the others; return its id. The same open aim sent twice is made once.

    Refuses an eleventh open aim, an empty statement, texts over their limit, another's measure.
    """
    check_may_plan(actor)
    details = _checked(actor, details)
    aims = queries.aims_for_change(actor)
    standing = [aim for aim in aims if aim.closed_on is None]
    same = next((aim for aim in standing if aim.statement == details.statement), None)
    if same is not None:
        return same.id
    _check_room(len(standing))
    aim = Aim(
        organisation_id=actor.organisation_id,
        position=_after(aims),
        created_by_id=actor.person_id,
        created_at=clock.now(),
        version=1,
    )
    _write(aim, details)
    db.session.add(aim)
    db.session.flush()
    audit.record(actor, "aim_made", "aim", aim.id)
    return aim.id


def change_aim(actor: Actor, *, aim_id: int, details: AimDetails, seen_version: int) -> None:
    """Change what an aim says. Raises ``Stale`` with ``theirs`` (``AimDetails``) and ``version``.

    What was sent twice changes nothing the second time.
    """
    check_may_plan(actor)
    details = _checked(actor, details)
    _, aim = find_aim(actor, aim_id)
    if details_of(aim) == details:
        return
    if seen_version != aim.version:
        raise Stale(theirs=details_of(aim), version=aim.version)
    _write(aim, details)
    aim.version += 1
    db.session.flush()
    audit.record(actor, "aim_changed", "aim", aim.id)


def move_aim(actor: Actor, *, aim_id: int, way: Way, seen_place: int) -> bool:
    """Move an open aim one place up or down; return whether it moved.

    ``seen_place`` is where it stood on the page, from 1: when it stands elsewhere by now, because
    the form was sent twice or a colleague moved one, nothing happens.
    """
    check_may_plan(actor)
    aims, aim = find_aim(actor, aim_id)
    if not moved(aims, aim, way, seen_place):
        return False
    db.session.flush()
    audit.record(actor, "aim_moved", "aim", aim.id, way=way)
    return True


def close_aim(actor: Actor, *, aim_id: int) -> None:
    """Close an aim: it is offered no more. Its drivers and their ideas stay as they are."""
    check_may_plan(actor)
    _, aim = find_aim(actor, aim_id)
    if aim.closed_on is not None:
        return
    aim.closed_on = clock.today()
    aim.version += 1
    db.session.flush()
    audit.record(actor, "aim_closed", "aim", aim.id)


def open_aim_again(actor: Actor, *, aim_id: int) -> None:
    """Open a closed aim again, after the others."""
    check_may_plan(actor)
    aims, aim = find_aim(actor, aim_id)
    if aim.closed_on is None:
        return
    _check_room(sum(1 for one in aims if one.closed_on is None))
    aim.closed_on = None
    aim.position = _after(aims)
    aim.version += 1
    db.session.flush()
    audit.record(actor, "aim_opened_again", "aim", aim.id)


# ---- shared with drivers


def check_may_plan(actor: Actor) -> None:
    """Raise ``Forbidden`` for who may not change aims."""
    if not may(actor, Permission.PLAN_AIMS):
        raise Forbidden(WHO_PLANS_AIMS)


def find_aim(actor: Actor, aim_id: int) -> tuple[list[Aim], Aim]:
    """Return every aim of the council, to be changed, and this one. Raises ``NotFound``."""
    aims = queries.aims_for_change(actor)
    aim = next((one for one in aims if one.id == aim_id), None)
    if aim is None:
        raise NotFound
    return aims, aim


def moved(siblings: Sequence[Any], one: Any, way: Way, seen_place: int) -> bool:
    """Move ``one`` among its open siblings, which are in order; number them anew."""
    standing = [each for each in siblings if each.closed_on is None]
    if one not in standing:
        return False
    at = standing.index(one)
    to = at - 1 if way == "up" else at + 1
    if at + 1 != seen_place or not 0 <= to < len(standing):
        return False
    standing[at], standing[to] = standing[to], standing[at]
    closed = [each for each in siblings if each.closed_on is not None]
    for place, each in enumerate([*standing, *closed], start=1):
        if each.position != place:
            each.position = place
    return True


def details_of(aim: Aim) -> AimDetails:
    """Return what an aim says."""
    return AimDetails(aim.statement, aim.for_whom, aim.how_much, aim.by_when_on, aim.measure_id)


def _after(aims: Sequence[Aim]) -> int:
    return max((aim.position for aim in aims), default=0) + 1


def _check_room(count: int) -> None:
    if count >= AIMS_MOST:
        raise RuleBroken(
            f"There are {AIMS_MOST} aims already, as many as anybody can hold in mind. "
            "Close one first."
        )


def _checked(actor: Actor, details: AimDetails) -> AimDetails:
    details = AimDetails(
        " ".join(details.statement.split()),
        " ".join(details.for_whom.split()),
        " ".join(details.how_much.split()),
        details.by_when_on,
        details.measure_id,
    )
    faults = []
    if not details.statement:
        faults.append(Reason("Say in a sentence what good looks like.", "statement"))
    for field, limit in (("statement", "aim"), ("for_whom", "aim_part"), ("how_much", "aim_part")):
        most = limits.length(limit)
        if len(getattr(details, field)) > most:
            faults.append(Reason(f"Use {most} characters or fewer.", field))
    if details.measure_id is not None:
        found = measures_by_id(actor, [details.measure_id]).get(details.measure_id)
        if found is None:
            faults.append(Reason("Choose one of the measures in the list.", "measure_id"))
    if faults:
        raise RuleBroken(faults)
    return details


def _write(aim: Aim, details: AimDetails) -> None:
    aim.statement = details.statement
    aim.for_whom = details.for_whom
    aim.how_much = details.how_much
    aim.by_when_on = details.by_when_on
    aim.measure_id = details.measure_id
