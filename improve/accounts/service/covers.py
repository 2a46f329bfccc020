"""Deputies: while a manager is away, rights, clocks and reminders go to somebody else.

A cover begins and ends by its days. Nobody has to remember to take rights back, and nobody is
signed out: rights are read anew with every request, and a board's mark holds the day.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select, update

from improve.accounts import queries, roles
from improve.accounts.actor import Actor
from improve.accounts.models import Cover, Membership, Person
from improve.accounts.queries import CoverView
from improve.accounts.roles import Permission, Role
from improve.accounts.service.boards import raise_board_version, raise_board_versions
from improve.accounts.service.huddles import lock_team
from improve.accounts.told import PeopleTold
from improve.shared import audit, clock, events
from improve.shared.db import db
from improve.shared.errors import Forbidden, Reason, RuleBroken
from improve.shared.formatting import day

ONLY_MANAGERS: Final = "Only this team’s manager or an administrator can name a deputy."
NOT_BY_DEPUTIES: Final = "A deputy names no deputy. The manager or an administrator can."
LONGEST: Final = timedelta(days=366)


def name_deputy(
    actor: Actor, *, team_id: int, person_id: int, deputy_id: int, from_on: date, to_on: date
) -> int:
    """Have somebody stand in for a manager of a team between two days; return the cover's id.

    The deputy has a manager's rights in this team on these days and is told now. The same again
    does nothing. Refuses (fields ``person``, ``deputy``, ``from_on``, ``to_on``) who is no manager
    there, a deputy who is a guest, manages the team anyway or reviews reports, days that are past,
    turned round or more than a year ahead, and a second deputy on the same days.

    A deputy names nobody, or rights lent for some days could be made longer, or handed on.
    """
    if not roles.may(actor, Permission.NAME_DEPUTY, team_id=team_id):
        raise Forbidden(ONLY_MANAGERS)
    if not may_name_deputy(actor, team_id):
        raise Forbidden(NOT_BY_DEPUTIES)
    team = queries.team_by_id(actor, team_id)
    if team.closed_on is not None:
        raise RuleBroken("This team is closed.")
    lock_team(team_id)
    standing = queries.covers_of_team(actor, team_id)
    for known in standing:
        if (known.person_id, known.deputy_id, known.from_on, known.to_on) == (
            person_id,
            deputy_id,
            from_on,
            to_on,
        ):
            return known.id
    reasons = _people_faults(actor, team_id, person_id, deputy_id)
    reasons += _day_faults(from_on, to_on)
    if any(
        known.person_id == person_id and known.from_on <= to_on and from_on <= known.to_on
        for known in standing
    ):
        words = "There is a deputy on some of these days already. End that one first."
        reasons.append(Reason(words, "from_on"))
    if reasons:
        raise RuleBroken(reasons)
    row = Cover(
        organisation_id=actor.organisation_id,
        team_id=team_id,
        person_id=person_id,
        deputy_id=deputy_id,
        from_on=from_on,
        to_on=to_on,
        made_by_id=actor.person_id,
        created_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    raise_board_version(team_id)
    audit.record(
        actor,
        "deputy_named",
        "team",
        team_id,
        person=person_id,
        deputy=deputy_id,
        days=[from_on.isoformat(), to_on.isoformat()],
    )
    events.publish(
        PeopleTold(
            actor,
            [deputy_id],
            "deputy_named",
            team_id,
            {
                "title": team.name,
                "slug": team.slug,
                "by": actor.first_name,
                "days": f"from {day(from_on)} to {day(to_on)}",
            },
        )
    )
    return row.id


def may_name_deputy(actor: Actor, team_id: int) -> bool:
    """Return whether the actor may name deputies in a team by rights that are their own."""
    own = replace(actor, places=tuple(place for place in actor.places if not place.is_cover))
    return roles.may(own, Permission.NAME_DEPUTY, team_id=team_id)


def end_cover(actor: Actor, *, cover_id: int) -> CoverView:
    """End a cover now; what it had been is kept. Again is harmless."""
    found = queries.cover(actor, cover_id)
    if not roles.may(actor, Permission.NAME_DEPUTY, team_id=found.team_id):
        raise Forbidden(ONLY_MANAGERS)
    ended = db.session.execute(
        update(Cover)
        .where(Cover.id == cover_id, Cover.ended_at.is_(None))
        .values(ended_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    if ended.rowcount:  # type: ignore[attr-defined]
        raise_board_version(found.team_id)
        audit.record(actor, "cover_ended", "team", found.team_id, deputy=found.deputy_id)
    return found


def end_covers_of_person(
    actor: Actor, person_id: int, *, managed_team_ids: frozenset[int] = frozenset()
) -> int:
    """End covers that a person's new roles leave no room for; return how many.

    Covers for somebody in teams that they manage no longer end, and covers by somebody who has
    left or reviews reports: ``managed_team_ids`` are the teams they manage from now on.
    """
    today = clock.today()
    rows = db.session.execute(
        select(Cover.id, Cover.team_id)
        .where(
            Cover.organisation_id == actor.organisation_id,
            Cover.person_id == person_id,
            Cover.team_id.not_in(managed_team_ids),
            Cover.ended_at.is_(None),
            Cover.to_on >= today,
        )
        .order_by(Cover.id)
    ).all()
    return _end(actor, [(row.id, row.team_id) for row in rows])


def end_covers_by_person(actor: Actor, person_id: int) -> int:
    """End every cover in which a person stands in for somebody; return how many."""
    rows = db.session.execute(
        select(Cover.id, Cover.team_id)
        .where(
            Cover.organisation_id == actor.organisation_id,
            Cover.deputy_id == person_id,
            Cover.ended_at.is_(None),
            Cover.to_on >= clock.today(),
        )
        .order_by(Cover.id)
    ).all()
    return _end(actor, [(row.id, row.team_id) for row in rows])


def _end(actor: Actor, covers: list[tuple[int, int]]) -> int:
    if not covers:
        return 0
    db.session.execute(
        update(Cover)
        .where(Cover.id.in_([cover_id for cover_id, _ in covers]))
        .values(ended_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    raise_board_versions(team_id for _, team_id in covers)
    for cover_id, team_id in covers:
        audit.record(actor, "cover_ended", "team", team_id, cover=cover_id)
    return len(covers)


def _people_faults(actor: Actor, team_id: int, person_id: int, deputy_id: int) -> list[Reason]:
    rows = db.session.execute(
        select(Membership.person_id, Membership.role, Membership.team_id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.person_id.in_([person_id, deputy_id]),
            Membership.organisation_id == actor.organisation_id,
            Person.is_active,
        )
    ).all()
    managing = {r.person_id for r in rows if r.role == Role.MANAGER and r.team_id == team_id}
    held = frozenset(Role(row.role) for row in rows if row.person_id == deputy_id)
    faults = []
    if person_id not in managing:
        faults.append(Reason("Choose a manager of this team.", "person"))
    if not held or held <= {Role.GUEST, Role.ADMINISTRATOR}:
        faults.append(Reason("Choose somebody of the list.", "deputy"))
    elif deputy_id == person_id:
        faults.append(Reason("Choose somebody else than the manager.", "deputy"))
    elif deputy_id in managing:
        faults.append(Reason("They manage this team already.", "deputy"))
    elif clash := roles.clashes(held | {Role.MANAGER}):
        faults.append(Reason(clash, "deputy"))
    return faults


def _day_faults(from_on: date, to_on: date) -> list[Reason]:
    today = clock.today()
    if from_on < today:
        return [Reason("Choose a day from today on.", "from_on")]
    if to_on < from_on:
        return [Reason("Choose a last day that is not before the first.", "to_on")]
    if to_on > today + LONGEST:
        return [Reason("Choose a day within a year.", "to_on")]
    return []
