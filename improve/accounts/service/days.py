"""Which days count: a team's and a person's weekdays, the council's closing days, usual days."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Final

from sqlalchemy import update

from improve.accounts import queries, roles
from improve.accounts.actor import Actor
from improve.accounts.days.working_calendar import weekdays_text
from improve.accounts.models import Organisation, Person, Team
from improve.accounts.queries.councils import organisation_for_change
from improve.accounts.roles import Permission
from improve.shared import audit, clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, Reason, RuleBroken, Stale
from improve.shared.formatting import day
from improve.shared.working_days import is_working_day

#: Nobody plans closing days further ahead.
CLOSING_WITHIN: Final = timedelta(days=3 * 366)
CLOSING_DAYS_MOST: Final = 400
LONGEST_USUAL: Final = 365
STAGES: Final = ("plan", "do", "study", "act")
ONLY_ADMINISTRATORS: Final = "Only an administrator can change this."


def set_team_days(
    actor: Actor, *, team_id: int, weekdays: Collection[int], seen_version: int
) -> None:
    """Set on which weekdays a team works. Raises ``Stale`` when the team was changed meanwhile."""
    if not roles.may(actor, Permission.MANAGE_TEAMS, team_id=team_id):
        raise Forbidden("Only this team’s manager or an administrator can change this.")
    team = queries.team_by_id(actor, team_id)
    text = _text(weekdays)
    changed = db.session.execute(
        update(Team)
        .where(Team.id == team.id, Team.version == seen_version)
        .values(working_days=text, version=Team.version + 1, board_version=Team.board_version + 1)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Stale(what="team", slug=team.slug)
    audit.record(actor, "team_days_set", "team", team.id, days=text)


def set_own_days(actor: Actor, *, weekdays: Collection[int]) -> None:
    """Set on which weekdays the actor works; none: as the home team does."""
    text = ",".join(str(n) for n in sorted(set(weekdays))) if weekdays else ""
    if any(n not in range(7) for n in weekdays):
        raise RuleBroken([Reason("Choose days of the list.", "working_days")])
    db.session.execute(
        update(Person)
        .where(Person.id == actor.person_id)
        .values(working_days=text)
        .execution_options(synchronize_session=False)
    )


def add_closing_days(actor: Actor, *, first: date, last: date | None = None) -> int:
    """Add a day, or all days from the first to the last, on which the council is closed.

    Returns how many are new. Of several days, weekends and bank holidays are left out: few work
    then anyway, and a single day can be any. Refuses a day before today (the past was counted as
    it was) and too many.
    """
    _check_administrator(actor)
    until = last or first
    if first < clock.today():
        raise RuleBroken([Reason("Choose a day from today on.", "first")])
    if until < first:
        raise RuleBroken([Reason("Choose a last day that is not before the first.", "last")])
    if until > clock.today() + CLOSING_WITHIN:
        raise RuleBroken([Reason("Choose a day within three years.", "last")])
    organisation = organisation_for_change(actor)
    known = set(organisation.closing_days)
    span = (first + timedelta(days=n) for n in range((until - first).days + 1))
    new = {d.isoformat() for d in span if first == until or is_working_day(d)} - known
    if len(known) + len(new) > CLOSING_DAYS_MOST:
        raise RuleBroken(f"No more than {CLOSING_DAYS_MOST} days can be kept.")
    if new:
        _keep_closing_days(actor, organisation, known | new)
        audit.record(actor, "closing_days_added", "organisation", organisation.id, days=sorted(new))
    return len(new)


def remove_closing_day(actor: Actor, *, day_on: date) -> None:
    """Take a closing day away. Again is harmless. Refuses one that is past: it stays counted."""
    _check_administrator(actor)
    organisation = organisation_for_change(actor)
    kept = set(organisation.closing_days)
    if day_on.isoformat() not in kept:
        return
    if day_on < clock.today():
        raise RuleBroken(f"{day(day_on)} is past. Days that were counted stay as they were.")
    _keep_closing_days(actor, organisation, kept - {day_on.isoformat()})
    audit.record(
        actor, "closing_day_removed", "organisation", organisation.id, day=day_on.isoformat()
    )


def _keep_closing_days(actor: Actor, organisation: Organisation, days: set[str]) -> None:
    organisation.closing_days = sorted(days)
    _raise_all_boards(actor)
    db.session.flush()


def set_starting_days(actor: Actor, *, usual: Mapping[str, int], seen: Mapping[str, int]) -> None:
    """Set how many days are usual in Plan, Do, Study and Act until a team knows its own.

    ``seen``: the numbers as they stood when the form was opened; raises ``Stale`` where others
    hold now. Refuses what is not 1 to 365 (fields ``plan``, ``do``, ``study``, ``act``).
    """
    _check_administrator(actor)
    reasons = [
        Reason(f"Use a whole number from 1 to {LONGEST_USUAL}.", stage)
        for stage in STAGES
        if not 1 <= usual.get(stage, 0) <= LONGEST_USUAL
    ]
    if reasons:
        raise RuleBroken(reasons)
    organisation = organisation_for_change(actor)
    wanted = {stage: int(usual[stage]) for stage in STAGES}
    if organisation.starting_days == wanted:
        return
    if dict(seen) != organisation.starting_days:
        raise Stale(what="starting_days")
    organisation.starting_days = wanted
    _raise_all_boards(actor)
    db.session.flush()
    audit.record(actor, "starting_days_set", "organisation", organisation.id, **wanted)


def _raise_all_boards(actor: Actor) -> None:
    """Each board counts its days anew."""
    db.session.execute(
        update(Team)
        .where(Team.organisation_id == actor.organisation_id)
        .values(board_version=Team.board_version + 1)
        .execution_options(synchronize_session=False)
    )


def _check_administrator(actor: Actor) -> None:
    if not roles.may(actor, Permission.MANAGE_TEAMS):
        raise Forbidden(ONLY_ADMINISTRATORS)


def _text(weekdays: Collection[int]) -> str:
    if not weekdays or any(n not in range(7) for n in weekdays):
        raise RuleBroken([Reason("Choose at least one day.", "working_days")])
    return weekdays_text(weekdays)
