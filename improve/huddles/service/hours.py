"""The hour that a team protects in a fortnight: stating it, and saying whether it could be kept."""

from __future__ import annotations

from datetime import date
from typing import Final

from improve.accounts.actor import Actor
from improve.accounts.service import lock_team
from improve.huddles import fortnights
from improve.huddles.kinds import Kept
from improve.huddles.models import ProtectedHour
from improve.huddles.queries import hours as queries
from improve.huddles.queries import notes as door
from improve.shared import audit, clock, limits
from improve.shared.db import db
from improve.shared.errors import Reason, RuleBroken, Stale

SHORTEST: Final = 15
LONGEST: Final = 600


def promise_hour(
    actor: Actor, *, slug: str, minutes: int | None, when_words: str, seen_version: int
) -> None:
    """State how long the team protects in the present fortnight, and when.

    Stating it again changes it until it is said whether it happened. Refuses with ``Forbidden``
    whoever may not run the team's huddles, with ``Stale`` (facts: hour) when a colleague stated it
    since, and with ``RuleBroken`` a length that is none.
    """
    team = door.team_to_run(actor, slug)
    faults = []
    if minutes is None or not SHORTEST <= minutes <= LONGEST:
        faults.append(Reason(f"Give a time from {SHORTEST} minutes to 10 hours.", "minutes"))
    most = limits.length("protected_time")
    when_words = when_words.strip()
    if len(when_words) > most:
        faults.append(Reason(f"Use {most:,} characters or fewer.", "when_words"))
    if faults or minutes is None:
        raise RuleBroken(faults)
    monday = fortnights.fortnight_of(clock.today())
    # Before there is a row to lock, two who state it at one moment wait for each other here.
    lock_team(team.id)
    hour = queries.hour_for_change(actor, team.id, monday)
    if hour is not None and (hour.minutes, hour.when_words) == (minutes, when_words):
        return
    if (hour.version if hour else 0) != seen_version:
        raise Stale(hour=hour and queries.view_of(hour))
    if hour is not None and hour.kept is not None:
        raise RuleBroken("You said already how this fortnight went.")
    if hour is None:
        hour = ProtectedHour(
            organisation_id=actor.organisation_id, team_id=team.id, from_on=monday, version=0
        )
        db.session.add(hour)
    hour.minutes, hour.when_words = minutes, when_words
    hour.promised_by_id, hour.promised_at = actor.person_id, clock.now()
    hour.version += 1
    db.session.flush()
    audit.record(actor, "hour_promised", "team", team.id, minutes=minutes, from_on=str(monday))


def say_hour_kept(
    actor: Actor,
    *,
    slug: str,
    from_on: date,
    kept: Kept,
    in_the_way: str,
    seen_version: int,
) -> None:
    """Say whether the stated hour of a fortnight happened, and what was in the way.

    The present fortnight and those looked back on can be answered, and answered anew. Refuses with
    ``Forbidden``, ``NotFound``, ``Stale`` (facts: hour), and with ``RuleBroken`` words that are too
    long.
    """
    team = door.team_to_run(actor, slug)
    most = limits.length("reason")
    in_the_way = "" if kept is Kept.YES else in_the_way.strip()
    if len(in_the_way) > most:
        raise RuleBroken([Reason(f"Use {most:,} characters or fewer.", "in_the_way")])
    hour = queries.stated_hour(actor, team.id, from_on)
    if (hour.kept, hour.in_the_way) == (kept.value, in_the_way):
        return
    if hour.version != seen_version:
        raise Stale(hour=queries.view_of(hour))
    hour.kept, hour.in_the_way = kept.value, in_the_way
    hour.kept_by_id, hour.kept_at = actor.person_id, clock.now()
    hour.version += 1
    db.session.flush()
    audit.record(actor, "hour_answered", "team", team.id, kept=kept.value, from_on=str(from_on))
