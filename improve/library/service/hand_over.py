"""Looks at what was kept, of somebody who leaves: they go to whoever takes the idea on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.accounts.held import HeldThing
from improve.ideas.queries.places import kept_ideas
from improve.ideas.service.hand_over import hand_over_kept
from improve.library.models import SustainCheck
from improve.shared.db import db
from improve.shared.formatting import day_year

_PREFIX: Final = "look-"


def looks_held(actor: Actor, person_id: int) -> list[HeldThing]:
    """Return the kept ideas led by a person of which a look is asked and not answered."""
    kept = kept_ideas()
    rows = db.session.execute(
        select(kept.c.id, kept.c.title, kept.c.team_id, kept.c.team_name, SustainCheck.due_on)
        .join(SustainCheck, SustainCheck.idea_id == kept.c.id)
        .where(
            SustainCheck.organisation_id == actor.organisation_id,
            SustainCheck.answered_at.is_(None),
            kept.c.lead_id == person_id,
        )
        .order_by(kept.c.team_name, kept.c.id, SustainCheck.due_on)
    )
    found: dict[int, HeldThing] = {}
    for row in rows:
        found.setdefault(
            row.id,
            HeldThing(
                key=f"{_PREFIX}{row.id}",
                title=row.title,
                words=f"Says whether it is still done, asked on {day_year(row.due_on)}",
                url=f"/ideas/{row.id}",
                team_id=row.team_id,
                team_name=row.team_name,
            ),
        )
    return list(found.values())


def hand_over_looks(actor: Actor, person_id: int, to: Mapping[str, int | None]) -> None:
    """Give them away with their ideas: key “look-12” to an id or to nobody."""
    wanted = {
        int(key.removeprefix(_PREFIX)): taker
        for key, taker in to.items()
        if key.startswith(_PREFIX)
    }
    if wanted:
        hand_over_kept(actor, person_id, wanted)
