"""A huddle in which the week's taps are about to become a point: four of seven, and thirteen yes."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from improve.huddles import service
from improve.ideas import service as ideas
from improve.ideas.kinds import Stage, Way
from improve.measures import service as measures
from improve.measures.service import TallyDetails
from improve.shared import clock
from tests.conftest import NOW
from tests.factories import Cast, actor, idea_in, make_measure, take

#: The Monday of the still clock's week.
THIS_WEEK: Final = date(2026, 11, 23)
BEFORE: Final = (44, 39, 50, 46, 42, 53, 47, 40, 45, 50, 43, 46)
SINCE: Final = (58, 54, 63, 67)
BESIDE: Final = (52, 44, 56, 41, 57, 49, 53, 51, 48, 50, 54, 47, 50, 56, 49, 52)
QUESTION: Final = "Did the family know your name before you came?"
TITLE: Final = "Text families a photo of the worker before the first visit"
NAME: Final = "Families who knew their worker’s name before the visit"
PREDICTION: Final = "By Christmas, 7 in 10 families know our name before we knock."


@dataclass(frozen=True)
class DotScene:
    """The huddle, the idea that is due to be studied, its measure and the tally of it."""

    huddle_id: int
    idea_id: int
    measure_id: int
    beside_id: int
    tally_id: int


def make_dot_scene(cast: Cast, *, yes: int = 13, no: int = 5, since: int = 4) -> DotScene:
    """Return a huddle that the manager drives, begun with ``since`` points; the caller commits."""
    starts_on = THIS_WEEK - timedelta(weeks=since)
    first_on = starts_on - timedelta(weeks=len(BEFORE))
    main = make_measure(
        cast,
        name=NAME,
        chart="run",
        numbers=[(float(n), 100.0) for n in (*BEFORE, *(SINCE * 3)[:since])],
        first_on=first_on,
    )
    beside = make_measure(
        cast,
        name="Assessments finished in 45 days",
        kind="balancing",
        chart="run",
        numbers=[(float(n), 100.0) for n in BESIDE[: len(BEFORE) + since]],
        first_on=first_on,
    )
    idea_id = idea_in(cast, Stage.PLAN, text=TITLE)
    ideas.choose_measures(actor(cast.manager), idea_id=idea_id, main_id=main, beside_id=beside)
    with clock.moved(NOW - timedelta(days=1, weeks=since)):
        take(
            cast,
            idea_id,
            Way.DO,
            answers={
                "is_wide": True,
                "scope": "the whole team",
                "prediction": PREDICTION,
                "study_by_on": THIS_WEEK + timedelta(days=1),
                "how_known": "write",
            },
        )
    tally_id = measures.make_tally(
        cast.actor("manager"),
        team_id=cast.team,
        details=TallyDetails(question=QUESTION, measure_id=main, idea_id=idea_id),
    )
    for answer in [1] * yes + [0] * no:
        measures.tap(
            cast.actor("practitioner"), tally_id=tally_id, key=secrets.token_hex(16), answer=answer
        )
    huddle_id = service.start_huddle(
        cast.actor("manager"),
        team_id=cast.team,
        form_token="dot",
        here_ids=[cast.colleague],
        others_here=6,
    ).huddle_id
    return DotScene(huddle_id, idea_id, main, beside, tally_id)
