"""What waits for somebody to enter it."""

from __future__ import annotations

from dataclasses import dataclass

from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, has_any, may
from improve.measures import queries
from improve.measures.service.number_rules import next_due
from improve.measures.table_import import period_words
from improve.shared import clock


@dataclass(frozen=True)
class NumberToAdd:
    """A measure whose newest period is over and has no number yet."""

    measure_id: int
    name: str
    place: str
    period: str


def numbers_to_add(actor: Actor) -> list[NumberToAdd]:
    """Return the numbers that are due of measures that the actor keeps, or of their teams.

    The one that waits longest first. Only of measures whose numbers they may enter.
    """
    if not has_any(actor, Permission.ENTER_DATA):
        return []
    year = clock.today().year
    return [
        NumberToAdd(
            due.measure.id,
            due.measure.name,
            due.measure.team_name or "Whole council",
            _sentence(period_words(due.due, due.measure.frequency, this_year=year)),
        )
        for due in queries.numbers_to_add(actor, next_due)
        if may(actor, Permission.ENTER_DATA, team_id=due.measure.team_id)
    ]


def _sentence(words: str) -> str:
    return words.removeprefix("the ")[:1].upper() + words.removeprefix("the ")[1:]
