"""The five things that a new team does first, and which of them are done. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: So many people beside those who manage it make a team that can begin.
PEOPLE_ENOUGH: Final = 3

#: What each is called on the board, in order.
FIRST_THINGS: Final = {
    "aim": "Add the team’s aim",
    "people": "Invite three people",
    "huddle": "Set the huddle day",
    "idea": "Log one idea",
    "measure": "Choose one measure",
}


@dataclass(frozen=True, slots=True)
class FirstThing:
    """One of the five: its key, what it is called, and whether it is done."""

    key: str
    words: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class TeamFacts:
    """What is known of a team as its board begins: people who do not manage it, and measures."""

    people: int
    has_measure: bool


def first_things(
    facts: TeamFacts, *, has_aim: bool, has_huddle_day: bool, has_idea: bool
) -> tuple[FirstThing, ...]:
    """Return the five in order, each done or not; nothing once all of them are done."""
    done = {
        "aim": has_aim,
        "people": facts.people >= PEOPLE_ENOUGH,
        "huddle": has_huddle_day,
        "idea": has_idea,
        "measure": facts.has_measure,
    }
    if all(done.values()):
        return ()
    return tuple(FirstThing(key, words, done[key]) for key, words in FIRST_THINGS.items())
