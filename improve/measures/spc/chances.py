"""How often chance alone gives each verdict, and how often a real change is missed.

Simulated with independent values and judged as the product judges: 20,000 series a cell on an XmR
chart, 10,000 on run and p charts, 1,000 on a g chart; c (to 20 points before), t and x-bar charts
were compared with these at fewer. ``tests.measures.chances`` makes the figures again. A measure
whose points lag one on another gives more false signals than these.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

# Percent of steady measures, by number of points before, from the step on; where chance grows
# with waiting, by number of points since as well.
HELD_CHANCE = ((8, 3), (12, 2))
ENDED_CHANCE = (
    (8, ((7, 1), (10, 4), (16, 10), (26, 16))),
    (12, ((7, 1), (10, 3), (16, 8), (26, 13))),
    (16, ((7, 1), (10, 3), (16, 7), (26, 12))),
)
UNSTABLE_CHANCE = {
    "run": ((8, 1), (12, 2), (20, 4), (24, 8), (30, 15), (45, 26)),
    "counts": ((12, 5), (16, 8), (20, 12), (24, 16), (30, 27), (45, 40)),
    "xmr": ((8, 1), (12, 8), (16, 10), (20, 14), (24, 17), (30, 27), (45, 38)),
    "g": ((12, 16), (16, 23), (20, 31), (24, 38), (30, 59), (45, 71)),
}
UNUSUAL_CHANCE = {
    "counts": (
        (12, ((7, 3), (10, 5), (16, 7), (26, 8))),
        (20, ((7, 2), (10, 4), (16, 5), (26, 7))),
    ),
    "xmr": (
        (12, ((7, 8), (10, 13), (16, 16))),
        (16, ((7, 7), (10, 10), (16, 13), (26, 15))),
        (20, ((7, 6), (10, 9), (16, 12), (26, 14))),
    ),
    "g": ((12, ((7, 17), (10, 23), (16, 31), (26, 35))),),
}
"""The longer one looks, the more points stray far out. A run chart has no limits to be outside."""

FAMILIES = {"run": "run", "p": "counts", "u": "counts", "c": "counts", "xbar": "counts", "g": "g"}
"""Charts on which chance does as much; those not named go with the XmR chart. Limits for chance
alone (counts) know their spread, those from neighbours have to guess it; rare events are skewed."""


def family_of(chart: str) -> str:
    """Whose figures hold for a chart."""
    return FAMILIES.get(chart, "xmr")


MISSED_BY_AFTER = (
    (7, "about two times in three"),
    (9, "more than half the time"),
    (11, "about half the time"),
    (14, "about one time in three"),
    (18, "about one time in four"),
    (22, "about one time in five"),
    (27, "about one time in eight"),
)
"""How often a shift of one standard deviation shows no run, by number of points since."""

FEWEST_AFTER = 7
"""Points needed since a change before anything is said of it."""

WORTH_WAITING_TO = 20
"""With this many points since, a modest change is missed one time in four; more add less."""


def upto(steps: Sequence[tuple[int, T]], n: int) -> T:
    """The figure of the last step that n has reached."""
    figure = steps[0][1]
    for reached, value in steps:
        if n >= reached:
            figure = value
    return figure


def points_worth_waiting(code: str, n_after: int) -> int | None:
    """How many more points would be worth waiting for; None where waiting is not the question.

    While it is too early the points still needed; where nothing was found, those until a modest
    change would be missed one time in four only.
    """
    if code == "too_early":
        return FEWEST_AFTER - n_after
    if code in {"no_signal", "unusual_point"} and n_after < WORTH_WAITING_TO:
        return WORTH_WAITING_TO - n_after
    return None
