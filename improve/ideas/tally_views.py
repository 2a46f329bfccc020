"""The tallies of an idea, as its page shows them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, may
from improve.ideas.page import IdeaTally
from improve.measures.tally_counts import TallyCounts

#: A row by name of its columns.
Row = Mapping[Any, Any]


def tallies_in(actor: Actor, feed: Sequence[Row]) -> tuple[IdeaTally, ...]:
    """Return the open tallies in the feed of an idea's page, the newest first."""
    rows: dict[int, list[Row]] = {}
    for part in feed:
        if part["part"] == "tally":
            rows.setdefault(part["id"], []).append(part)
    return tuple(
        IdeaTally(
            tally_id,
            own[0]["a"],
            TallyCounts(own[0]["kind"], {p["version"]: p["cycle"] for p in own if p["cycle"]}),
            may(actor, Permission.ENTER_DATA, team_id=int(own[0]["b"])),
        )
        for tally_id, own in sorted(rows.items(), reverse=True)
    )
