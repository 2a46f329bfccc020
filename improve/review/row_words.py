"""How one finished cycle is said in a list: its ending, its cycles, where it came from. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from improve.ideas.kinds import Decision, Source
from improve.ideas.listing import FinishedCycle
from improve.shared.formatting import NBSP, plural

#: Where an idea came from, after “from”; what somebody thought of themselves says nothing.
FROM_WORDS: Final[Mapping[Source, str]] = {
    Source.CHILD: "a child or young person",
    Source.PARENT_OR_CARER: "a parent, carer or family",
    Source.WENT_WRONG: "something that went wrong",
    Source.AUDIT: "an audit or practice week",
    Source.SUPERVISION: "supervision or a team talk",
    Source.COMPLAINT_OR_COMPLIMENT: "a complaint or compliment",
    Source.LEARNING_REVIEW: "a learning review",
    Source.REVIEWING_OFFICER: "a reviewing officer",
    Source.PARTNER: "a partner agency",
    Source.FOSTER_OR_KINSHIP_CARER: "a foster or kinship carer",
    Source.ANOTHER_TEAM: "another team’s learning",
}
#: The name of each ending by its ring.
ENDINGS: Final[Mapping[Decision, str]] = {
    Decision.ADOPT: "kept",
    Decision.ADAPT: "changed",
    Decision.ABANDON: "stopped",
}


def ending_words(cycle: FinishedCycle) -> str:
    """Return how a cycle ended: a stop as large as a keep, and what was kept without a signal."""
    if cycle.decision is Decision.ADAPT:
        return "Changed, going round again"
    if cycle.decision is Decision.ABANDON:
        return "Stopped, and this is what we learned"
    if not cycle.adopt_anyway:
        return "Kept"
    then = cycle.decided_verdict or cycle.verdict
    if then is not None and then.tone == "worse":
        return "Kept, though the chart got worse"
    return "Kept, though the chart can’t tell"


def cycles_words(cycle: FinishedCycle) -> str:
    """Return “2 cycles” of an idea that ended with this one, else “cycle 1 of 2”."""
    if cycle.cycle_number >= cycle.cycles and cycle.decision is not Decision.ADAPT:
        return plural(cycle.cycle_number, "cycle")
    if cycle.cycles <= cycle.cycle_number:
        return f"cycle{NBSP}{cycle.cycle_number}"
    return f"cycle{NBSP}{cycle.cycle_number}{NBSP}of{NBSP}{cycle.cycles}"


def source_words(source: Source) -> str:
    """Return “from a child or young person”; “” for somebody's own idea."""
    words = FROM_WORDS.get(source)
    return f"from {words}" if words else ""
