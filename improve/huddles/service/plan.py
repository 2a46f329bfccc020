"""Choosing which parts a team's huddle has, and in which order."""

from __future__ import annotations

from collections.abc import Sequence

from improve.accounts.actor import Actor
from improve.accounts.service import lock_team
from improve.huddles.kinds import CHOOSABLE_PARTS, Part
from improve.huddles.models import HuddlePlan
from improve.huddles.queries import notes as door
from improve.huddles.queries import past as queries
from improve.shared import audit
from improve.shared.db import db
from improve.shared.errors import RuleBroken, Stale


def plan_huddles(actor: Actor, *, slug: str, parts: Sequence[Part], seen_version: int) -> None:
    """Keep these parts in this order for every huddle that begins from now on; close comes last.

    Refuses with ``Forbidden`` whoever may not plan, with ``Stale`` (facts: plan) when somebody
    chose since ``seen_version``, and with ``RuleBroken`` no part at all or an unknown one.
    """
    team = door.team_to_plan(actor, slug)
    chosen = list(dict.fromkeys(part for part in parts if part is not Part.CLOSE))
    if not chosen:
        raise RuleBroken("Keep at least one part before the close.")
    if not set(chosen) <= set(CHOOSABLE_PARTS):
        raise RuleBroken("One of these is no part of a huddle.")
    # Before there is a row to lock, two who choose at one moment wait for each other here.
    lock_team(team.id)
    plan = queries.plan_for_change(actor, team.id)
    view = queries.plan(actor, team.id)
    wanted = [part.value for part in chosen]
    if view.version != seen_version:
        if [part.value for part in view.parts] == wanted:
            return
        raise Stale(plan=view)
    if plan is None:
        plan = HuddlePlan(
            team_id=team.id, organisation_id=actor.organisation_id, parts=wanted, version=1
        )
        db.session.add(plan)
    else:
        plan.parts = wanted
        plan.version += 1
    db.session.flush()
    audit.record(actor, "huddle_planned", "team", team.id, parts=wanted)
