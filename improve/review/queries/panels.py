"""What the review adds to the feed of an idea's page: leaders' ticks and their answers."""

from __future__ import annotations

from typing import Any, Final

from improve.ideas.queries.panels import council_asked, idea_asked, panel_row
from improve.review.models import CycleRead, LeaderAnswer

READ: Final = "leader-read"
ANSWER: Final = "leader-answer"


def read_rows() -> Any:
    """Return the rows of who read the idea's cycles, with their words and the cycle."""
    return panel_row(
        READ,
        id=CycleRead.id,
        a=CycleRead.words,
        person_id=CycleRead.person_id,
        at=CycleRead.read_at,
        number=CycleRead.cycle_number,
    ).where(CycleRead.idea_id == idea_asked, CycleRead.organisation_id == council_asked)


def answer_rows() -> Any:
    """Return the rows of what leaders answered about the idea, and what came of it."""
    return panel_row(
        ANSWER,
        id=LeaderAnswer.id,
        kind=LeaderAnswer.way,
        a=LeaderAnswer.words,
        b=LeaderAnswer.outcome_words,
        c=LeaderAnswer.visit_on,
        person_id=LeaderAnswer.answered_by_id,
        at=LeaderAnswer.answered_at,
    ).where(
        LeaderAnswer.subject_kind == "idea",
        LeaderAnswer.subject_id == idea_asked,
        LeaderAnswer.organisation_id == council_asked,
        # Thanks are between those who say and hear them.
        LeaderAnswer.line != "thanks",
    )
