"""When a team meets, and that it is meeting now."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, update

from improve.accounts import queries, roles
from improve.accounts.actor import Actor
from improve.accounts.days.huddle_days import EVERY_WORDS, LONGEST, SHORTEST, HuddleDays, days_of
from improve.accounts.models import Team
from improve.accounts.roles import Permission
from improve.shared import audit, clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, Reason, RuleBroken, Stale

#: Nobody plans further ahead; the next huddle is looked for from that day on.
BEGINS_WITHIN: Final = timedelta(days=366)


def set_huddle_days(actor: Actor, *, team_id: int, days: HuddleDays, seen_version: int) -> None:
    """Set when a team meets. No weekday at all means that the team has no fixed day.

    Another day or time than before also takes back what the last huddle agreed for the next: the
    newest word counts. Refuses a length out of 5 to 60 minutes, another rhythm than every week,
    second or fourth week, a rhythm of weeks without the day it begins, and a day beyond a year.
    Reasons name the fields ``weekdays``, ``minutes``, ``every`` and ``from_on``. Raises ``Stale``
    when somebody changed the team meanwhile.
    """
    team = queries.team_by_id(actor, team_id)
    if not roles.may(actor, Permission.PLAN_HUDDLES, team_id=team.id):
        raise Forbidden("Only this team’s manager or a coach can set when it meets.")
    _check(days)
    before = days_of(team)
    is_moved = before is None or replace(before, minutes=days.minutes) != days
    changed = db.session.execute(
        update(Team)
        .where(
            Team.id == team.id,
            Team.organisation_id == actor.organisation_id,
            Team.version == seen_version,
        )
        .values(
            version=Team.version + 1,
            board_version=Team.board_version + 1,
            huddle_days=",".join(str(day) for day in sorted(set(days.weekdays))),
            huddle_at=f"{days.at:%H:%M}" if days.at else "",
            huddle_minutes=days.minutes,
            huddle_every=days.every,
            huddle_from_on=days.from_on,
            huddle_next_at=None if is_moved else team.huddle_next_at,
        )
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Stale(what="team", slug=team.slug)
    audit.record(actor, "huddle_days_set", "team", team.id)


def huddle_goes_on(team_id: int, huddle_id: int) -> None:
    """Note, in the present transaction, which huddle of a team goes on.

    The board looks different now. The act that calls for it stands in the log.
    """
    _note(team_id, huddle_id=huddle_id)


def huddle_is_over(team_id: int, next_at: datetime | None) -> None:
    """Note, as above, that none goes on any more, and when the team agreed to meet next."""
    _note(team_id, huddle_id=None, huddle_next_at=next_at)


def lock_team(team_id: int) -> None:
    """Lock a team until the transaction ends, before a row that two may write at one moment.

    On SQLite the transaction holds the write lock already.
    """
    db.session.execute(select(Team.id).where(Team.id == team_id).with_for_update(key_share=True))


def _note(team_id: int, **values: int | datetime | None) -> None:
    db.session.execute(
        update(Team)
        .where(Team.id == team_id)
        .values(board_version=Team.board_version + 1, **values)
        .execution_options(synchronize_session=False)
    )


def _check(days: HuddleDays) -> None:
    reasons = []
    if any(day not in range(7) for day in days.weekdays):
        reasons.append(Reason("Choose days of the list.", "weekdays"))
    if not SHORTEST <= days.minutes <= LONGEST:
        reasons.append(Reason(f"Use {SHORTEST} to {LONGEST} minutes.", "minutes"))
    if days.every not in EVERY_WORDS:
        reasons.append(Reason("Choose how often of the list.", "every"))
    elif days.weekdays and days.every > 1 and days.from_on is None:
        reasons.append(Reason("Choose the day of the first huddle.", "from_on"))
    if days.from_on is not None and days.from_on > clock.today() + BEGINS_WITHIN:
        reasons.append(Reason("Choose a day within a year.", "from_on"))
    if reasons:
        raise RuleBroken(reasons)
