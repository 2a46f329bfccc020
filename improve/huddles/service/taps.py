"""“Bring this week’s taps in”: the dot that people see arrive."""

from __future__ import annotations

from improve.accounts.actor import Actor
from improve.huddles.queries import door
from improve.huddles.service.rules import check_open, open_huddle, touch
from improve.measures import service as measures
from improve.measures.queries.tallies import tally
from improve.shared import audit, clock
from improve.shared.errors import NotFound, RuleBroken


def bring_in_taps(actor: Actor, *, huddle_id: int, tally_id: int) -> str:
    """Make this week's taps of a tally of the team a point; return “13 of 18 this week”.

    Again recounts. Refuses as ``measures.service.settle_tally`` does, in words a week in which
    nobody has tapped, and a huddle that is over; ``NotFound`` for another team's tally.
    """
    seen = door.huddle_seen(actor, huddle_id)
    check_open(actor, seen)
    if tally(actor, tally_id).team_id != seen.team_id:
        raise NotFound
    # Numbers and boards first, the huddle after them: acts on ideas lock in this order.
    settled = measures.settle_tally(actor, tally_id, clock.today())
    if settled.change == "gap":
        raise RuleBroken("Nobody has tapped this week yet.")
    huddle = open_huddle(actor, huddle_id)
    if settled.change != "same":
        touch(huddle)
        audit.record(actor, "huddle_taps_brought_in", "huddle", huddle.id, tally=tally_id)
    return settled.counts.short_words
