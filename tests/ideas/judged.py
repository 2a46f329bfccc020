"""Ideas whose wide test the numbers judge one way or another, for tests of what pages say of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from improve.ideas import service as ideas
from improve.ideas.kinds import Stage, Way
from improve.shared import clock
from tests.conftest import NOW
from tests.factories import Cast, actor, idea_in, make_measure, take

#: The Monday of the still clock's week.
THIS_WEEK: Final = date(2026, 11, 23)
STEADY: Final = (
    *(50, 53, 48, 51, 47, 52, 49, 54, 50, 46, 51),
    *(48, 53, 49, 50, 52, 47, 51, 48, 53, 49, 50),
)
ABOVE: Final = (54, 53, 55, 53, 54, 53, 54)
BELOW: Final = (46, 47, 45, 47, 46, 47, 46)
AROUND: Final = (51, 48, 52, 47, 50, 53, 48, 51, 49, 52)
#: What makes each verdict: which side is better, the numbers before, the numbers since.
SERIES: Final[dict[str, tuple[str, Sequence[float], Sequence[float]]]] = {
    "no_baseline": ("higher", STEADY[:7], ABOVE),
    "baseline_unstable": ("higher", (40, 41, 42, 43, 44, 45, 46, 47, 48, 49), ABOVE),
    "too_early": ("higher", STEADY, ABOVE[:4]),
    "mixed": ("higher", STEADY, (*ABOVE, *BELOW)),
    "improvement": ("higher", STEADY, ABOVE),
    "improvement_not_held": ("higher", STEADY, (*ABOVE, *AROUND)),
    "deterioration": ("higher", STEADY, BELOW),
    "deterioration_ended": ("higher", STEADY, (*BELOW, *AROUND)),
    "unusual_point": ("higher", STEADY, (*AROUND, 80)),
    "no_signal": ("higher", STEADY, AROUND),
    "changed_higher": ("neither", STEADY, ABOVE),
    "changed_lower": ("neither", STEADY, BELOW),
    "changed_ended": ("neither", STEADY, (*BELOW, *AROUND)),
}


def measure_that_says(cast: Cast, code: str, *, starts_on: date, name: str) -> int:
    """Return a measure whose numbers around a test from ``starts_on`` give this verdict."""
    better, before, since = SERIES[code]
    return make_measure(
        cast,
        name=name,
        recorded="value",
        unit="visits",
        better_when=better,
        chart="i",
        numbers=[*map(float, before), *map(float, since)],
        first_on=starts_on - timedelta(weeks=len(before)),
    )


def judged_idea(
    cast: Cast,
    code: str,
    *,
    beside: str | None = None,
    text: str | None = None,
    weeks: int = 20,
    to: Stage = Stage.STUDY,
) -> int:
    """Return an idea in Study (or Do) after a wide test that began ``weeks`` ago.

    ``code`` is what its measure says of it, ``beside`` what the one beside it says.
    """
    starts_on = THIS_WEEK - timedelta(weeks=weeks)
    title = text or f"An idea that ends as {code}"
    idea_id = idea_in(cast, Stage.PLAN, text=title)
    main = measure_that_says(cast, code, starts_on=starts_on, name=f"Main of {title}"[:70])
    other = None
    if beside is not None:
        other = measure_that_says(cast, beside, starts_on=starts_on, name=f"Beside of {title}"[:70])
    ideas.choose_measures(actor(cast.manager), idea_id=idea_id, main_id=main, beside_id=other)
    with clock.moved(NOW - timedelta(days=1, weeks=weeks)):
        take(
            cast,
            idea_id,
            Way.DO,
            answers={
                "is_wide": True,
                "scope": "the whole team",
                "prediction": "More visits are made",
                "study_by_on": clock.today() + timedelta(weeks=8),
                "how_known": "write",
            },
        )
    if to is Stage.STUDY:
        take(cast, idea_id, Way.STUDY)
    return idea_id


def keep(cast: Cast, idea_id: int, *, anyway: str = "") -> None:
    """Have the manager keep the change, with the reason that an unclear verdict asks for."""
    take(cast, idea_id, Way.ACT)
    answers = {"decision_why": "It helps"} | ({"adopt_anyway": anyway} if anyway else {})
    take(cast, idea_id, Way.KEEP, answers=answers, note="")
